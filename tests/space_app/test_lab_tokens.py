"""The Lab's Tokens and attention through the API and on the page, before a classifier of titles is published and after."""

import math
import time

import numpy as np
import pytest
import torch
from sklearn.feature_extraction.text import TfidfVectorizer
from tests.space_app.test_lab_page import drawn, open_tab
from tokenizers import Tokenizer

from space_app.lab.attention_api import MOST_TOY_WORDS
from spacehub.lab import attention_toy
from tests.processes import HubProcess, stop
from tests.space_app.conftest import AppProcess
from tests.space_app.screens import PHONE_FIRST
from tests.tiny_bert import write_bert
from tests.title_model import LENGTH, NEUTRAL, SPECIAL, WEIGHTS, write_model

TITLE = "The Moon over my (best) match: Jupiter!"
BENCHES = {"wordpiece": 2, "tfidf": 2, "attention-scale": 2, "attention-words": 3, "attention-bert": 2}
MODEL = "spacehub/space-titles-bert"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("tokens")


@pytest.fixture(scope="module")
def fed(folder):
    """An app over a Hub that first holds nothing, then a model; and what it said of the missing one."""
    hub = HubProcess(folder / "hub")
    running = AppProcess(folder / "app", hub)
    asked = {"lab_wordpiece": TITLE, "lab_tfidf": TITLE, "lab_bert_attention": TITLE}
    running.said = {name: _refused(running.client(), name, text) for name, text in asked.items()}
    write_bert(write_model(folder / "model"), words=len([*SPECIAL, *WEIGHTS, *NEUTRAL]))
    hub.push(folder / "model", MODEL)
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            running.client().predict(text=TITLE, api_name="/lab_wordpiece")
            break
        except Exception:  # until the app has looked at the Hub again
            time.sleep(0.5)
    yield running
    stop(running.process)
    stop(hub.process)
    assert "Traceback" not in running.log.read_text()


def _refused(client, name: str, text: str) -> str:
    with pytest.raises(Exception, match=r"\.") as told:
        client.predict(text=text, api_name=f"/{name}")
    return str(told.value)


@pytest.fixture(scope="module")
def ask(fed):
    client = fed.client()
    return lambda name, **given: client.predict(**given, api_name=f"/lab_{name}")


@pytest.mark.parametrize("name", ["lab_wordpiece", "lab_tfidf", "lab_bert_attention"])
def test_a_model_that_is_missing_is_a_sentence_that_tells_how_to_publish_it(fed, name):
    assert "this makes it: .venv/bin/spacehub publish titles" in fed.said[name]


@pytest.mark.parametrize("text", [TITLE, "🚀 moon月 [SEP] é\x00", "rocket " * 40])
def test_a_text_is_cut_as_the_published_tokenizer_does(ask, folder, text):
    answer = ask("wordpiece", text=text)
    theirs = Tokenizer.from_file(str(folder / "model" / "tokenizer.json"))
    expected = theirs.encode(text, add_special_tokens=False)
    assert [piece for word in answer["words"] for piece in word["pieces"]] == expected.tokens
    assert [number for word in answer["words"] for number in word["numbers"]] == expected.ids
    assert answer["pieces"] == len(expected.tokens)
    assert answer["unknown"] == expected.tokens.count("[UNK]")
    assert answer["source"]["dataset"] == MODEL


def test_pieces_of_one_s_own_need_no_model(ask):
    answer = ask(
        "wordpiece", text="Moonlandings abcd 月", own_pieces="Moon ##land ##ing ##s a ab ##c ##cd ##bcd"
    )
    assert [word["pieces"] for word in answer["words"]] == [
        ["moon", "##land", "##ing", "##s"],
        ["ab", "##cd"],
        ["[UNK]"],
    ]
    assert [word["fewest"] for word in answer["words"]] == [4, 2, None]
    assert answer["words"][2]["numbers"] == [-1]
    assert (answer["unknown"], answer["vocabulary"], answer["source"]) == (1, 9, None)
    half = ask("wordpiece", text="Moonlandings", own_pieces="moon ##land ##ing ##s", keep=0.5)
    assert (half["vocabulary"], half["unknown"]) == (2, 1)


