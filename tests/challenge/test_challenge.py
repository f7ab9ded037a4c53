"""The challenge on an embedded Hub: labels stay hidden, only fair submissions count, and the board ranks as its rules say."""

import json
import re
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import numpy as np
import pandas as pd
import pytest
from huggingface_hub import CommitOperationAdd, HfApi, hf_hub_download
from huggingface_hub.errors import HfHubHTTPError
from starlette.applications import Starlette
from starlette.testclient import TestClient

from space_app.course import routes
from spacehub import cli
from spacehub.challenge import hub, score, split, submission
from spacehub.errors import SpaceHubError
from spacehub.localhub import LocalHub
from spacehub.publish import push_folder
from spacehub.serving.challenge import leaderboard, rules
from tests.landings import launches

TOKENS = {name: f"hf_{name}_writes" for name in ("spacehub", "ann", "bob", "eve")}
ACCOUNTS = [
    {"name": name, "tokens": [{"token": token, "name": "laptop", "role": "write"}]}
    for name, token in TOKENS.items()
]
REPO, LABELS = "spacehub/falcon9-challenge", "spacehub/falcon9-challenge-labels"


def table():
    draw = np.random.default_rng(1)
    return launches(200).assign(
        payload_count=1,
        block=5,
        rideshare=False,
        dragon=None,
        name=[f"Flight {n}" for n in range(200)],
        landed=draw.random(200) < 0.7,
    )


@pytest.fixture(scope="module")
def challenge(tmp_path_factory):
    """A Hub with an open round, and a folder in which ann started."""
    data = tmp_path_factory.mktemp("landings")
    table().to_csv(data / "launches.csv", index=False)
    with LocalHub(accounts=ACCOUNTS):
        push_folder(data, "spacehub/falcon9-landings", repo_type="dataset", message="Launches")
        cli.main(["challenge", "open"])
        folder = tmp_path_factory.mktemp("ann") / "try"
        cli.main(["challenge", "start", str(folder)])
        yield folder


@pytest.fixture
def as_account(monkeypatch):
    return lambda name: monkeypatch.setenv("HF_TOKEN", TOKENS[name])


def answer(folder, change=lambda chance: chance):
    """Return a file of probabilities near the truth, which only the organiser knows."""
    labels = pd.read_csv(hf_hub_download(LABELS, rules.LABELS, repo_type="dataset", token=TOKENS["spacehub"]))
    path = folder.parent / "answer.csv"
    found = pd.DataFrame({"id": labels["id"], "probability": change(0.2 + 0.6 * labels[split.TARGET])})
    found.to_csv(path, index=False)
    return path


def proposed(account, content):
    """Open a pull request as any client may, without our checks."""
    commit = HfApi(token=TOKENS[account]).create_commit(
        REPO,
        [CommitOperationAdd("submission.csv", content)],
        commit_message="x",
        repo_type="dataset",
        create_pr=True,
    )
    return commit.pr_num


def said(number):
    details = HfApi().get_discussion_details(REPO, number, repo_type="dataset")
    assert details.status == "closed"
    return next(event.content for event in details.events if event.type == "comment")


