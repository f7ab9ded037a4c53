"""The Lab's experiment Tokens and attention, before a classifier of titles is published and after."""

import math
import time

import numpy as np
import pytest
import torch
from sklearn.feature_extraction.text import TfidfVectorizer
from tokenizers import Tokenizer

from space_app.lab.tokens.words import MOST_WORDS
from spacehub.lab import attention_toy
from tests.processes import HubProcess, stop
from tests.space_app.conftest import AppProcess
from tests.tiny_bert import write_bert
from tests.title_model import LENGTH, NEUTRAL, SPECIAL, WEIGHTS, write_model

TITLE = "The Moon over my (best) match: Jupiter!"
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
    running.said = {name: _refused(running.lab("tokens"), name, text) for name, text in asked.items()}
    write_bert(write_model(folder / "model"), words=len([*SPECIAL, *WEIGHTS, *NEUTRAL]))
    hub.push(folder / "model", MODEL)
    page, deadline = running.lab("tokens"), time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            page.predict(text=TITLE, api_name="/lab_wordpiece")
            break
        except Exception:  # until the app has looked at the Hub again
            time.sleep(0.5)
    yield running
    stop(running.process)
    stop(hub.process)
    assert "Traceback" not in running.log.read_text()


def _refused(client, name: str, text: str) -> str:
    with pytest.raises(Exception, match=r"\.") as caught:
        client.predict(text=text, api_name=f"/{name}")
    return str(caught.value)


@pytest.fixture(scope="module")
def ask(fed):
    client = fed.lab("tokens")
    return lambda name, **given: client.predict(**given, api_name=f"/lab_{name}")


@pytest.mark.parametrize("name", ["lab_wordpiece", "lab_tfidf", "lab_bert_attention"])
def test_without_a_model_the_error_has_the_command_that_publishes_it(fed, name):
    assert "To publish it, run: .venv/bin/spacehub publish titles" in fed.said[name]


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
    answers = [ask("attention_scale", width=width, words=16, power=0.5) for width in (4, 256)]
    for answer in answers:
        assert np.sum(answer["weights"], axis=1) == pytest.approx(np.ones(16))
        assert answer["scores"] == pytest.approx(1, abs=0.1)
        assert 9 < answer["looked_at"] < 12
    assert answers[1]["looked_at_undivided"] < 1.5 < 3 < answers[0]["looked_at_undivided"]
    undivided = ask("attention_scale", width=256, words=16, power=0)
    assert undivided["gradient"] < 0.2 < 0.8 < answers[1]["gradient"]
    assert undivided["looked_at"] == undivided["looked_at_undivided"]


def test_shuffled_words_keep_their_outputs_without_positional_encoding(ask):
    text = "the rover saw the other rover"
    without, settings = (ask("attention_words", text=text, positions=by, seed=2) for by in (0, 1))
    assert max(without["moved"]) < 1e-9
    assert max(settings["moved"]) > 0.1
    assert sorted(settings["order"]) == list(range(6)) != settings["order"]
    assert set(settings["weights"]) == set(attention_toy.HEADS)
    before = np.array(settings["weights_after"]["the word before"])
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


@pytest.mark.parametrize(
    ("name", "given", "words"),
    [
        ("wordpiece", {"text": " "}, "There is no text"),
        ("wordpiece", {"text": ["moon"]}, "text .*Enter text"),
        ("wordpiece", {"text": "\x00\x07"}, "text has no words"),
        ("wordpiece", {"text": "a" * 5001}, "text .*at most 5,000"),
        ("wordpiece", {"text": "moon", "own_pieces": "\n "}, "vocabulary has 0 tokens"),
        ("wordpiece", {"text": "moon", "keep": 0}, "keep .*from 0.01 to 1"),
        ("wordpiece", {"text": "moon", "keep": "all"}, "keep .*from 0.01 to 1"),
        ("tfidf", {"text": "Jupiter!"}, "contains none of the title's words"),
        ("tfidf", {"text": "moon", "corpus": []}, "corpus .*1 to 1,000"),
        ("tfidf", {"text": "moon", "corpus": ["a b"]}, "corpus contains no words"),
        ("tfidf", {"text": "moon", "corpus": ["moon"] * 1001}, "corpus .*1 to 1,000"),
        ("tfidf", {"text": "moon", "corpus": ["m" * 5_000] * 41}, "200,000 characters in total"),
        ("attention_scale", {"width": 0}, "width .*from 1 to 1,024"),
        ("attention_scale", {"width": 10**6}, "width .*from 1 to 1,024"),
        ("attention_scale", {"words": 1}, "words .*from 2 to 32"),
        ("attention_scale", {"power": "root"}, "power .*from 0 to 1"),
        ("attention_scale", {"seed": -1}, "seed .*from 0"),
        ("attention_scale", {"seed": 2.5}, "seed .*from 0"),
        ("attention_words", {"text": "moon"}, "number of words in the text"),
        ("attention_words", {"text": "moon " * (MOST_WORDS + 1)}, "2 to 16 words"),
        ("attention_words", {"text": "moon sun", "temperature": 0}, "temperature .*from 0.001"),
        ("attention_words", {"text": "moon sun", "positions": 11}, "positions .*from 0 to 2"),
        ("bert_attention", {"text": "moon", "layer": 3}, "a layer from 1 to 2, and a head from 1 to 4"),
        ("bert_attention", {"text": "moon", "head": 0}, "head .*from 1 to 12"),
        ("bert_attention", {"text": "moon", "target": "the noun"}, "target .*the token before"),
        ("bert_attention", {"text": "\x01"}, "text has no words"),
    ],
    ids=lambda value: ascii(value)[:40],
)
def test_errors_name_the_cause(ask, name, given, words):
    with pytest.raises(Exception, match=words):
        ask(name, **given)


def test_the_page_shows_tokens_escaped(fed):
    html = fed.lab("tokens").predict(
        "<b>moon</b>", "the tokens below", 1, "moon < ##>", api_name="/lab_view_wordpiece"
    )[2]
    assert "<code>&lt;</code>" in html
    assert "<b>" not in html