def test_words_are_weighed_against_a_corpus_of_one_s_own(ask):
    corpus = ["The moon tonight", "A recipe for the moon", "The match"]
    theirs = TfidfVectorizer(sublinear_tf=True).fit(corpus)
    answer = ask("tfidf", text="Moon moon over the match", corpus=corpus, sublinear=True)
    row = theirs.transform(["Moon moon over the match"])
    expected = {theirs.get_feature_names_out()[column]: row[0, column] for column in row.indices}
    assert {one["word"]: one["weight"] for one in answer["words"]} == pytest.approx(expected)
    assert sum(one["share"] for one in answer["words"]) == pytest.approx(1)
    assert (answer["unheard"], answer["source"]) == (["over"], None)


def test_words_are_weighed_against_the_published_titles(ask):
    answer = ask("tfidf", text="The moon, the Moon and Jupiter")
    weights = {one["word"]: one["weight"] for one in answer["words"]}
    assert weights == pytest.approx({"the": math.sqrt(0.5), "moon": math.sqrt(0.5)})
    assert answer["unheard"] == ["and", "jupiter"]
    assert answer["known_words"] == len({"moon", "rocket", "match", *NEUTRAL})
    assert len(answer["source"]["commit"]) == 40


def test_the_root_of_the_width_keeps_attention_spread(ask):
    answers = [ask("attention_scale", width=width, words=16) for width in (4, 256)]
    for answer in answers:
        assert np.sum(answer["weights"], axis=1) == pytest.approx(np.ones(16))
        assert answer["scores"] == pytest.approx(1, abs=0.1)
        assert 9 < answer["looked_at"] < 12
    assert answers[1]["looked_at_undivided"] < 1.5 < 3 < answers[0]["looked_at_undivided"]
    undivided = ask("attention_scale", width=256, words=16, power=0)
    assert undivided["gradient"] < 0.2 < 0.8 < answers[1]["gradient"]
    assert undivided["looked_at"] == undivided["looked_at_undivided"]


def test_shuffled_words_keep_their_outputs_unless_places_are_told(ask):
    text = "the rover saw the other rover"
    without, told = (ask("attention_words", text=text, positions=by, seed=2) for by in (0, 1))
    assert max(without["moved"]) < 1e-9
    assert max(told["moved"]) > 0.1
    assert sorted(told["order"]) == list(range(6)) != told["order"]
    assert set(told["weights"]) == set(attention_toy.HEADS)
    before = np.array(told["weights_after"]["the word before"])
    assert np.diagonal(before, -1).min() > 0.8
    assert ask("attention_words", text=text, positions=0, causal=True, seed=2)["moved"] != without["moved"]


@pytest.fixture(scope="module")
def theirs(folder):
    """What PyTorch makes of a text with the same weights."""
    model = write_bert(folder, words=len([*SPECIAL, *WEIGHTS, *NEUTRAL]))
    tokenizer = Tokenizer.from_file(str(folder / "model" / "tokenizer.json"))
    tokenizer.enable_truncation(LENGTH)

    def run(text: str):
        with torch.no_grad():
            found = model(torch.tensor([tokenizer.encode(text).ids]), output_attentions=True)
        return torch.cat(found.attentions).numpy(), found.logits.softmax(-1)[0, 1].item()

    return run


@pytest.mark.parametrize("text", [TITLE, "moon rocket " * 30])
@pytest.mark.parametrize(("layer", "head"), [(1, 1), (2, 4)])
def test_a_head_of_the_published_model_looks_as_in_pytorch(ask, theirs, text, layer, head):
    answer = ask("bert_attention", text=text, layer=layer, head=head, target="[SEP]")
    weights, chance = theirs(text)
    assert len(answer["pieces"]) <= LENGTH
    assert (answer["pieces"][0], answer["pieces"][-1]) == ("[CLS]", "[SEP]")
    np.testing.assert_allclose(answer["weights"], weights[layer - 1, head - 1], atol=1e-9)
    np.testing.assert_allclose(answer["shares_of_all"], weights[..., -1].mean(axis=-1), atol=1e-9)
    assert answer["shares"]["[SEP]"] == pytest.approx(answer["shares_of_all"][layer - 1][head - 1])
    assert answer["chance"] == pytest.approx(chance)


