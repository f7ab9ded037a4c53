"""Errors that explain what happened and how to fix it."""


class SpaceHubError(Exception):
    """An error that the user can fix.

    Parameters
    ----------
    problem : str
        One sentence that states what happened and names the file, field or port.
    fix : str
        One sentence that states what to do, ideally with a command to paste.
    """

    def __init__(self, problem: str, fix: str):
        super().__init__(f"{problem} {fix}")
        self.problem = problem
        self.fix = fix

    def __reduce__(self):
        """Keep the problem and the fix when the error is pickled."""
        return type(self), (self.problem, self.fix)


def reason(error: BaseException) -> str:
    """Return the text of an exception as a sentence on one line, for use inside another error.

    Examples
    --------
    >>> reason(ValueError("Expecting value"))
    'Expecting value.'
    >>> reason(KeyError("title"))
    "The value 'title' is missing."
    """
    if isinstance(error, KeyError):
        return f"The value {error} is missing."
    if isinstance(error, OSError) and error.strerror:
        return f"{error.strerror}."
    text = " ".join(str(error).split()) or type(error).__name__
    return text if text.endswith((".", "!", "?")) else f"{text}."


class NotYetError(SpaceHubError):
    """Report that something is not available yet, such as a model that is still training."""
