"""The Cards tab: read the card of any model or dataset on the Hub."""

import re
from typing import Annotated, TypedDict

import gradio as gr

from space_app import pull
from space_app.cards import history, history_view, view
from space_app.cards import text as card_text
from space_app.endpoints import endpoint
from space_app.mistakes import mistake
from space_app.parameters import Text
from space_app.tabs import Part, Question, Tab
from space_app.watch import Watch
from spacehub import catalogue
from spacehub.errors import SpaceHubError

MAX_CARD, MAX_PICTURE = 2**20, 3 * 2**20
EMPTY = "Choose a model or dataset to read its card here."
# Parts that do not fit on a narrow screen can also be scrolled with the keyboard.
SCROLL_BY_KEYS = """const reach = () => {
  for (const part of document.querySelectorAll('#card-text :is(pre, table)'))
    if (part.scrollWidth > part.clientWidth) part.tabIndex = 0; else part.removeAttribute('tabindex');
};
new MutationObserver(reach).observe(element.closest('#cards'), {subtree: true, childList: true});
addEventListener('resize', reach);"""
REPO_ID = re.compile(r"(?:(datasets?|models?)/)?([\w.-]{1,96}/[\w.-]{1,96})")


Repository = Annotated[
    str,
    Text(
        200,
        label="Repository",
        help="A catalogue key (such as landing or falcon9-landings), or the namespace/name of any public "
        "model. For a dataset, write datasets/ before the name.",
    ),
]


class Card(TypedDict):
    """A card, split into `front_matter` (YAML) and `text` (Markdown).

    The YAML is not parsed for the caller: Gradio would treat a mapping with a `path` in it as a file.
    """

    repo_id: str
    kind: str
    commit: str
    published: str | None
    front_matter: str
    text: str


def find(repo: str) -> tuple[str, str]:
    """Return the id and type of the repository that `repo` names.

    Parameters
    ----------
    repo : str
        A key of the catalogue, or ``namespace/name``, with ``datasets/`` before it for a dataset.

    Raises
    ------
    SpaceHubError
        If `repo` is neither.
    """
    if not isinstance(repo, str) or not repo.strip():
        raise SpaceHubError(
            "The name is missing.",
            f"Enter one of: {', '.join(entry.key for entry in _entries())}, or namespace/name.",
        )
    repo = repo.strip()
    for entry in _entries():
        if repo in (entry.key, entry.repo_id, f"{entry.repo_type}s/{entry.repo_id}"):
            return entry.repo_id, entry.repo_type
    match = REPO_ID.fullmatch(repo)
    if not match or ".." in repo or "--" in repo:
        raise SpaceHubError(
            f"{repo[:100]!r} is not a valid repository name.",
            "Use namespace/name for a model or datasets/namespace/name for a dataset.",
        )
    return match[2], "dataset" if (match[1] or "").startswith("dataset") else "model"


def read(repo: str) -> tuple[Card, str]:
    """Pull a repository's newest card; return it, and its Markdown with the images embedded.

    A repository outside the catalogue is read without a token, so a visitor sees only what is public.

    Raises
    ------
    SpaceHubError
        If the repository does not exist or has no card, or the Hub cannot be reached.
    """
    repo_id, kind = find(repo)
    ours = repo_id in {entry.repo_id for entry in _entries()}
    where = {"repo_type": kind, "token": None if ours else False}
    newest = pull.newest(repo_id, **where)
    if newest is None:
        raise SpaceHubError(
            f"This Hub has no {kind} named {repo_id}.",
            "Check the name, or publish the repository first. The name of a dataset starts with datasets/.",
        )

    def fetch(name: str, limit: int = MAX_PICTURE) -> bytes | None:
        return pull.pull_file(repo_id, name, commit=newest.sha, limit=limit, **where)

    raw = fetch("README.md", MAX_CARD)
    if raw is None:
        raise SpaceHubError(f"{repo_id} has no card.", "Add a README.md of at most 1 MB to the repository.")
    front, text = card_text.split(raw.decode("utf-8", errors="replace"))
    page = f"{pull.address(repo_id, repo_type=kind)}/blob/{newest.sha}"
    card = Card(
        repo_id=repo_id,
        kind=kind,
        commit=newest.sha,
        published=newest.made.isoformat() if newest.made else None,
        front_matter=front,
        text=text,
    )
    return card, card_text.self_contained(text, page=page, read=fetch)


def _entries() -> list[catalogue.Entry]:
    return [*catalogue.MODELS.values(), *catalogue.DATASETS.values()]


def read_card(repo: Repository) -> Card:
    """Read the card of a model or dataset on this app's Hub, at its newest commit.

    The front matter (YAML) and the text (Markdown) are returned separately.
    """
    return read(repo)[0]


def model_versions(repo: Repository) -> list[history.Version]:
    """List the versions of a catalogue model, newest first: its headline metric at each commit that changed it.

    Only the newest commits are read.
    """
    return history.versions(find(repo)[0])


def build(watch: Watch, _: gr.Tab) -> Part:
    """Lay out the tab; return the box that names the repository. A change of that box shows the card."""
    choices = [(f"{entry.title} ({entry.repo_type})", entry.key) for entry in _entries()]
    box = gr.Dropdown(
        choices,
        value=None,
        label="Model or dataset",
        info="Choose a model or dataset, or type the name of any repository on this Hub. Use "
        "namespace/name for a model or datasets/namespace/name for a dataset.",
        allow_custom_value=True,
        elem_id="card-choice",
    )
    # On a phone the card comes first, and its metadata below it.
    with gr.Row(elem_id="cards"):
        with gr.Column(scale=7, min_width=300):
            text = gr.Markdown(EMPTY, elem_id="card-text", header_links=False)
        with gr.Column(scale=3, min_width=300):
            versions = gr.HTML(elem_id="card-versions", js_on_load=SCROLL_BY_KEYS)
            front = gr.HTML()

    def show(repo: str | None):
        if not repo:
            return "", EMPTY, ""
        try:
            card, shown = read(repo)
        except SpaceHubError as error:
            return mistake(error), EMPTY, ""
        return view.facts(card), shown, ""

    def compare(repo: str | None) -> str:
        try:
            repo_id = find(repo)[0]
            return history_view.draw(repo_id, history.versions(repo_id))
        except SpaceHubError:
            return ""

    endpoint(read_card, watch)
    endpoint(model_versions, watch)
    read_first = box.change(show, box, [front, text, versions], api_visibility="private")
    read_first.then(compare, box, versions, show_progress="hidden", api_visibility="private")
    return Part(card_choice=box)


TAB = Tab(
    key="cards",
    title="Cards",
    build=build,
    question=Question(
        function=read_card,
        arguments={"repo": "falcon9-landings"},
        compare=("commit", "text"),
        needs="falcon9-landings",
    ),
)
