"""The page, driven in Chromium as a visitor does."""

import csv
import re

import pytest

from spacehub import catalogue
from tests.doses import dose
from tests.space_app.screens import BOTH, IN_SIGHT, PHONE_SIZE

pytestmark = pytest.mark.browser


def chance(page) -> str:
    return page.locator(".chance b").inner_text()


def open_tab(page, name: str) -> None:
    page.get_by_role("tab", name=name).click()


@pytest.fixture(scope="module")
def visitors(app, open_shared):
    """The Landing tabs of visitors who come together."""
    pages = [open_shared(app, wait=False) for _ in range(dose(2, 4))]
    for page in pages:
        open_tab(page, "Landing")
    return pages


@pytest.fixture(scope="module")
def first(visitors) -> str:
    """The chance that a visitor sees first."""
    visitors[0].wait_for_selector(".chance")
    return chance(visitors[0])


@pytest.fixture(scope="module")
def landing(visitors, first):
    """A visitor's Landing tab, as the test before has left it."""
    page = visitors[0]
    page.wait_for_selector("#bars .barlayer .point")  # the last to come, which moves what is below it
    return page


@pytest.fixture(scope="module")
def front(app, open_shared):
    """A visitor's front page, which shows the tab that the test before has left."""
    return open_shared(app)


def predict(page) -> None:
    page.get_by_role("button", name="Predict").click()


def test_visitors_who_come_together_each_get_their_form(visitors):
    for page in visitors:
        page.wait_for_selector(".chance")


def test_the_form_is_filled_in_and_answered(landing, first, client):
    fields = {field["name"]: field for field in client.predict(api_name="/landing_inputs")}
    usual = client.predict(
        **{name: field["default"] for name, field in fields.items()}, api_name="/predict_landing"
    )
    assert chance(landing) == first
    answer = landing.locator(".reliability").inner_text().replace("\N{NO-BREAK SPACE}", " ")
    assert answer == usual["reliability"]["sentence"]
    landing.get_by_label("Payload mass").fill(str(fields["payload_mass_kg"]["maximum"]))
    landing.get_by_label("Flight of this booster").fill("1")
    for name, label in ("orbit", "Orbit"), ("landing_type", "Planned landing"):
        landing.get_by_label(label).click()
        landing.get_by_role("option", name=fields[name]["choices"][-1], exact=True).click()
    predict(landing)
    landing.locator("#bars", has_text="Flight of this booster: 1").wait_for()
    assert chance(landing) != first or usual["simulated"]
    landing.locator("#bars .barlayer .point").nth(len(fields) - 1).wait_for()
    assert landing.locator(".flights tbody tr").count() == 5
    assert usual["commit"][:7] in landing.locator(".verdict .commit").inner_text()


def test_a_mistake_is_told_in_place_of_the_answer(visitors):
    landing = visitors[1]
    landing.wait_for_selector("#bars .barlayer .point")
    mass = landing.get_by_label("Payload mass")
    mass.fill("999999999")
    predict(landing)
    notice = landing.locator("#landing-answer .notice")
    notice.wait_for()
    assert "Payload mass (payload_mass_kg) is 999,999,999 kg" in notice.inner_text()
    assert landing.locator(".chance").count() == 0
    mass.fill("")
    mass.press("Enter")
    landing.wait_for_selector(".chance")
    landing.locator("#bars", has_text="Payload mass: unknown").wait_for()


def test_one_click_on_a_real_flight_fills_the_form_and_answers(landing, client):
    for example in client.predict(api_name="/landing_examples"):
        landing.get_by_role("button", name=example["title"]).click()
        known = landing.locator(".known", has_text=f"This is {example['name']} ({example['date']})")
        known.wait_for()
        assert ("landed" if example["landed"] else "was lost") in known.inner_text()
        assert landing.get_by_label("Flight of this booster").input_value() == str(
            example["flight"]["booster_flight"]
        )
        assert landing.get_by_label("Orbit").input_value() == example["flight"]["orbit"]
        nearest = landing.locator(".flights tbody tr").first.inner_text()
        assert example["name"] in nearest
        earlier = landing.get_by_label("Earlier landing attempts")
        assert earlier.is_visible()
        assert earlier.input_value() == str(example["flight"]["earlier_attempts"])


def test_back_to_today_gives_the_usual_flight_and_its_answer(app, open_page, first, client):
    landing = open_page(app)
    open_tab(landing, "Landing")
    landing.wait_for_selector("#bars .barlayer .point")
    assert chance(landing) == first
    usual = client.predict(api_name="/landing_inputs")
    landing.get_by_role("button", name="A failure").click()
    landing.locator(".known", has_text="Back to today").wait_for()
    assert chance(landing) != first
    landing.get_by_role("button", name="Back to today").click()
    landing.locator(".known").wait_for(state="detached")
    assert chance(landing) == first
    for field in usual:
        if field["integer"]:
            box = landing.get_by_label(field["label"], exact=False).first
            assert float(box.input_value()) == field["default"], field["name"]


