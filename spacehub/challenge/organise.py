"""Open a round of the challenge, and host it: score submissions until the command is stopped."""

import json
import secrets
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import jinja2

from spacehub import catalogue, endpoint
from spacehub.challenge import hub
from spacehub.errors import SpaceHubError
from spacehub.publish import push_folder
from spacehub.serving.challenge import rules
from spacehub.serving.challenge.rules import Rules

TABLE = "launches.csv"
CARD = Path(__file__).with_name("template") / "card.md"
EVERY_SECONDS = 10


def open_round(days: int) -> Rules:
    """Draw a new split from the published landings, and publish it as a round that is open for some days.

    Raises
    ------
    SpaceHubError
        If a round is still open, the dataset is not published, or the Hub refuses.
    """
    from spacehub.challenge import split

    endpoint.require_reachable()
    endpoint.require_token(catalogue.namespace())
    moment, last = rules.now(), hub.current_rules()
    if last and moment < last.closes:
        raise SpaceHubError(f"Round {last.round} is open until {last.closes:%Y-%m-%d %H:%M} UTC.", "Wait until it closes.")  # fmt: skip
    source = catalogue.find(rules.DATASET).repo_id
    commit = endpoint.published_commit(source, repo_type="dataset")
    launches = commit and hub.file(source, TABLE, revision=commit, largest=16 * hub.LARGEST_TABLE)
    if not launches:
        raise SpaceHubError(
            f"The Hub has no dataset named {source}.", f"To publish it, run: spacehub publish {rules.DATASET}"
        )
    built = json.loads(hub.file(source, "build.json", revision=commit, largest=hub.LARGEST_TABLE) or b"{}")
    with tempfile.TemporaryDirectory() as scratch:
        public, private = Path(scratch, "public"), Path(scratch, "private")
        public.mkdir()
        private.mkdir()
        drawn = split.draw(launches, secrets.randbits(64))
        drawn.train.to_csv(public / rules.TRAIN, index=False)
        drawn.test.to_csv(public / rules.TEST, index=False)
        drawn.labels.to_csv(private / rules.LABELS, index=False)
        opened = Rules(
            round=last.round + 1 if last else 1,
            opens=moment,
            closes=moment + timedelta(days=days),
            daily=rules.DAILY,
            dataset=source,
            commit=commit,
            train=len(drawn.train),
            test=len(drawn.test),
        )
        (public / rules.RULES).write_text(opened.as_json(), encoding="utf-8")
        (public / "README.md").write_text(
            _card(opened, simulated=bool(built.get("simulated"))), encoding="utf-8"
        )
        # Publish the labels first: a round without labels could not be scored.
        _require_private(rules.labels_repo_id())
        message = f"Open round {opened.round}"
        push_folder(private, rules.labels_repo_id(), repo_type="dataset", message=message)
        push_folder(public, rules.repo_id(), repo_type="dataset", message=message)
    return opened


def host(say: Callable[[str], None]) -> None:
    """Wait for the dataset, open a round if the Hub has none, and score submissions until interrupted."""
    waited = False
    while True:
        try:
            if hub.current_rules() is None:
                source = catalogue.find(rules.DATASET).repo_id
                if endpoint.published_commit(source, repo_type="dataset") is None:
                    if not waited:
                        say(f"Waiting for {source}")
                    waited = True
                    time.sleep(EVERY_SECONDS)
                    continue
                say(f"Opened round {open_round(rules.DAYS).round}")
            from spacehub.challenge.score import score

            score(rules.now())
        except SpaceHubError as error:
            say(f"{error.problem} {error.fix}")
        time.sleep(EVERY_SECONDS)


def _require_private(repo_id: str) -> None:
    """Create the dataset for the labels, or make sure that an existing dataset is private."""
    import httpx2
    from huggingface_hub import HfApi
    from huggingface_hub.errors import HfHubHTTPError

    try:
        HfApi().create_repo(repo_id, repo_type="dataset", private=True, exist_ok=True)
        private = HfApi().dataset_info(repo_id).private
    except (HfHubHTTPError, httpx2.HTTPError) as error:
        raise endpoint.explain(error, repo_id) from error
    if not private:
        raise SpaceHubError(
            f"The dataset {repo_id} is public, so anyone could see the hidden labels.",
            "Make the dataset private on the Hub.",
        )


def _card(opened: Rules, *, simulated: bool) -> str:
    template = jinja2.Environment(undefined=jinja2.StrictUndefined, trim_blocks=True).from_string(
        CARD.read_text(encoding="utf-8")
    )
    return template.render(rules=opened, simulated=simulated) + "\n"
