"""What the tests of the experiments' pages share."""


def drawn(bench) -> list[int]:
    """Wait for all figures of a bench; return how often each was drawn."""
    counts = []
    for plot in bench.locator(".lab-plot").all():
        plot.scroll_into_view_if_needed()
        plot.locator(".main-svg").first.wait_for()
        counts.append(int(plot.get_attribute("data-drawn")))
    return counts