def test_a_csv_file_goes_in_and_comes_out_answered(landing, tmp_path):
    with landing.expect_download() as template:
        landing.locator("#template").click()
    template.value.save_as(tmp_path / "template.csv")
    lines = (tmp_path / "template.csv").read_text().splitlines()
    assert len(lines) == 4
    flights = tmp_path / "flights.csv"
    flights.write_text(
        "\n".join([*lines, lines[1].replace("ASDS", "Submarine").replace("RTLS", "Submarine")])
    )
    landing.set_input_files("#many input[type=file]", flights)
    landing.get_by_text("3 of 4 rows answered").wait_for()
    assert "Row 4: Planned landing (landing_type) is 'Submarine'" in landing.locator("#many").inner_text()
    with landing.expect_download() as answered:
        landing.locator("#many a[download]").last.click()
    answered.value.save_as(tmp_path / "answered.csv")
    with open(tmp_path / "answered.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [bool(row["landing_probability"]) for row in rows] == [True, True, True, False]


def test_a_file_that_is_no_csv_is_explained_in_sight_on_a_phone(visitors, tmp_path):
    page = visitors[1]
    page.wait_for_selector("#bars .barlayer .point")
    page.set_viewport_size(PHONE_SIZE)
    (tmp_path / "flights.csv").write_bytes(b"PK\x03\x04" + bytes(50))
    page.set_input_files("#many input[type=file]", tmp_path / "flights.csv")
    page.locator("#many .md", has_text="It is a binary file").wait_for()
    page.wait_for_function(IN_SIGHT, arg="#many .md")
    assert "Error" not in page.locator("#many").inner_text().split()


@pytest.mark.parametrize("key", ["landing", "lander", "falcon9-landings"])
def test_mission_control_opens_a_card_with_its_pictures(front, key):
    page = front
    open_tab(page, "Mission control")
    page.locator(f'[data-key="{key}"]').get_by_role("button", name="Read the card").click()
    entry = (catalogue.MODELS | catalogue.DATASETS)[key]
    page.locator(".provenance", has_text=f"{entry.repo_type.capitalize()} {entry.repo_id} at").wait_for()
    page.locator("#card-text h1").wait_for()
    page.wait_for_function(
        "[...document.querySelectorAll('#card-text img')].length > 0 && "
        "[...document.querySelectorAll('#card-text img')].every(img => img.naturalWidth > 0)"
    )
    assert re.search(r"license\s+(apache-2.0|cc0-1.0)", page.locator(".facts").inner_text())
    assert not page.locator("#card-text script").count()
    folded = page.locator("#card-text details").first
    # The short card of a simulated dataset folds nothing.
    if key != "falcon9-landings" or folded.count():
        assert not folded.locator("summary + *").is_visible()
        folded.locator("summary").click()
        folded.locator("summary + *").wait_for()
    if key == "falcon9-landings":
        assert not page.locator(".versions").count()
    else:
        assert re.search(r"[0-9a-f]{7}", page.locator(".versions td").first.inner_text())


def test_any_card_can_be_named_and_a_hostile_one_does_nothing(front, published):
    from huggingface_hub import HfApi

    card = (
        "---\nlicense: mit\n---\n# Hostile\n<script>document.title = 'taken'</script>\n"
        '<img src="https://example.com/spy.png" onerror="document.title = \'taken\'">\n'
        "![spy](https://example.com/spy2.png)\n[link](javascript:document.title='taken')\n"
    )
    api = HfApi(endpoint=published.endpoint, token=published.token)
    api.create_repo("spacehub/hostile-page", exist_ok=True)
    api.upload_file(path_or_fileobj=card.encode(), path_in_repo="README.md", repo_id="spacehub/hostile-page")
    page = front
    open_tab(page, "Cards")
    box = page.locator("#card-choice input")
    box.fill("spacehub/hostile-page")
    box.press("Enter")
    page.locator("#card-text h1", has_text="Hostile").wait_for()
    page.get_by_text("link", exact=True).click()
    assert page.locator("#card-text img").count() == 0
    assert page.title() == "SpaceHub"
    box.fill("nobody/nothing")
    box.press("Enter")
    page.get_by_text("This Hub has no model named nobody/nothing").wait_for()


def test_the_headline_says_how_it_was_measured(front, client):
    model = client.predict(api_name="/mission_control")[0]
    open_tab(front, "Mission control")
    answer = front.locator('[data-key="landing"] .figure').inner_text()
    for words, number in ("cross-validated, ", model["headline"]), ("base rate ", model["forward_in_time"]):
        assert words in answer
        assert f"{number['failures']} failures in {number['n']}" in answer
    assert f"forward in time {model['forward_in_time']['value']:.2f} (base rate" in answer


BROKEN_WORDS = """() => {
  const broken = [];
  for (const cell of document.querySelectorAll('#card-text td, #card-text th')) {
    const texts = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
      for (const word of texts.currentNode.data.matchAll(/\\w+/g)) {
        const range = document.createRange();
        range.setStart(texts.currentNode, word.index);
        range.setEnd(texts.currentNode, word.index + word[0].length);
        if (range.getClientRects().length > 1) broken.push(word[0]);
      }
    }
  }
  return broken;
}"""


@BOTH
def test_every_tab_fits_the_screen(app, open_page, screenshots, width, dark):
    page = open_page(app, width=width, dark=dark)
    for tab, sign in ("Mission control", ".board"), ("Landing", "#bars .barlayer"), ("Cards", "#card-text"):
        open_tab(page, tab)
        page.wait_for_selector(sign)
        if tab == "Cards":
            page.locator("#card-choice input").click()
            page.get_by_role("option", name="Landing (model)").click()
            page.locator("#card-text img").first.wait_for()
            assert page.locator("#card-text td").count() > 20
            assert page.evaluate(BROKEN_WORDS) == []
            assert page.get_by_role("button", name="Use via API").is_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        shade = "dark" if dark else "light"
        screenshots(page, f"{tab.lower().replace(' ', '-')}-{width}-{shade}.png", full_page=True)
