"""Interview: the fewest hops.

Return the smallest number of hops from one station of a network to another, or None if there is no path.
"""

from spacehub.course.checks import returns

START = """
def hops(links, start, goal):
    '''links: a dictionary from a station to the list of stations that it can reach. Return a number or None.'''
"""
HINTS = (
    "Use breadth-first search: first all stations one hop away, then all stations two hops away, and so on.",
    "Remember the stations that you have visited. Otherwise, the search can run in a cycle forever.",
)


def hops(links, start, goal):
    seen, here, count = {start}, [start], 0
    while here:
        if goal in here:
            return count
        following = []
        for station in here:
            for reached in links.get(station, []):
                if reached not in seen:
                    seen.add(reached)
                    following.append(reached)
        here, count = following, count + 1
    return None


def wrong(links, start, goal):
    count, station = 0, start
    while station != goal:
        if not links.get(station):
            return None
        station, count = links[station][0], count + 1
        if count > 100:
            return None
    return count


CHECKS = (
    returns("no hop is needed", 0, {"a": []}, "a", "a"),
    returns("the shorter of two paths", 2, {"a": ["b", "d"], "b": ["c"], "c": ["e"], "d": ["e"]}, "a", "e"),
    returns("a cycle without a way out", None, {"a": ["b"], "b": ["a"]}, "a", "c"),
    returns("links have a direction", None, {"b": ["a"]}, "a", "b"),
)
