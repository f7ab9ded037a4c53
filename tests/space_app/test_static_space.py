"""The static Space in a browser: the app's answers, its tokens and pixels, without a connection, and what it refuses."""

import base64
import io
import json
import re
import shutil
import unicodedata
import urllib.request
from pathlib import Path
from urllib.parse import urljoin

import numpy as np
import pytest
from huggingface_hub import HfApi, hf_hub_download, snapshot_download
from PIL import Image
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

from space_app.course.routes import EXTRAS, WEEKS
from space_app.satellite import words as satellite_words
from space_app.static_space import characters, runtime
from space_app.titles import words as titles_words
from spacehub import space, static_check, static_deploy
from spacehub.deploy import WrongDeploymentError
from spacehub.errors import SpaceHubError
from spacehub.localhub import LocalHub
from spacehub.publish import push_folder
from spacehub.serving.landing import LandingPredictor
from spacehub.serving.satellite import decode
from spacehub.serving.satellite.predictor import SatellitePredictor
from spacehub.serving.titles.predictor import TitlesPredictor
from tests import colour_model, title_model
from tests.npm import require_npm, unreachable
from tests.space_app.test_accessibility import RUN, STILL

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]
SPACE = "spacehub/page"
CLOSE = 1e-4
ASK = """async ([key, call, every]) => {
  const {ask} = await import('./web/models.js');
  return Promise.all(every.map((given) => ask(key, call, given).catch((error) => ({wrong: error.message}))));
}"""
SEE = """async (pictures) => {
  const {ask} = await import('./web/models.js'), found = [];
  for (const text of pictures) {
    const bytes = Uint8Array.from(atob(text), (one) => one.charCodeAt(0));
    const said = await ask('satellite', 'classify', [new Blob([bytes])]).catch((error) => ({wrong: error.message}));
    if (said.pixels) said.pixels = btoa(String.fromCharCode(...said.pixels));
    found.push(said);
  }
  return found;
}"""
TOKENS = """async ([file, characters, texts]) => {
  const {WordPiece} = await import('./web/wordpiece.js'), read = new WordPiece(file, characters);
  const point = (text, at) => [...text.slice(0, at)].length;
  return JSON.stringify(texts.map((text) => read.tokens(text).map(({id, start, end}) => [id, point(text, start), point(text, end)])));
}"""


@pytest.fixture(scope="module")
def page(published, chromium, tmp_path_factory):
    """The page of a static Space that the real command deployed, in a browser; with its folder of models and its Hub."""
    folder = tmp_path_factory.mktemp("static")
    require_npm()
    try:
        runtime.runtime()
    except SpaceHubError as error:
        unreachable(str(error))
    shutil.copytree(published.folder / "hub", folder / "hub")
    (folder / "hub" / "lock").unlink(missing_ok=True)
    with pytest.MonkeyPatch.context() as patch, LocalHub(folder / "hub", run_spaces=True) as hub:
        patch.setattr(static_check, "_ask", lambda address, say: [])  # the tests below ask more
        patch.setattr(static_check, "POLL_SECONDS", 0.05)
        for kit, key, dataset, settings in (
            # So that a text may be longer than a title, and still be read at once.
            (title_model, "space-titles-bert", "space-titles", {"length": 100}),
            (colour_model, "eurosat-land-use", "eurosat-rgb", {}),
        ):
            model = kit.write_model(folder / key, **settings)
            push_folder(model, f"spacehub/{key}", repo_type="model", message="Test")
            push_folder(
                kit.write_dataset(folder / dataset),
                f"spacehub/{dataset}",
                repo_type="dataset",
                message="Test",
            )
        lines: list[str] = []
        static_deploy.deploy_static(SPACE, say=lines.append)
        assert "Titles: the page can read its 3 files" in lines
        opened = chromium.new_page()
        opened.set_viewport_size({"width": 1280, "height": 900})
        opened.set_default_timeout(150_000)
        opened.folder, opened.hub, opened.wrong, opened.asked = folder, hub, [], []
        opened.on("request", lambda request: opened.asked.append(request.url))
        opened.on(
            "console",
            lambda line: line.type == "error" and opened.wrong.append(f"{line.text} {line.location['url']}"),
        )
        opened.on("pageerror", lambda error: opened.wrong.append(str(error)))
        opened.address = HfApi().space_info(SPACE).host
        opened.goto(opened.address)
        opened.locator("#landing-answer .verdict").wait_for()
        yield opened
        opened.close()
        assert opened.wrong == []
        assert not [
            url for url in opened.asked if not url.startswith(("http://127.0.0.1:", "blob:http://127.0.0.1:"))
        ]


