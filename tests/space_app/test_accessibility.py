"""The pages against axe-core's rules, in light and dark: the front page and one experiment; in the soak, all of them."""

import pytest

from space_app.course.week import WEEKS
from space_app.lab.experiments import EXPERIMENTS
from tests.doses import SOAK

pytestmark = pytest.mark.browser

TABS = ("mission-control", "landing", "satellite", "titles", "lander", "lab", "cards")
PAGES = ["lab/orbits/"]
if SOAK:
    PAGES = [f"lab/{listing.key}/" for listing in EXPERIMENTS]
    PAGES += [
        "course",
        "course/interview",
        "course/days",
        "course/katas",
        "course/mission",
        *(f"course/{week}" for week in range(1, WEEKS + 1)),
    ]
# Gradio fades parts in; half-transparent text has no contrast.
STILL = "*, ::before, ::after { animation: none !important; transition: none !important; }"
IN_SCHEME = """dark => matchMedia('(prefers-color-scheme: dark)').matches === dark
  && (!document.querySelector('.gradio-container') || document.body.classList.contains('dark') === dark)"""
# What Gradio's own markup violates and we cannot fix from outside: the rule, and where.
EXCLUDED = (("aria-prohibited-attr", "div.empty[aria-label='Empty value']"),)
# In the second scheme only the colours differ.
COLOURS = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
RUN = """async ([excluded, only]) => {
  const found = await axe.run(document, {resultTypes: ['violations'], elementRef: true, ...(only && {runOnly: only})});
  const known = (rule, node) => excluded.some(([id, selector]) => id === rule && node.element?.matches(selector));
  return found.violations
    .filter((rule) => ['serious', 'critical'].includes(rule.impact))
    .flatMap((rule) => rule.nodes.filter((node) => !known(rule.id, node)).map((node) =>
      `${rule.id}: ${node.target.join(' ')}: ${node.any[0]?.message ?? node.failureSummary} ${node.html.slice(0, 160)}`));
}"""


@pytest.mark.timeout(1200)
def test_no_serious_violation(app, open_page, axe):
    page = open_page(app)
    found = []

    def check(name: str) -> None:
        page.add_style_tag(content=STILL)
        page.evaluate(axe)
        for scheme in "light", "dark":
            page.emulate_media(color_scheme=scheme)
            page.wait_for_function(IN_SCHEME, arg=scheme == "dark")
            given = [EXCLUDED, COLOURS if scheme == "dark" else None]
            found.extend(f"{name}, {scheme}: {line}" for line in page.evaluate(RUN, given))

    for key in TABS:
        button = page.locator(f'#tabs [role="tab"][data-tab-id="{key}"]')
        button.click()
        button.and_(page.locator('[aria-selected="true"]')).wait_for()
        check(key)
    for path in PAGES:
        page.goto(app.address + path)
        page.locator(".lab-plot[data-drawn], .bench .notice, .checkpoints button, main h1").first.wait_for()
        check(path)
    assert found == []
