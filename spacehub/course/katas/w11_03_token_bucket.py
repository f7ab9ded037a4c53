"""A rate limit.

For each request, decide whether a rate limiter allows it. The limiter's token bucket holds at most `size` tokens, is full at first, and gains
`rate` tokens per second. Each allowed request takes one token. If the bucket holds less than one token, refuse the request.
"""

from spacehub.course.checks import returns

START = """
def allowed(times, size, rate):
    '''times: the times of the requests in seconds, increasing. Return a list of True and False.'''
"""
HINTS = (
    "Store the number of tokens and the time of the last request.",
    "At each request, first add `rate * (time since the last request)` tokens, up to at most `size`. Then take a token if the bucket holds at least one.",
)


def allowed(times, size, rate):
    tokens, last, out = float(size), times[0] if times else 0.0, []
    for time in times:
        tokens = min(size, tokens + rate * (time - last))
        last = time
        out.append(tokens >= 1)
        if out[-1]:
            tokens -= 1
    return out


def wrong(times, size, rate):
    return [place < size for place, _ in enumerate(times)]


CHECKS = (
    returns("a burst", [True, True, False], [0.0, 0.0, 0.0], 2, 1.0),
    returns("the bucket fills again", [True, False, True], [0.0, 0.5, 1.0], 1, 1.0),
    returns(
        "the bucket never exceeds its size", [True, True, True, False], [0.0, 100.0, 100.0, 100.0], 2, 1.0
    ),
    returns("a refused request takes no token", [True, False, False, True], [0.0, 0.25, 0.5, 1.0], 1, 1.0),
    returns("no requests", [], [], 3, 1.0),
)
