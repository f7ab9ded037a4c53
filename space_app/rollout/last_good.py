"""Keep the commits that passed their trial in the app's home folder, to serve them at once after a restart."""

import contextlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime

from space_app.rollout.kept import Kept
from spacehub import catalogue
from spacehub.home import home

# Increase this number when a trial checks more than before, to repeat the trials that passed earlier.
TRIAL = 1


@dataclass(frozen=True, kw_only=True)
class Good:
    """A commit that served: when it was `made` (ISO 8601), the model's `signature`, and how many `known` answers it has."""

    commit: str
    made: str | None
    signature: Mapping[str, list[str]] | None
    known: int
    trial: int = TRIAL

    @property
    def made_at(self) -> datetime | None:
        """The time at which the commit was made."""
        with contextlib.suppress(TypeError, ValueError):
            return datetime.fromisoformat(self.made)
        return None


class LastGood:
    """The newest good commit of each entry, in ``serving/commits.json`` under SPACEHUB_HOME."""

    def __init__(self):
        self._kept = Kept(home() / "serving" / "commits.json")

    def find(self, entry: catalogue.Entry) -> Good | None:
        """Return the newest good commit of an entry."""
        try:
            found = Good(**self._kept.read(entry))
        except TypeError:
            return None
        usable = isinstance(found.commit, str) and isinstance(found.known, int) and found.trial == TRIAL
        return found if usable else None

    def keep(self, entry: catalogue.Entry, good: Good) -> None:
        """Record a good commit."""
        self._kept.write(entry, asdict(good))
