"""The accounts of an embedded Hub and their tokens, as read from an accounts file."""

import base64
import hashlib
import json
import os
import re
import secrets
from pathlib import Path
from typing import Any

from localhub.callers import WRITING_ROLES, Account, Caller, Organisation
from localhub.errors import HubError, LocalHubError
from localhub.files.durable import write_file
from localhub.ids import NAME_RULE, RepoId, RepoType, is_name

DEFAULT_ACCOUNT = "spacehub"
_SHA256 = re.compile(r"[0-9a-f]{64}")
ORG_ROLES = WRITING_ROLES | {"read"}


class Accounts:
    """All accounts of one embedded Hub. The object stores the tokens' hashes, not the tokens.

    Parameters
    ----------
    entries : list of dict
        ``{"name", "fullname", "email", "tokens": [{"token" or "sha256", "name", "role": "read"|"write",
        "namespaces", "repos"}], "orgs": [{"name", "role", "fullname", "default_private"}], "default_private": bool}``;
        everything except names, tokens and roles is optional. A token with namespaces or repos (``"me/model"``,
        ``"datasets/me/data"``) is fine-grained: it is valid only for these.
    source : str
        Where the entries come from, for error messages.
    own_everything : bool
        Whether these accounts may write in every namespace.

    Raises
    ------
    LocalHubError
        If an entry is wrong; the error says which one.
    """

    def __init__(
        self, entries: list[dict[str, Any]], *, source: str = "the accounts", own_everything: bool = False
    ):
        self._own_everything = own_everything
        self.by_name: dict[str, Account] = {}
        self.orgs: dict[str, Organisation] = {}
        self._callers: dict[bytes, Caller] = {}
        if not isinstance(entries, list) or not entries:
            raise LocalHubError(f"{source} must be a list with at least one account.", _FORM)
        for number, entry in enumerate(entries, 1):
            self._add(entry, f"account {number} of {source}")

    def _add(self, entry: dict[str, Any], where: str) -> None:
        if not isinstance(entry, dict) or not is_name(entry.get("name")):
            raise LocalHubError(f"The name in {where} is missing or invalid.", f"Use {NAME_RULE}.")
        orgs, tokens = entry.get("orgs", []), entry.get("tokens", [])
        for org in _dicts(orgs, "orgs", where):
            if not is_name(org.get("name")) or org.get("role") not in ORG_ROLES:
                raise LocalHubError(
                    f"The name or the role of an organisation in {where} is missing or invalid.",
                    f"Use one of these roles: {', '.join(sorted(ORG_ROLES))}.",
                )
        account = Account(
            name=entry["name"],
            fullname=str(entry.get("fullname") or entry["name"]),
            email=str(entry.get("email") or f"{entry['name']}@localhost"),
            orgs={org["name"]: org["role"] for org in orgs},
            default_private=entry.get("default_private") is True,
            owns_everything=self._own_everything,
        )
        if account.name in self.by_name:
            raise LocalHubError(
                f"The name of {where} is already in use by another account.",
                "Use a different name for each account.",
            )
        self.by_name[account.name] = account
        for org in orgs:
            fullname = str(org.get("fullname") or org["name"])
            known = self.orgs.setdefault(org["name"], Organisation(org["name"], fullname))
            known.default_private |= org.get("default_private") is True
            known.members[account.name] = org["role"]
        for token in _dicts(tokens, "tokens", where):
            self._add_token(account, token, where)

    def _add_token(self, account: Account, token: dict[str, Any], where: str) -> None:
        role, namespaces = token.get("role", "write"), token.get("namespaces")
        if role not in ("read", "write"):
            raise LocalHubError(f"A token in {where} has an unknown role: {role!r}.", "Use read or write.")
        if namespaces is not None and not (isinstance(namespaces, list) and all(map(is_name, namespaces))):
            raise LocalHubError(f'The "namespaces" of a token in {where} must be a list of names.', _FORM)
        limits = None if namespaces is None else frozenset(namespaces)
        repos = None if token.get("repos") is None else frozenset(_repos(token["repos"], where))
        caller = Caller(account, str(token.get("name") or role), role, limits, repos)
        if self._callers.setdefault(_stored_digest(token, where), caller) is not caller:
            raise LocalHubError(
                f"A token in {where} is the same as another token.", "Use a different value for each token."
            )

    def caller(self, authorization: str | None) -> Caller:
        """Return the caller of an ``Authorization`` header: Bearer, or Basic with the token as password, as git sends it.

        Raises
        ------
        HubError
            401 for an unknown token.
        """
        if not authorization:
            return Caller()
        caller = self._callers.get(_digest(_token_in(authorization)))
        if caller is None:
            raise HubError(
                401, "Invalid credentials in Authorization header"
            )  # the client compares this text
        return caller

    def is_token(self, authorization: str) -> bool:
        """Return whether an ``Authorization`` header contains a token of this Hub or of another Hub (``hf_…``)."""
        token = _token_in(authorization)
        return "hf_" in authorization + token or _digest(token) in self._callers

    def default_private(self, namespace: str) -> bool:
        """Return whether new repos of an account or an organisation are private by default."""
        owner = self.by_name.get(namespace) or self.orgs.get(namespace)
        return owner is not None and owner.default_private


