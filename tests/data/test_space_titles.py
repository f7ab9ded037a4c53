"""The titles: cleaned and not rewritten, no user named, nothing alike on two sides of a split."""

import doctest
import html
import json
import re
from itertools import combinations
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from spacehub import cards
from spacehub.data import folder, sources, space_titles
from spacehub.data.space_titles import clean, communities, groups, simulated, split
from spacehub.models.titles import gold
from spacehub.models.titles.titles import of_tables
from tests.card_layout import check_layout

KEY = "space-titles"
NOTED = {"user_names": 16, "same_title": 384, "same_link": 505, "names_community": 1023, "names_space": 100}


@pytest.fixture(scope="module")
def raw_files(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SPACEHUB_HOME", str(tmp_path_factory.mktemp("raw")))
        patch.setattr(sources, "_download", lambda files: False)
        found = sources.find(space_titles.FILES["default"])
    if found is None:
        pytest.skip("the real raw files are in no folder")
    return found


@pytest.fixture(scope="module")
def real(raw_files):
    tables, report = space_titles.build(raw_files, "default")
    # Read again, with pandas' own idea of types: what the builder read is not taken for granted.
    source = pd.concat(
        [pd.read_csv(path).assign(community=Path(name).stem) for name, path in raw_files.items()]
    )
    return SimpleNamespace(tables=tables, report=report, source=source)


@pytest.fixture(scope="module")
def invented():
    tables, report = space_titles.simulate(0)
    return SimpleNamespace(tables=tables, report=report, source=simulated.raw(0))


@pytest.fixture(params=["real", "invented"])
def either(request):
    return request.getfixturevalue(request.param)


def everything(built) -> pd.DataFrame:
    return pd.concat([table.assign(split=name) for name, table in built.tables.items()], ignore_index=True)


def test_examples_in_docstrings():
    for module in (clean, groups):
        tried = doctest.testmod(module)
        assert tried.attempted
        assert not tried.failed


@pytest.mark.parametrize(
    ("title", "normalised"),
    [
        ("  Two\n lines\tand  blanks ", "Two lines and blanks"),
        ("Tom &amp; Jerry &amp;#3232;", "Tom & Jerry ಠ"),
        ("Fission\x80\x99s \x93agenda\x94", "Fission’s “agenda”"),
        ("Cafe\u0301 \u200eleft\ufeff", "Café left"),
        ("👩\u200d🚀 in orbit", "👩\u200d🚀 in orbit"),
        ("thanks to /u/some_body-1's plan", "thanks to u/[user]'s plan"),
        ("a gift from user/115Para!", "a gift from u/[user]!"),
        ("See https://www.reddit.com/user/some_body/ or reddit.com/u/other.", "See u/[user]/ or u/[user]."),
        ("@NBA said it, via (@WSJ)", "@[user] said it, via (@[user])"),
        ("everyone with a @ucsc.edu address", "everyone with a @ucsc.edu address"),
        ('"vanilla milk"@the school', '"vanilla milk"@the school'),
        ("x-post from r/China by Whitegook", "x-post from r/China by [user]"),
        ("either/or, w/u and menu/dinner", "either/or, w/u and menu/dinner"),
    ],
)
def test_titles_are_normalised(title, normalised):
    assert clean.normalise(title) == normalised
    assert clean.normalise(normalised) == normalised


@pytest.mark.parametrize(
    ("one", "other", "together"),
    [
        ("First image from Curiosity rover.", "First colour image from Curiosity", True),
        ("The Moon tonight", "the moon, tonight! (x-post from r/pics)", True),
        ("Saturn", "Saturn (X-Post /r/Astronomy)", True),
        ("Neil Armstrong dies at 82", "Neil Armstrong on flying", False),
        ("M31", "M33", False),
        ("", "...", False),
    ],
)
def test_near_duplicates(one, other, together):
    assert bool(list(groups.alike([one, other]))) == together


def test_what_others_join_is_one_group():
    posts = pd.DataFrame(
        {
            "id": ["c", "b", "a", "d"],
            "title": [
                "First light of my scope",
                "Nothing like it at all",
                "First light of my scope!",
                "Alone",
            ],
            "created": pd.to_datetime([3, 2, 1, 0], unit="s"),
            "link": ["i.imgur.com/1.jpg", "i.imgur.com/1.jpg", "", ""],
        }
    )
    assert groups.group(posts).tolist() == ["a", "a", "a", "d"]


def test_minhash_misses_next_to_nothing():
    """Against every pair compared, on titles made to be alike."""
    rng = np.random.default_rng(0)
    words = [f"word{number}" for number in range(300)]
    titles = [" ".join(rng.choice(words, 8)) for _ in range(120)]
    titles += [" ".join([*title.split()[:-2], "or", "so"]) for title in titles]
    shingles = [groups._shingles(groups.key(title)) for title in titles]
    wanted = {
        (one, other)
        for one, other in combinations(range(len(titles)), 2)
        if len(shingles[one] & shingles[other]) >= groups.ALIKE * len(shingles[one] | shingles[other])
    }
    assert len(wanted) >= 100
    assert len(wanted - set(groups.alike(titles))) <= 0.02 * len(wanted)


def test_no_group_stands_in_two_splits_and_later_is_later(either):
    rows = everything(either)
    assert rows.groupby("group")["split"].nunique().max() == 1
    assert rows["id"].is_unique
    assert set(rows["group"]) <= set(rows["id"])
    others = rows[rows["split"] != "later"]
    assert others["created"].max() < pd.Timestamp(split.LATER)
    of_later = rows[rows["split"] == "later"].groupby("group")["created"].max()
    assert (of_later >= pd.Timestamp(split.LATER)).all()
    keys = others["title"].map(groups.key)
    assert others.groupby(keys)["split"].nunique().max() == 1


def test_every_title_that_may_stay_is_there_and_none_is_rewritten(either):
    rows = everything(either).set_index("id")
    source = either.source.set_index("id")
    kept = source[source["over_18"].astype(str) != "True"]
    assert set(rows.index) == set(kept.index)
    assert (rows["community"] == kept.loc[rows.index, "community"]).all()
    assert (rows["label"] == rows["community"].map(communities.label)).all()

    def letters(text: str) -> str:
        return re.sub(r"[^a-zA-Z0-9]", "", html.unescape(html.unescape(text)))

    named = rows["title"].str.contains("[user]", regex=False)
    plain = rows[~named]
    assert (plain["title"].map(letters) == kept.loc[plain.index, "title"].map(letters)).all()
    assert (
        named.sum() == next(trap for trap in either.report["traps"] if trap["name"] == "user_names")["count"]
    )
    assert not rows["title"].str.contains(r"(?i)(?<![\w/])/?u/\w", regex=True).any()
    assert (rows["title"] == rows["title"].str.strip()).all()
    assert rows["title"].str.len().min() > 0


def test_the_report_is_of_the_tables(either):
    report, rows = either.report, everything(either)
    assert json.loads(json.dumps(report, allow_nan=False)) == report
    assert report["splits"] == {name: len(table) for name, table in either.tables.items()}
    assert report["rows"] == len(rows) == sum(row["all"] for row in report["communities"])
    assert {row["name"]: row["all"] for row in report["labels"]} == rows["label"].value_counts().to_dict()
    assert report["groups"]["all"] == rows["group"].nunique()


@pytest.mark.real_data
def test_what_the_source_holds(real):
    assert len(real.source) == 31772
    assert real.report["rows"] == 31678
    traps = {trap["name"]: trap["count"] for trap in real.report["traps"]}
    assert traps["over_18"] == int(real.source["over_18"].sum()) == 94
    assert {name: traps[name] for name in NOTED} == NOTED
    assert sum(row["all"] for row in real.report["labels"] if row["name"] == "space") == 6764
    assert len(communities.SPACE) == 7
    # Test and validation hold what the rule says, within what a hash may do.
    pool = real.report["rows"] - real.report["splits"]["later"]
    assert real.report["splits"]["test"] == pytest.approx(split.TEST * pool, rel=0.06)
    assert real.report["splits"]["validation"] == pytest.approx(split.VALIDATION * pool, rel=0.06)


def test_the_sample_says_so_and_has_the_defects(invented):
    rows = everything(invented)
    assert rows["id"].str.fullmatch(r"simulated-\d{4}").all()
    traps = {trap["name"]: trap["count"] for trap in invented.report["traps"]}
    assert traps["over_18"] == simulated.OVER_18
    assert 0 < traps["user_names"] <= simulated.USERS
    assert traps["same_title"] >= simulated.REPOSTED
    assert traps["both_labels"] > 0
    again = space_titles.simulate(0)[0]
    for name, table in invented.tables.items():
        pd.testing.assert_frame_equal(table, again[name])


@pytest.fixture(scope="module", params=["real", "simulated"])
def built(request, tmp_path_factory):
    """The folder of each kind, with the card that publishing would put in; the real titles are grouped only once."""
    made = request.getfixturevalue("real") if request.param == "real" else None
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SPACEHUB_HOME", str(tmp_path_factory.mktemp("home")))
        if made:
            patch.setattr(space_titles, "build", lambda found, config: (made.tables, made.report))
        else:
            patch.setattr(sources, "find", lambda names: None)
        path = folder.build_folder(KEY)
    (path / "README.md").write_text(cards.render(KEY, path), encoding="utf-8")
    return path


def test_the_folder_loads_with_its_types_and_the_card_tells_it(built, tmp_path):
    from datasets import load_dataset

    record = json.loads((built / "build.json").read_text())
    loaded = load_dataset(str(built), record["config"], cache_dir=str(tmp_path))
    assert {name: len(rows) for name, rows in loaded.items()} == record["splits"]
    assert loaded["later"].features == space_titles.features()
    assert loaded["train"].features["label"].names == ["other", "space"]
    card = (built / "README.md").read_text()
    check_layout(card)
    assert ("Nobody ever posted these titles" in card) == record["simulated"]
    for trap in record["traps"]:
        assert f"| {trap['handling']} | {trap['count']:,} |" in card
    assert "{{" not in card
    assert {path.name for path in (built / "figures").iterdir()} == set(
        re.findall(r"figures/(\w+\.png)", card)
    )
    test = {row["id"]: row for row in loaded["test"]}
    shown = json.loads((built / "examples.json").read_text())["examples"]
    assert {row["label"] for row in shown} == {"other", "space"}
    assert all(test[row["id"]]["title"] == row["title"] for row in shown)


def test_the_gold_titles_are_drawn_by_their_rule(real):
    titles = of_tables(real.tables, id="spacehub/space-titles", commit="0" * 40, config="default")
    assert gold.draw(titles) == [row["id"] for row in gold.read()]
