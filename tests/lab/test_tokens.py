"""WordPiece against the library tokenizers over BERT's own vocabulary, and the least pieces against every way to cut."""

import itertools
import json
import random
import unicodedata

import pytest
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

from spacehub.errors import SpaceHubError
from spacehub.lab.tokens import SPECIAL, Vocabulary, cut, fewest, known, normalise, split, tokenise
from spacehub.models.titles.base import packaged

TEXTS = [
    "",
    " \t\n ",
    "The rover Perseverance landed in Jezero crater.",
    "unaffable exoplanetology pneumonoultramicroscopicsilicovolcanoconiosis",
    "SpaceX's Falcon-9 (B1058.19) flew @ 03:42 UTC: $67M!? ~5_000 kg ^ `x` {y} <b>z</b> a|b\\c #1 +2 =3 &amp;",
    "Crème brûlée à la Señor Ångström, İstanbul, ΑΣ ΟΔΥΣΣΕΥΣ, Straße, ﬁne, e\u0301 n\u0303o Ǆ",
    "🚀 to the 🌕! 👩‍🚀👨🏽‍🚀 🇪🇺 ❤️ ☄️rocket🚀ship",
    "火星に着陸した。宇宙 2021年 嫦娥五号moon月 ｆｕｌｌ　ｗｉｄｔｈ 𠀀 𫠠",
    "Луна-25 разбилась; ракета Протон",
    "اقمر الصناعي \u200fمدار\u200e، القمر؟",
    "चंद्रयान-3 चाँद पर उतरा",
    "아르테미스 달 탐사",
    "nul\x00 bell\x07 esc\x1b[31m tab\t vt\x0b ff\x0c fs\x1c nel\x85 soft\xadhyphen zero\u200bwidth bom\ufeff bad\ufffd",
    "nbsp\xa0thin\u2009line\u2028para\u2029ideographic\u3000end",
    "[CLS] a [SEP]b[MASK] [UNK] [cls] [ SEP ] [PAD][PAD]",
    "a" * 100 + " " + "a" * 101 + " " + "é" * 101,
    "‘quoted’ “words” — dash… «guillemets» ¿qué? ¡sí! † ‡ § ¶ • № ₿ € ½ ² Ⅷ",
    "##er land ##ed # # hash#tag",
    "z̷̢̛͓a̸l̶g̵o̴ text",
]


@pytest.fixture(scope="module")
def path():
    return packaged() / "tokenizer.json"


@pytest.fixture(scope="module")
def vocabulary(path):
    return Vocabulary.read(path)


@pytest.fixture(scope="module")
def theirs(path):
    made = Tokenizer.from_file(str(path))
    made.no_truncation()
    made.no_padding()
    return made


def ours(text: str, vocabulary: Vocabulary) -> list[str]:
    return [piece for word in tokenise(text, vocabulary) for piece in word.pieces]


@pytest.mark.parametrize("text", TEXTS, ids=lambda text: ascii(text[:16]))
def test_a_text_is_cut_as_the_library_does(vocabulary, theirs, text):
    found = ours(text, vocabulary)
    expected = theirs.encode(text, add_special_tokens=False)
    assert found == expected.tokens
    assert [vocabulary.pieces[piece] for piece in found] == expected.ids


def test_texts_by_chance_are_cut_as_the_library_does(vocabulary, theirs):
    rng, alphabet = random.Random(0), sorted(set("".join(TEXTS))) + [" "] * 40
    words = [piece.removeprefix("##") for piece in list(vocabulary.pieces)[1000:]]
    for _ in range(1500):
        text = "".join(rng.choices(alphabet, k=rng.randint(1, 60)))
        text += "".join(rng.choices(words, k=3)) + " " + " ".join(rng.choices(words, k=3))
        assert ours(text, vocabulary) == theirs.encode(text, add_special_tokens=False).tokens, ascii(text)


def test_every_sign_that_is_as_old_as_the_library_s_tables_is_taken_as_there():
    theirs, parts = normalizers.BertNormalizer(lowercase=True), pre_tokenizers.BertPreTokenizer()
    old = unicodedata.ucd_3_2_0
    signs = [
        sign
        for sign in map(chr, range(0x20000))
        if old.category(sign) not in ("Cn", "Cs") and old.category(sign) == unicodedata.category(sign)
    ]
    assert len(signs) > 50_000
    for sign in signs:
        text = theirs.normalize_str(f"A{sign}b")
        assert normalise(f"A{sign}b") == text, ascii(sign)
        assert split(text) == [word for word, _ in parts.pre_tokenize_str(text)], ascii(sign)


def test_a_smaller_vocabulary_cuts_as_the_library_does_over_it(vocabulary):
    small = vocabulary.first(4000)
    assert set(SPECIAL) <= set(small.pieces)
    assert len(small.pieces) == 4000
    model = models.WordPiece(dict(small.pieces), unk_token="[UNK]")
    for word in ["spacecraft", "exoplanet", "launchpad", "moon", "perseverance"]:
        assert cut(word, small.pieces) == [token.value for token in model.tokenize(word)]
    assert len(cut("spacecraft", small.pieces)) > len(cut("spacecraft", vocabulary.pieces)) == 1


PIECES = {"a": 0, "ab": 1, "##c": 2, "##cd": 3, "##b": 4, "##bcd": 5, "##de": 6, "##e": 7, "abc": 8}


@pytest.mark.parametrize("word", ["a", "ab", "abc", "abcd", "abcde", "abce", "cab", "abcdede", "q"])
def test_the_least_pieces_are_those_of_every_way_to_cut(word):
    ways = []
    for cuts in itertools.product([False, True], repeat=len(word) - 1):
        places = [0, *(place + 1 for place, here in enumerate(cuts) if here), len(word)]
        stretches = [word[start:end] for start, end in itertools.pairwise(places)]
        parts = [stretches[0], *("##" + stretch for stretch in stretches[1:])]
        if all(part in PIECES for part in parts):
            ways.append(len(parts))
    assert fewest(word, PIECES) == min(ways, default=None)


def test_the_longest_first_is_not_always_the_shortest_way():
    assert (cut("abcd", PIECES), fewest("abcd", PIECES)) == (["[UNK]"], 2)
    assert known("abc", PIECES).tolist() == [[True, True, True], [False, True, False], [False, False, True]]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda settings: settings["normalizer"].update(lowercase=False), "uncased WordPiece"),
        (lambda settings: settings.update(pre_tokenizer={"type": "ByteLevel"}), "uncased WordPiece"),
        (lambda settings: settings["model"].update(type="BPE"), "uncased WordPiece"),
        (lambda settings: settings.pop("model"), "Cannot read"),
    ],
)
def test_another_tokenizer_is_a_sentence(path, tmp_path, change, words):
    settings = json.loads(path.read_text(encoding="utf-8"))
    change(settings)
    (tmp_path / "tokenizer.json").write_text(json.dumps(settings))
    with pytest.raises(SpaceHubError, match=words):
        Vocabulary.read(tmp_path / "tokenizer.json")
    with pytest.raises(SpaceHubError, match=r"Cannot read|not an uncased"):
        Vocabulary.read(tmp_path / "nothing.json")
