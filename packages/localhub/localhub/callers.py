"""The sender of a request, and what it may read and write: accounts, organisations and the limits of tokens."""

from dataclasses import dataclass, field

from localhub.errors import HubError, repo_not_found
from localhub.ids import RepoId

WRITING_ROLES = {"admin", "write", "contributor"}


@dataclass(frozen=True)
class Account:
    """A user of the embedded Hub.

    Attributes
    ----------
    name, fullname, email : str
        As whoami returns them; commits contain name and email.
    orgs : dict of str to str
        Organisation to role: admin, write, contributor or read.
    default_private : bool
        Whether its new repos are private by default.
    owns_everything : bool
        Whether it may write in every namespace. True for the only account of a Hub without an accounts file.
    """

    name: str
    fullname: str
    email: str
    orgs: dict[str, str] = field(default_factory=dict)
    default_private: bool = False
    owns_everything: bool = False


@dataclass
class Organisation:
    """An organisation of the embedded Hub, as its members' entries describe it.

    Attributes
    ----------
    name, fullname : str
    default_private : bool
        Whether its new repos are private by default.
    members : dict of str to str
        Account to role.
    """

    name: str
    fullname: str
    default_private: bool = False
    members: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Caller:
    """The sender of a request: an account with one of its tokens, or an anonymous caller.

    Attributes
    ----------
    account : Account or None
    token_name : str
    token_role : str
        "read" or "write".
    namespaces, repos : frozenset of str, optional
        The only places where the token can read private content and write; None if the token has no such limit.
        A repo is ``models/NAMESPACE/NAME`` and so on.
    """

    account: Account | None = None
    token_name: str = ""
    token_role: str = "read"
    namespaces: frozenset[str] | None = None
    repos: frozenset[str] | None = None

    def may_read(self, where: RepoId | str, private: bool) -> bool:
        """Return whether the caller can see this repo, or private content of this namespace."""
        return not private or self._belongs_to(where)

    def may_write(self, where: RepoId | str) -> bool:
        """Return whether the caller can change this repo, or create repos in this namespace."""
        account, namespace = self.account, _namespace(where)
        if account is None or self.token_role != "write" or not self._reaches(where):
            return False
        if account.owns_everything or account.name == namespace:
            return True
        return account.orgs.get(namespace) in WRITING_ROLES

    def check_write(self, where: RepoId | str, private: bool) -> None:
        """Check that the caller may write.

        Raises
        ------
        HubError
            404 if the repo is private to others, 401 without a token, otherwise 403.
        """
        if not self.may_read(where, private):
            raise repo_not_found()
        if self.account is None:
            raise HubError(401, "Invalid username or password. To write, log in with a token.")
        if not self.may_write(where):
            namespace = _namespace(where)
            needed = "Use a token from an account that has this permission."
            if self.token_role != "write":
                needed = "This token is read-only. Use a token with write access."
            elif not self._reaches(where):
                needed = f"This token is not valid for {where}. Use another token."
            raise HubError(403, f"You don't have permission to write to the {namespace} namespace. {needed}")

    @property
    def is_fine_grained(self) -> bool:
        """Return whether the token is limited to some namespaces or repos."""
        return self.namespaces is not None or self.repos is not None

    def _belongs_to(self, where: RepoId | str) -> bool:
        account, namespace = self.account, _namespace(where)
        if account is None or not self._reaches(where):
            return False
        return account.owns_everything or namespace == account.name or namespace in account.orgs

    def _reaches(self, where: RepoId | str) -> bool:
        if not self.is_fine_grained or _namespace(where) in (self.namespaces or ()):
            return True
        return isinstance(where, RepoId) and f"{where.type.plural}/{where}" in (self.repos or ())


def _namespace(where: RepoId | str) -> str:
    return where.namespace if isinstance(where, RepoId) else where
