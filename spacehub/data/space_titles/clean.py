"""Clean the source's titles: characters are normalised and user names removed; no word is rewritten."""

import html
import re
import unicodedata
from collections.abc import Mapping
from pathlib import Path

import pandas as pd

RAW_COLUMNS = ("id", "title", "created_utc", "over_18", "is_self", "url")
USER, HANDLE = "u/[user]", "@[user]"
# A user is named as u/name or /u/name, by a link to reddit.com/user/name, or after a community: "r/China
# by name".
_USER = re.compile(
    r"(?:(?:https?://)?(?:\w{1,9}\.)?\breddit\.com/|(?<![\w/])/?)(?:u|user)/[\w-]{3,20}\b", re.IGNORECASE
)
_CREDITED = re.compile(r"(\br/\w+ (?:by|from) )(?!/?r/|the\b|our\b|my\b)[\w-]{3,20}\b", re.IGNORECASE)
# Not the @ in "milk"@the school or in an address.
_HANDLE = re.compile(r"(?:(?<=[\s(\[-])|^)@\w+\b(?!\.\w)")
# UTF-8 that was read as Latin-1, with or without its first letter; and Windows-1252 read the same way.
_UTF8, _C1 = re.compile("â?\x80([\x80-\xbf])"), re.compile("[\x80-\x9f]")
_JOINER = "\u200d"  # joins emoji


def read(paths: Mapping[str, Path]) -> pd.DataFrame:
    """Read the file of each community as text; add ``community``."""
    parts = [
        pd.read_csv(path, dtype=str, keep_default_na=False, usecols=list(RAW_COLUMNS)).assign(community=name)
        for name, path in paths.items()
    ]
    return pd.concat(parts, ignore_index=True)[["community", *RAW_COLUMNS]]


def clean(raw: pd.DataFrame) -> pd.DataFrame:
    """Drop posts marked over 18; return ``id``, ``title``, ``community``, ``created`` (UTC) and ``link``.

    ``link`` is the target of a post, empty if the post is a text itself.
    """
    kept = raw[raw["over_18"] != "True"]
    created = pd.to_datetime(kept["created_utc"].astype(float).astype("int64"), unit="s").astype(
        "datetime64[s]"
    )
    return pd.DataFrame(
        {
            "id": kept["id"],
            "title": kept["title"].map(normalise),
            "community": kept["community"],
            "created": created,
            "link": kept["url"].where(kept["is_self"] != "True", "").map(link),
        }
    ).reset_index(drop=True)


def normalise(title: str) -> str:
    """Return a title in one normal form.

    HTML entities become their characters, wrongly decoded bytes become the original letters, and Unicode
    its composed form (NFC). Control and format characters are removed, runs of blanks become single
    blanks, and user names are replaced by `USER` or `HANDLE`.

    >>> normalise("  Newton &amp;amp; Galileo\\n (by /u/znode, via @WSJ) ")
    'Newton & Galileo (by u/[user], via @[user])'
    """
    return without_users(characters(title))


def characters(title: str) -> str:
    """Normalise the characters alone."""
    text = html.unescape(html.unescape(title))
    text = _UTF8.sub(lambda found: f"\xe2\x80{found[1]}".encode("latin-1").decode("utf-8", "ignore"), text)
    text = _C1.sub(lambda found: found[0].encode("latin-1").decode("cp1252", "ignore"), text)
    text = " ".join(unicodedata.normalize("NFC", text).split())
    if text.isprintable():  # nearly all titles are printable, and contain no such character
        return text
    return "".join(
        character
        for character in text
        if unicodedata.category(character) not in {"Cc", "Cf"} or character == _JOINER
    ).strip()


def without_users(title: str) -> str:
    """Remove the names of users."""
    return _HANDLE.sub(HANDLE, _CREDITED.sub(r"\1[user]", _USER.sub(USER, title)))


def link(url: str) -> str:
    """Return the distinctive part of a link: no scheme, ``www.``, fragment or last slash; empty for a whole site.

    >>> link("http://www.nasa.gov/topics/#more"), link("https://nasa.gov/")
    ('nasa.gov/topics', '')
    """
    bare = re.sub(r"^https?://(www\.|m\.)?", "", html.unescape(url).strip()).split("#")[0].rstrip("/")
    return bare if "/" in bare and not bare.startswith("reddit.com") else ""