def test_fifty_flights_get_the_app_s_chances_and_sentences(page):
    served = LandingPredictor(Path(snapshot_download("spacehub/falcon9-landing-classifier")))
    rows = served.flights.sample(50, random_state=0)[served.names].to_dict("records")
    flights = [{name: "" if value != value else str(value) for name, value in row.items()} for row in rows]
    said = page.evaluate(ASK, ["landing", "predict", [[flight] for flight in flights]])
    right = [served.predict(served.check(row)) for row in rows]
    assert [one["chance"] for one in said] == pytest.approx(right, abs=CLOSE)
    sentences = [served.reliability(chance).sentence for chance in right]
    assert [one["trust"].replace("\u00a0", " ") for one in said] == sentences


PICTURES = {
    # name: size, mode, format, how it is saved
    **{f"small {seed}": ((64, 64), "RGB", "PNG", {}) for seed in range(30)},
    "landscape": ((200, 131), "RGB", "PNG", {}),
    "portrait": ((97, 311), "RGB", "PNG", {}),
    "one more": ((65, 66), "RGB", "PNG", {}),
    "smaller": ((17, 40), "RGB", "PNG", {}),
    "large": ((900, 700), "RGB", "PNG", {}),
    "grey": ((64, 64), "L", "PNG", {}),
    "palette": ((128, 128), "P", "PNG", {}),
    "two values": ((64, 64), "1", "PNG", {}),
    "gif": ((70, 64), "P", "GIF", {}),
    "bmp": ((64, 90), "RGB", "BMP", {}),
    "webp": ((80, 64), "RGB", "WEBP", {"lossless": True}),
    "transparent": ((64, 64), "RGBA", "PNG", {}),
    **{f"jpeg {quality}": ((64, 64), "RGB", "JPEG", {"quality": quality}) for quality in (60, 75, 90, 95)},
    "jpeg 4:4:4": ((64, 64), "RGB", "JPEG", {"quality": 90, "subsampling": 0}),
    "jpeg grey": ((64, 64), "L", "JPEG", {}),
    "jpeg large": ((301, 200), "RGB", "JPEG", {"quality": 85}),
    "turned": ((90, 64), "RGB", "JPEG", {"quality": 90, "exif": True}),
}


def test_fifty_pictures_get_the_app_s_pixels_chances_and_doubts(page, tmp_path):
    assert len(PICTURES) == 50
    served = SatellitePredictor(page.folder / "eurosat-land-use")
    paths = [_picture(tmp_path / str(place), place, *how) for place, how in enumerate(PICTURES.values())]
    said = page.evaluate(SEE, [base64.b64encode(path.read_bytes()).decode() for path in paths])
    for name, path, one in zip(PICTURES, paths, said, strict=True):
        seen = served.classify(decode.read(path))
        assert base64.b64decode(one["pixels"]) == seen.pixels.tobytes(), name
        chances = {found["key"]: found["chance"] for found in one["classes"]}
        right = dict(zip(served.classes, map(float, seen.chances), strict=True))
        assert chances == pytest.approx(right, abs=CLOSE), name
        assert one["doubts"] == satellite_words.doubts(seen, served.known.side), name