def test_a_round_from_start_to_board(challenge, as_account, capsys):
    train, test = (pd.read_csv(challenge / name) for name in ("train.csv", "test.csv"))
    labels = pd.read_csv(hf_hub_download(LABELS, rules.LABELS, repo_type="dataset"))
    assert set(test) == {"id", *split.FEATURES}
    assert set(train) == {*test, split.TARGET}
    assert len(train) + len(test) == 200
    assert sorted(labels["id"]) == sorted(test["id"])
    shares = labels.groupby("part")[split.TARGET].mean()
    assert np.allclose(shares, train[split.TARGET].mean(), atol=0.02)
    as_account("ann")
    assert not HfApi().repo_exists(LABELS, repo_type="dataset")
    ran = subprocess.run([sys.executable, challenge / "solve.py"], capture_output=True, text=True, check=True)
    assert "Brier score in cross-validation" in ran.stdout
    cli.main(["challenge", "submit", str(challenge / "submission.csv")])
    assert "2 more times today" in capsys.readouterr().out
    cli.main(["challenge", "board"])
    assert "No submission has been scored yet." in capsys.readouterr().out
    with pytest.raises(SystemExit, match="labels"):
        cli.main(["challenge", "score"])
    as_account("bob")
    cli.main(["challenge", "submit", str(answer(challenge))])
    as_account("spacehub")
    cli.main(["challenge", "score"])
    shown = capsys.readouterr().out
    assert [line.split()[:2] for line in shown.splitlines() if line.startswith("1 ")] == [["1", "bob"]]
    public = labels[labels["part"] == "public"]
    share = train[split.TARGET].mean()
    board = hub.board()
    assert board.rows[0].public.value == pytest.approx(0.04)
    assert board.rows[0].public.beats
    assert board.baseline.public.value == pytest.approx(((public[split.TARGET] - share) ** 2).mean())
    assert board.baseline.public.n == len(public)
    assert not board.final
    assert "private" not in json.dumps([row.private for row in board.rows])
    assert "Public score (Brier" in said(2)
    before = HfApi().dataset_info(REPO).sha
    cli.main(["challenge", "score"])
    assert HfApi().dataset_info(REPO).sha == before


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (lambda text: "", "first line"),
        (lambda text: text.replace("id,", "row,"), "first line"),
        (lambda text: text.rsplit("\n", 2)[0], "for example the row for R"),
        (lambda text: text + text.splitlines()[1], "repeats the id"),
        (lambda text: text + "R9999,0.5", "not in test.csv"),
        (lambda text: text.replace(",0.", ",nan0.", 1), "not a number"),
        (lambda text: text.replace(",0.", ",1.", 1), "not a number"),
        (lambda text: text.replace(",0.", ",0_0.", 1), "not a number"),
        (lambda text: text.replace(",0.", ",0,", 1), "3 fields"),
        (lambda text: text + '"', "not a CSV"),
        (lambda text: text + "\x00" * 70_000, "the limit is 65,536"),
    ],
)
def test_a_file_that_is_not_a_submission_is_a_sentence(challenge, change, problem):
    content = answer(challenge).read_text()
    ids = [line.split(",")[0] for line in content.splitlines()[1:]]
    assert len(submission.read(content.encode(), ids)) == len(ids)
    with pytest.raises(SpaceHubError, match=problem):
        submission.read(change(content).encode(), ids)


def test_unfair_pull_requests_do_not_count_and_are_answered(challenge, as_account, capsys):
    good = answer(challenge).read_bytes()
    broken = proposed("eve", b"id,probability\n")
    huge = proposed("eve", b"x" * 100_000)
    elsewhere = HfApi(token=TOKENS["eve"]).create_commit(
        REPO,
        [CommitOperationAdd("leaderboard.json", b"{}")],
        commit_message="x",
        repo_type="dataset",
        create_pr=True,
    )
    tries = [proposed("eve", good) for _ in range(4)]
    as_account("eve")
    with pytest.raises(SystemExit, match="daily limit of 3 submissions"):
        cli.main(["challenge", "submit", str(challenge / ".." / "answer.csv")])
    with pytest.raises(HfHubHTTPError):
        HfApi().upload_file(
            path_or_fileobj=b"{}", path_in_repo="leaderboard.json", repo_id=REPO, repo_type="dataset"
        )
    as_account("spacehub")
    cli.main(["challenge", "score"])
    assert "for example the row for R" in said(broken)
    assert "the limit is 65,536" in said(huge)
    assert "does not contain the file submission.csv" in said(elsewhere.pr_num)
    assert [("limit is 3" in said(number)) for number in tries] == [False, False, False, True]
    assert next(row for row in hub.board().rows if row.account == "eve").count == 3


def judge():
    labels = pd.DataFrame(
        {"id": list("abcd"), split.TARGET: [1, 0, 1, 0], "part": ["public", "public", "private", "private"]}
    )
    return score.Judge(labels, 0.5)


def tried(number, account, chances, at):
    both = judge().both(dict(zip("abcd", chances, strict=True)))
    return score.Scored(number=number, account=account, at=at, **both)