BAD = [
    ("wordpiece", {"text": " "}, "There is no text"),
    ("wordpiece", {"text": ["moon"]}, "is not text"),
    ("wordpiece", {"text": "\x00\x07"}, "no word in the text"),
    ("wordpiece", {"text": "a" * 5001}, "Shorten it to 5,000"),
    ("wordpiece", {"text": "moon", "own_pieces": "\n "}, "These are no pieces"),
    ("wordpiece", {"text": "moon", "keep": 0}, "more than 0, at most 1"),
    ("wordpiece", {"text": "moon", "keep": "all"}, "more than 0, at most 1"),
    ("tfidf", {"text": "Jupiter!"}, "knows no word of the title"),
    ("tfidf", {"text": "moon", "corpus": []}, "Give 1 to 1,000"),
    ("tfidf", {"text": "moon", "corpus": ["a b"]}, "no word in the corpus"),
    ("tfidf", {"text": "moon", "corpus": [1, 2]}, "no list of texts"),
    ("tfidf", {"text": "moon", "corpus": ["moon"] * 1001}, "Give 1 to 1,000"),
    ("attention_scale", {"width": 0}, "from 1 to 1,024"),
    ("attention_scale", {"width": 10**6}, "from 1 to 1,024"),
    ("attention_scale", {"words": 1}, "2 to 32 words"),
    ("attention_scale", {"power": "root"}, "from 0 to 1"),
    ("attention_scale", {"seed": -1}, "The seed is -1"),
    ("attention_words", {"text": "moon"}, "has 1 word"),
    ("attention_words", {"text": "moon " * (MOST_TOY_WORDS + 1)}, "2 to 16 words"),
    ("attention_words", {"text": "moon sun", "temperature": 0}, "from 0.001"),
    ("attention_words", {"text": "moon sun", "positions": 11}, "from 0 to 10"),
    ("bert_attention", {"text": "moon", "layer": 3}, "a layer from 1 to 2, and a head from 1 to 4"),
    ("bert_attention", {"text": "moon", "head": 0}, "a head from 1 to 4"),
    ("bert_attention", {"text": "moon", "target": "the noun"}, "no such target"),
    ("bert_attention", {"text": "\x01"}, "no word in the text"),
]


@pytest.mark.parametrize(("name", "given", "words"), BAD, ids=lambda value: ascii(value)[:40])
def test_a_bad_value_is_a_sentence(ask, name, given, words):
    with pytest.raises(Exception, match=words):
        ask(name, **given)


@pytest.mark.browser
@PHONE_FIRST
def test_the_sub_tab_fits_the_screen_and_its_mistakes_are_told(fed, open_page, screenshots, width, dark):
    page = open_page(fed, width=width, dark=dark)
    open_tab(page, "tabs", "Lab")
    open_tab(page, "lab", "Tokens and attention")
    benches = {key: page.locator(f"#bench-{key}") for key in BENCHES}
    # The tiny model has fewer heads than the page offers first; a title of its own words.
    last = benches["attention-bert"]
    last.get_by_label("A title").fill("The moon over my <b>rocket</b>")
    last.get_by_label("A title").press("Enter")
    assert {key: len(drawn(bench)) for key, bench in benches.items()} == BENCHES
    for bench in benches.values():
        assert any(sign.isdigit() for sign in bench.locator(".lab-answer").inner_text())
        assert "    def " in "    " + bench.locator(".lab-source pre").text_content()
    assert "<b>" not in last.locator(".lab-plot").first.inner_html()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    shade = "dark" if dark else "light"
    page.screenshot(path=screenshots / f"lab-tokens-{width}-{shade}.png", full_page=True)

    layer, told = last.get_by_label("number input for Layer"), last.locator(".notice")
    layer.fill("5")
    told.filter(has_text="Choose a layer from 1 to 2").wait_for()
    layer.fill("2")
    last.locator(".lab-answer", has_text="Head 3 of layer 2 puts").wait_for()
    own = benches["wordpiece"]
    own.get_by_label("the pieces below").check()
    own.locator(".lab-answer", has_text="takes 2 pieces").wait_for()
    assert drawn(own)
