"""Export how the tokenizer's library classifies characters, as ranges that a browser can read.

The library uses the tables of an old Unicode version, while a browser's are as new as the browser. The
ranges come from the library itself, so both agree.
"""

import sys
import unicodedata
from functools import cache
from itertools import pairwise

from tokenizers.normalizers import BertNormalizer
from tokenizers.pre_tokenizers import BertPreTokenizer

# Letters, digits and unassigned code points belong to no class in any Unicode version.
_PLAIN = ("L", "N", "Cn", "Cs")


@cache
def classes() -> dict[str, list[list[int]]]:
    """Return each run's first and last code point by class: ``removed``, ``space``, ``accent``, ``punctuation``."""
    clean = BertNormalizer(clean_text=True, handle_chinese_chars=False, strip_accents=False, lowercase=False)
    strip = BertNormalizer(clean_text=False, handle_chinese_chars=False, strip_accents=True, lowercase=False)
    split = BertPreTokenizer()
    codes_by_class: dict[str, list[int]] = {"removed": [], "space": [], "accent": [], "punctuation": []}
    for code in range(sys.maxunicode + 1):
        character = chr(code)
        if unicodedata.category(character).startswith(_PLAIN):
            continue
        cleaned = clean.normalize_str(character)
        if not cleaned:
            codes_by_class["removed"].append(code)
        elif cleaned == " ":
            codes_by_class["space"].append(code)
        elif not strip.normalize_str(character):
            codes_by_class["accent"].append(code)
        elif len(split.pre_tokenize_str(f"a{character}")) > 1:
            codes_by_class["punctuation"].append(code)
    return {name: _runs(codes) for name, codes in codes_by_class.items()}


def _runs(codes: list[int]) -> list[list[int]]:
    if not codes:
        return []
    breaks = [place for place, (before, after) in enumerate(pairwise(codes), 1) if after > before + 1]
    return [[codes[first], codes[last - 1]] for first, last in pairwise([0, *breaks, len(codes)])]