def test_the_private_part_ranks_only_after_the_end_and_by_the_best_public_try():
    opens = datetime(2026, 1, 1, tzinfo=UTC)
    known = rules.Rules(round=1, opens=opens, closes=opens + timedelta(days=7), daily=3, dataset="a/b", commit="0" * 40, train=9, test=4)  # fmt: skip
    scored = [
        tried(1, "ann", (0.9, 0.1, 0.3, 0.7), opens),
        tried(2, "ann", (0.6, 0.4, 0.9, 0.1), opens),
        tried(3, "bob", (0.8, 0.2, 0.8, 0.2), opens),
        score.Scored(number=4, account="eve", at=opens, problem="too late"),
    ]
    during = score.standings(scored, judge(), known, known.closes - timedelta(seconds=1))
    after = score.standings(scored, judge(), known, known.closes)
    assert [(row.account, row.count, row.private) for row in during.rows] == [
        ("ann", 2, None),
        ("bob", 1, None),
    ]
    assert [row.account for row in after.rows] == ["bob", "ann"]
    # The baseline, 0.25 everywhere, lies between them on the private part.
    assert [(rank, row.account) for rank, row in after.ranked()] == [
        (1, "bob"),
        (None, "baseline"),
        (2, "ann"),
    ]
    assert leaderboard.read(after.as_json()) == after
    assert rules.read(known.as_json()) == known
    assert not known.is_open(known.closes)


@pytest.mark.parametrize(
    "change",
    [
        lambda b: b.update(round="1"),
        lambda b: b["rows"][0].update(account="x" * 200),
        lambda b: b["rows"][0].update(account="a\nb"),
        lambda b: b["rows"][0]["public"].update(value=float("nan")),
        lambda b: b["rows"][0]["public"].update(value=True),
        lambda b: b["rows"][0].update(at="2026-01-01T00:00:00"),
        lambda b: b.update(rows=b["rows"] * 600),
        lambda b: b.update(rows={}),
        lambda b: b.pop("baseline"),
    ],
)
def test_a_board_that_was_tampered_with_is_a_sentence(change):
    opens = datetime(2026, 1, 1, tzinfo=UTC)
    known = rules.Rules(round=1, opens=opens, closes=opens + timedelta(days=7), daily=3, dataset="a/b", commit="0" * 40, train=9, test=4)  # fmt: skip
    board = json.loads(
        score.standings([tried(1, "ann", (1, 0, 1, 0), opens)], judge(), known, opens).as_json()
    )
    change(board)
    with pytest.raises(SpaceHubError, match="Cannot read the leaderboard"):
        leaderboard.read(json.dumps(board))


def shown(path="/course/challenge"):
    return TestClient(Starlette(routes=routes.routes())).get(path).text


def test_the_page_shows_the_board_or_says_why_there_is_none(challenge, as_account, monkeypatch):
    as_account("spacehub")
    cli.main(["challenge", "score"])
    page = shown()
    assert "Round 1 is open" in page
    assert [row.account for row in hub.board().rows] == re.findall(r"<td>\d+</td><td>(\w+)</td>", page)
    assert page.count("baseline</td>") == 1
    monkeypatch.setenv("SPACEHUB_NAMESPACE", "nobody")
    assert "No challenge is open on this Hub." in shown()
    monkeypatch.setattr("space_app.pull.newest", refused)
    assert "Cannot read the leaderboard: The Hub is away." in shown()
    # The page of the static Space, which asks nobody.
    assert "Take part" in routes.extra_page("challenge")


def refused(*_, **__):
    raise SpaceHubError("The Hub is away.", "Wait.")


def test_a_second_round_while_one_is_open_and_a_hub_without_one_are_sentences(
    challenge, monkeypatch, tmp_path
):
    with pytest.raises(SystemExit, match="Round 1 is open until"):
        cli.main(["challenge", "open"])
    HfApi().update_repo_settings(LABELS, private=False, repo_type="dataset")
    monkeypatch.setattr(rules, "now", lambda: datetime.now(UTC) + timedelta(days=30))
    with pytest.raises(SystemExit, match="anyone could see the hidden labels"):
        cli.main(["challenge", "open"])
    with pytest.raises(SystemExit, match="closed"):
        cli.main(["challenge", "submit", str(answer(challenge))])
    monkeypatch.setenv("SPACEHUB_NAMESPACE", "nobody")
    with pytest.raises(SystemExit, match="challenge nobody/falcon9-challenge does not exist"):
        cli.main(["challenge", "start", str(tmp_path / "x")])
