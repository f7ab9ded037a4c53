"""What a user meets when something went wrong: what it was, and the line that mends it."""


class SpaceHubError(Exception):
    """A mistake that the user can mend.

    Parameters
    ----------
    problem : str
        One sentence: what was wrong, naming the file, field or port.
    mend : str
        One sentence: what to do about it, ideally a line to paste.
    """

    def __init__(self, problem: str, mend: str):
        super().__init__(f"{problem} {mend}")
        self.problem = problem
        self.mend = mend

    def __reduce__(self):
        """Let it cross from one process to another whole."""
        return type(self), (self.problem, self.mend)


class NotYetError(SpaceHubError):
    """Nobody's mistake: what is asked for is still to come."""
