"""The published classifier of titles from inside: its vocabulary, its words' rareness, and its weights."""

import functools

from space_app import pull
from space_app.served.titles import KEY
from space_app.watch import Status, Watch
from spacehub.errors import SpaceHubError
from spacehub.lab.attention_bert import FILES, Bert
from spacehub.lab.tokens import Vocabulary, Word, tokenise

TOKENIZER = "tokenizer.json"
# Characters of a text.
LONGEST = 5_000
# What a page says above what a model shows that learned from generated titles.
SIMULATED = "The model learned from generated titles."


def ready(watch: Watch) -> Status:
    """Return the published model's status.

    Raises
    ------
    SpaceHubError
        When it is not published yet, with how to publish it.
    """
    return watch.ready(KEY)


def rareness(status: Status) -> dict[str, float]:
    """Return the inverse document frequency of each word in the titles that the model learned from."""
    return {term: idf for term, (idf, _) in status.served.linear.terms.items() if " " not in term}


def vocabulary(status: Status) -> Vocabulary:
    """Return the pieces that the model reads.

    Raises
    ------
    SpaceHubError
        When it cuts texts in another way.
    """
    return _vocabulary(status.entry.repo_id, status.commit)


def bert(status: Status) -> Bert:
    """Return the model with its weights.

    Raises
    ------
    SpaceHubError
        When its weights are not those of a BERT.
    """
    return _bert(status.entry.repo_id, status.commit)


def cut_text(text: str, known: Vocabulary) -> list[Word]:
    """Cut a text into words and pieces.

    Raises
    ------
    SpaceHubError
        When it has no word.
    """
    found = tokenise(text, known)
    if not found:
        raise SpaceHubError("There is no word in the text.", "Write some letters, digits or signs.")
    return found


@functools.lru_cache(maxsize=2)
def _vocabulary(repo_id: str, commit: str) -> Vocabulary:
    folder = pull.pull(repo_id, [TOKENIZER], repo_type="model", commit=commit)
    return Vocabulary.read(folder / TOKENIZER)


# Its weights take 90 MB.
@functools.lru_cache(maxsize=1)
def _bert(repo_id: str, commit: str) -> Bert:
    return Bert.read(pull.pull(repo_id, list(FILES), repo_type="model", commit=commit))