def _repos(texts: Any, where: str) -> list[str]:
    """Return the full names of the repos that a token is valid for."""
    named = []
    for text in texts if isinstance(texts, list) else [None]:
        kind, _, rest = text.partition("/") if isinstance(text, str) else ("", "", "")
        try:
            plural = kind in ("models", "datasets", "spaces", "kernels")
            id = RepoId.parse(RepoType.of(kind if plural else None), rest if plural else str(text))
        except HubError as error:
            raise LocalHubError(
                f'The "repos" of a token in {where} must be a list of repo ids.', _FORM
            ) from error
        named.append(f"{id.type.plural}/{id}")
    return named


_FORM = 'Write [{"name": "me", "tokens": [{"token": "hf_…", "name": "laptop", "role": "write"}]}].'


def read_accounts(path: str | os.PathLike[str]) -> list[dict[str, Any]]:
    """Read the entries of an accounts file.

    Raises
    ------
    LocalHubError
        If the file cannot be read or is not JSON.
    """
    try:
        return json.loads(Path(path).read_text(encoding="utf-8"))
    except OSError as error:
        raise LocalHubError(f"Cannot read the accounts file {path}: {error.strerror}.", _FORM) from error
    except ValueError as error:
        raise LocalHubError(f"The accounts file {path} is not valid JSON: {error}.", _FORM) from error


def default_accounts(root: Path) -> list[dict[str, Any]]:
    """Return the only account of an embedded Hub without an accounts file; its token is in ``ROOT/token``, readable only by its owner."""
    path = root / "token"
    token = path.read_text(encoding="ascii").strip() if path.exists() else ""
    if not token:
        token = "hf_" + secrets.token_hex(20)
        write_file(path, token.encode() + b"\n", mode=0o600)
    return [{"name": DEFAULT_ACCOUNT, "tokens": [{"token": token, "name": "local", "role": "write"}]}]


def first_write_token(entries: list[dict[str, Any]]) -> tuple[str, str]:
    """Return the name and token of the first account that has a token with the role write.

    Raises
    ------
    LocalHubError
        If no account has such a token.
    """
    for entry in entries:
        for token in entry.get("tokens", []):
            if token.get("role", "write") == "write" and "token" in token:
                return entry["name"], token["token"]
    raise LocalHubError(
        'The accounts file does not contain a "token" with the write role.',
        'Add a token with this role to an account. A "sha256" entry is not enough, because clients need the token itself.',
    )


def _token_in(authorization: str) -> str:
    scheme, _, value = authorization.partition(" ")
    if scheme.lower() == "bearer":
        return value.strip()
    if scheme.lower() != "basic":
        return ""
    try:
        user, _, password = base64.b64decode(value, validate=True).decode().partition(":")
    except ValueError:
        return ""
    return password or user


def _stored_digest(token: dict[str, Any], where: str) -> bytes:
    """Return the token's sha256, computed from its text or as given."""
    text, given = token.get("token"), token.get("sha256")
    if text is None and isinstance(given, str) and _SHA256.fullmatch(given):
        return bytes.fromhex(given)
    if not isinstance(text, str) or len(text) < 8 or not text.isascii() or not text.isprintable():
        raise LocalHubError(
            f"A token in {where} is too short or is not plain ASCII text.",
            'Use at least 8 ASCII characters. Alternatively, use the key "sha256" instead of "token", and set it to the SHA-256 '
            "hash of the token (64 hex digits). To compute the hash, run: printf %s TOKEN | sha256sum",
        )
    return _digest(text)


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def _dicts(value: Any, name: str, where: str) -> list[dict[str, Any]]:
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise LocalHubError(f'"{name}" in {where} must be a list of objects.', _FORM)
    return value