def _picture(path: Path, seed: int, size: tuple[int, int], mode: str, kind: str, how: dict) -> Path:
    """Save a smooth picture of random colours."""
    coarse = np.random.default_rng(seed).integers(0, 256, (5, 5, 3), np.uint8)
    picture = Image.fromarray(coarse).resize(size, Image.Resampling.BICUBIC).convert(mode)
    if mode == "RGBA":
        picture.putalpha(Image.fromarray(np.tile(np.uint8([0, 255]), (size[1], size[0] // 2))))
    if how.get("exif"):
        exif = Image.Exif()
        exif[0x0112] = 6
        how = how | {"exif": exif}
    picture.save(path, kind, **how)
    return path


TITLES = [
    *(
        f"{first} {second}{end}"
        for first in ("The moon", "My rocket", "Saturn, ", "A recipe for")
        for second in ("over my match", "to the best of it", "ROCKET-moon", "Möon ﬁsh 月 moon")
        for end in ("", "!", " 🚀👩‍🚀")
    ),
    "> The moon rose over it at dawn. A recipe for the best match!\n\nSaturn to the moon. "
    + "Over the best of it " * 12,
    "> moon rocket moon\n\n| match recipe the best of moon. \n\n" * 40,
]


def test_titles_get_the_app_s_chances_parts_and_sentences(page):
    served = TitlesPredictor(page.folder / "space-titles-bert", threads=1)
    said = page.evaluate(ASK, ["titles", "classify", [[text] for text in TITLES]])
    many = page.evaluate(ASK, ["titles", "many", [[[*TITLES, "🚀🚀"]]]])[0]
    assert many.pop()["chance"] is None
    assert [one["kind"] for one in said[-2:]] == ["sentences", "passages"]
    for text, one, row in zip(TITLES, said, many, strict=True):
        reading = served.read(text)
        assert [one["chance"], row["chance"]] == pytest.approx([reading.chance] * 2, abs=CLOSE), text
        assert one["kind"] == reading.kind
        assert one["legend"] == titles_words.SENTENCES[f"legend_{reading.kind}"]
        shown = [
            text.encode("utf-16-le")[2 * part["start"] : 2 * part["end"]].decode("utf-16-le")
            for part in one["parts"]
        ]
        assert shown == [text[part.start : part.end] for part in reading.parts]
        weights = [part.weight for part in reading.parts]
        assert [part["weight"] for part in one["parts"]] == pytest.approx(weights, abs=1e-3)
        assert one["linear"]["chance"] == pytest.approx(float(served.linear.chances([text])[0]), abs=1e-6)
        assert dict(one["linear"]["terms"]) == pytest.approx(served.linear.parts(text))
        assert one["doubts"] == titles_words.doubts(text, reading, served.linear)
        trust = titles_words.trust(served.trust(reading.chance)) if reading.kind == "words" else ""
        assert one["trust"].replace("\u00a0", " ") == trust


def test_the_tokens_are_those_of_the_library(page):
    letters = [chr(code) for code in range(0x21, 0x250)] + list("αβγσςжяאبก한月火")
    vocabulary = [
        "[PAD]",
        "[UNK]",
        "[CLS]",
        "[SEP]",
        "[MASK]",
        "moon",
        "##rise",
        *letters,
        *(f"##{one}" for one in letters),
    ]
    tokenizer = Tokenizer(
        models.WordPiece({one: place for place, one in enumerate(vocabulary)}, unk_token="[UNK]")
    )
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.add_special_tokens(["[UNK]", "[CLS]", "[SEP]", "[MASK]"])
    # Every character below U+3100 that is no letter, and samples of the others.
    codes = [code for code in range(0x3100) if code < 0x250 or unicodedata.category(chr(code))[0] != "L"]
    codes += [*range(0x250, 0xD800, 37), *range(0xE000, 0x110000, 997), *range(0x1F300, 0x1F700, 5)]
    texts = [f"moon{chr(code)}rise A{chr(code)}{chr(code)}" for code in codes]
    texts += [
        "[SEP] Moon [MASK]rise [CLS",
        "Ünïcode İstanbul ẞ ΣΑΣ ﬁ e\u0301\u0327",
        "a" * 101 + " b",
        "",
        "don't…”moon”—한국어 👩‍🚀",
    ]
    said = json.loads(page.evaluate(TOKENS, [json.loads(tokenizer.to_str()), characters.classes(), texts]))
    right = [
        [[token, *span] for token, span in zip(one.ids, one.offsets, strict=True)]
        for one in tokenizer.encode_batch(texts, add_special_tokens=False)
    ]
    assert [text for text, a, b in zip(texts, said, right, strict=True) if a != b] == []


def test_what_cannot_be_read_is_refused_with_a_sentence(page):
    picture = io.BytesIO()
    Image.new("RGB", (64, 64)).save(picture, "PNG")
    whole = picture.getvalue()
    wide = whole[:16] + (60_000).to_bytes(4, "big") + whole[20:]
    deep = whole[:24] + b"\x10" + whole[25:]
    small = io.BytesIO()
    Image.new("RGB", (64, 8)).save(small, "GIF")
    pictures = [
        b"",
        b"GIF89a",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        wide,
        deep,
        whole[:60],
        small.getvalue(),
    ]
    words = [
        "not an image",
        "not an image",
        "not an image",
        "60,000 × 64 pixels",
        "more than eight bits",
        "damaged",
        "too small",
    ]
    said = page.evaluate(SEE, [base64.b64encode(one).decode() for one in pictures])
    assert [word for word, one in zip(words, said, strict=True) if word not in one.get("wrong", "")] == []
    served = LandingPredictor(Path(snapshot_download("spacehub/falcon9-landing-classifier")))
    usual = {field.name: str(field.default) for field in served.fields}
    flights = [
        usual | {"booster_flight": "1,5"},
        usual | {"booster_flight": "1.5"},
        usual | {"block": "9e999"},
        usual | {"orbit": "<b>"},
        usual | {"block": ""},
        usual | {"earlier_attempts": "1"},
        usual | {"payload_mass_kg": "1e9"},
    ]
    words = [
        "must be a number",
        "must be a whole number",
        "must be a number",
        "'<b>', which",
        "is missing",
        "is larger than",
        "outside the range of the training data",
    ]
    said = page.evaluate(ASK, ["landing", "predict", [[flight] for flight in flights]])
    assert [word for word, one in zip(words, said, strict=True) if word not in one.get("wrong", "")] == []
    texts = ["", " \n", "🚀🚀", "a" * 1_000_001]
    words = ["no text", "no text", "contains nothing", "more than 1,000,000"]
    said = page.evaluate(ASK, ["titles", "classify", [[text] for text in texts]])
    assert [word for word, one in zip(words, said, strict=True) if word not in one.get("wrong", "")] == []


def test_files_of_many_are_answered_and_bad_ones_refused(page, tmp_path):
    served = LandingPredictor(Path(snapshot_download("spacehub/falcon9-landing-classifier")))
    page.click("#tab-landing")
    template = served.template()
    cells = template.splitlines()[1].split(",")
    name = served.names.index("orbit")
    odd = ",".join([*cells[:name], "Mars", *cells[name + 1 :]])
    for text, words in (
        (template + odd + "\n", "3 of 4 rows answered."),
        (template.replace(",", ";"), "3 of 3 rows answered."),
        ("orbit\nLEO\n", "does not have the columns"),
        (template + "LEO\n", "Row 4 has 1 cells"),
        (template + '"LEO', "never closed"),
        ("\0", "binary"),
        (b"\xff\xfe", "not text in UTF-8"),
        ("", "is empty"),
    ):
        path = tmp_path / "flights.csv"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        page.set_input_files("#landing-file", path)
        page.locator("#landing-many-answer", has_text=words).wait_for()
        page.set_input_files("#landing-file", [])
    page.click("#tab-titles")
    page.fill("#titles-lines", "The moon\n<img src=x>")
    page.click("#titles-lines-form button")
    page.locator("#titles-many-answer td", has_text="<img src=x>").wait_for()
    with page.expect_download() as download:
        page.click("#titles-many-answer a")
    answered = Path(download.value.path()).read_text().splitlines()
    assert answered[0] == "title,label,space_chance,linear_chance"
    assert answered[1].startswith(f"The moon,space,{title_model.chance('The moon'):.4f},")


def test_the_page_is_operated_by_keyboard_and_breaks_no_rule(page, axe, screenshots):
    page.focus("#tab-landing")
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.id") == "tab-satellite"
    page.keyboard.press("Tab")  # the course
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "satellite-file"
    page.locator("#satellite-examples button").first.press("Enter")
    page.locator("#satellite-answer .verdict").wait_for()
    page.focus("#tab-satellite")
    page.keyboard.press("End")
    page.fill("#titles-text", "The moon over my rocket")
    page.press("#titles-text", "Enter")
    page.locator("#titles-answer mark").first.wait_for()
    found = []
    for width, scheme in ((1280, "light"), (390, "dark")):
        page.set_viewport_size({"width": width, "height": 800})
        page.emulate_media(color_scheme=scheme)
        for key in "landing", "satellite", "titles":
            page.click(f"#tab-{key}")
            page.evaluate(ADD_STYLE, STILL)
            page.evaluate(axe)
            found += [f"{key}, {scheme}: {line}" for line in page.evaluate(RUN, [])]
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            screenshots(page, f"static-{key}-{width}.png", full_page=True)
    page.set_viewport_size({"width": 1280, "height": 900})
    assert found == []


# The page's policy allows no inline style.
ADD_STYLE = """(style) => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(style);
  document.adoptedStyleSheets = [sheet];
}"""


def test_it_works_without_a_connection_after_the_first_visit(page):
    page.locator("#offline", has_text="Landing, Satellite, Titles, the course").wait_for()
    page.context.set_offline(True)
    try:
        for path in "", "?seen=again", "course/index.html", "course/week-1.html":
            page.goto(page.address + path)
            assert page.locator("h1").first.is_visible()
        assert page.evaluate("[...document.images].length") > 0
        page.goto(page.address)
        page.locator("#landing-answer .verdict").wait_for()
        page.click("#tab-titles")
        page.fill("#titles-text", "The moon")
        page.press("#titles-text", "Enter")
        page.locator("#titles-answer .verdict").wait_for()
    finally:
        page.context.set_offline(False)


def test_a_model_file_that_is_not_the_published_one_is_not_used(page):
    wrong = """async (change) => {
      const {read} = await import('./web/hub.js');
      const {models} = await (await fetch('space.json')).json();
      return read({...models.landing.files.network, ...change}).then(() => 'used', (error) => error.message);
    }"""
    url = f"{page.hub.endpoint}/spacehub/none/resolve/main/a.onnx"
    # What the cache holds is checked too, and is then fetched again.
    assert "is damaged" in page.evaluate(wrong, {"sha256": "0" * 64})
    assert "larger than published" in page.evaluate(wrong, {"size": 10})
    assert "could not be loaded: the Hub answered 404" in page.evaluate(wrong, {"url": url})
    assert page.evaluate(wrong, {}) == "used"
    page.wrong[:] = [line for line in page.wrong if "404" not in line]


def test_its_files_are_small_linked_and_run_no_inline_script(page):
    folder = Path(snapshot_download(SPACE, repo_type="space"))
    script = sum(path.stat().st_size for path in [*folder.glob("web/*.js"), *folder.glob("*.js*")])
    assert script < 2**20
    pages = [folder / "index.html", *(folder / "course").glob("*.html")]
    # Three models on one page; the weeks' list, twelve weeks, the pages without a week, and the progress.
    assert len(pages) == 1 + 1 + WEEKS + len(EXTRAS) + 1
    for one in pages:
        text = one.read_text(encoding="utf-8")
        assert "default-src 'none'" in text
        assert not re.search(
            r"<style|<script(?! (?:type=\"module\" )?src=)| style=| on\w+=|unsafe-inline", text
        )
        for target in re.findall(r'(?:href|src)="(?!https?://|data:|#)([^"#]+)', text):
            path = urljoin(f"/{one.relative_to(folder).as_posix()}", target).lstrip("/")
            assert (folder / path).is_file(), (one.name, target)
    sources = "".join(path.read_text(encoding="utf-8") for path in (*folder.glob("web/*.js"), *folder.glob("course/static/*.js")))  # fmt: skip
    assert not re.search(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function", sources
    )
    front = (folder / "README.md").read_text(encoding="utf-8").split("---")[1]
    assert "sdk: static" in front
    described = json.loads((folder / "space.json").read_text(encoding="utf-8"))
    commit = HfApi().model_info("spacehub/space-titles-bert").sha
    assert f"/resolve/{commit}/tokenizer.json" in described["models"]["titles"]["files"]["tokenizer"]["url"]


def test_a_wrong_page_is_rolled_back(page, monkeypatch):
    before = HfApi().space_info(SPACE).sha
    pushed = snapshot_download(SPACE, repo_type="space")

    def broken(folder, facts):
        shutil.copytree(pushed, folder, dirs_exist_ok=True)
        (folder / "web" / "main.js").unlink()
        (folder / "web" / "main.js").write_text("broken")
        return folder

    monkeypatch.setattr(space, "_static_bundle", broken)
    with pytest.raises(WrongDeploymentError, match=r"main\.js differs from the pushed file") as caught:
        static_deploy.deploy_static(SPACE, say=lambda line: None)
    assert f"serves the previous version again: {before[:8]}" in caught.value.fix
    path = hf_hub_download(SPACE, "web/main.js", repo_type="space")
    assert "broken" not in Path(path).read_text()
    with urllib.request.urlopen(page.address + "web/main.js") as answer:
        assert answer.read() == Path(path).read_bytes()


@pytest.mark.parametrize(
    ("served", "same"),
    [
        (b"<head><p>page</p>", True),
        (b"<head><script>x</script><p>page</p>", True),
        (b"<head><p>page</p><script>x</script>", True),
        (b"<head><p>pag</p>", False),
        (b"<head><p>gape</p>", False),
        (b"<i><head><b><p>page</p>", False),
        (b"", False),
    ],
)
def test_a_host_may_insert_one_piece_into_a_page(served, same):
    assert static_check.same_page(served, b"<head><p>page</p>") is same


def test_without_npm_or_with_another_archive_it_says_what_to_do(tmp_path, monkeypatch):
    monkeypatch.setenv("SPACEHUB_HOME", str(tmp_path / "home"))
    npm = tmp_path / "npm"
    npm.write_text("#!/bin/sh\necho x > a.tgz\n")
    npm.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    with pytest.raises(SpaceHubError, match="is not the expected one"):
        runtime.runtime()
    npm.write_text("#!/bin/sh\necho ENOTFOUND >&2\nexit 1\n")
    with pytest.raises(SpaceHubError, match=r"could not fetch onnxruntime-web .*ENOTFOUND"):
        runtime.runtime()
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(SpaceHubError, match="but npm is not installed"):
        runtime.runtime()
