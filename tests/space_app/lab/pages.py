"""What the tests of the experiments' pages share."""

# Resolves with how often a figure was drawn, once it was.
COUNT = """plot => new Promise(done => {
  const look = () => plot.dataset.drawn ? done(Number(plot.dataset.drawn)) : setTimeout(look, 50);
  look();
})"""


def drawn(bench) -> list[int]:
    """Wait for all figures of a bench; return how often each was drawn."""
    plots = bench.locator(".lab-plot")
    plots.first.wait_for(state="attached")
    counts = []
    for place in range(plots.count()):
        plots.nth(place).scroll_into_view_if_needed()
        plots.nth(place).locator(".main-svg").first.wait_for()
        counts.append(plots.nth(place).evaluate(COUNT))
    return counts
