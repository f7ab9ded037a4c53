"""What the app does as the Hub changes under it: nothing there yet, published, replaced, broken, away."""

import json
import shutil
import time

import pytest
from huggingface_hub import HfApi

from tests.processes import HubProcess, stop
from tests.space_app.conftest import AppProcess
from tests.space_app.test_app_endpoints import FLIGHT, MODEL


@pytest.fixture(scope="module")
def new_hub(tmp_path_factory):
    hub = HubProcess(tmp_path_factory.mktemp("new-hub"))
    yield hub
    stop(hub.process)


@pytest.fixture(scope="module")
def progress(tmp_path_factory):
    return tmp_path_factory.mktemp("progress")


@pytest.fixture(scope="module")
def new_app(new_hub, progress, tmp_path_factory):
    app = AppProcess(tmp_path_factory.mktemp("new-app"), new_hub, SPACEHUB_PROGRESS=str(progress))
    yield app
    stop(app.process)
    assert "Traceback" not in app.log.read_text()


@pytest.fixture(scope="module")
def simulated(published, tmp_path_factory):
    """The landing model as it is where real data could not be had."""
    folder = tmp_path_factory.mktemp("simulated") / "landing"
    shutil.copytree(published.artefacts / "landing", folder)
    results = json.loads((folder / "results.json").read_text())
    (folder / "results.json").write_text(json.dumps(results | {"simulated": True}))
    return folder


def eventually(ask, holds, seconds: float = 20):
    deadline = time.monotonic() + seconds
    while not holds(answer := ask()):
        assert time.monotonic() < deadline, answer
        time.sleep(0.2)
    return answer


def test_the_whole_life_of_a_model(published, simulated, new_hub, new_app, progress):
    """One story, in its order, over one Hub."""
    client = new_app.client()

    def model():
        return client.predict(api_name="/mission_control")[0]

    def predict():
        return client.predict(**FLIGHT, api_name="/predict_landing")

    with pytest.raises(Exception, match=r"To publish it, run: \.venv/bin/spacehub publish landing"):
        predict()
    assert (model()["state"], model()["commit"]) == ("not published", None)

    state = {"key": "landing", "stage": "cross-validation", "done": 3, "total": 8, "seconds_left": 40.2}
    (progress / "landing.json").write_text(json.dumps(state))
    assert model()["state"] == "in progress"
    words = "In progress: cross-validation, 3 of 8, about 40 s left"
    with pytest.raises(Exception, match=words):
        predict()
    (progress / "landing.json").write_text(json.dumps({"key": "landing", "problem": "The disk is full."}))
    assert (model()["state"], model()["note"]) == ("problem", "Publishing failed: The disk is full.")

    new_hub.push(published.artefacts / "landing", MODEL)
    first = eventually(model, lambda row: row["state"] == "published")
    answer = predict()
    assert answer["commit"] == first["commit"]

    broken = new_hub.folder / "broken"
    shutil.copytree(published.artefacts / "landing", broken)
    (broken / "onnx" / "model.onnx").write_bytes(b"no model")
    new_hub.push(broken, MODEL)
    row = eventually(model, lambda row: row["state"] == "problem")
    assert "cannot be used" in row["note"]
    assert predict() == answer

    new_hub.push(simulated, MODEL)
    row = eventually(model, lambda row: row["state"] == "published" and not row["note"])
    assert row["commit"] != first["commit"]
    assert row["simulated"]
    assert predict() == answer | {"commit": row["commit"], "simulated": True}

    stop(new_hub.process)
    time.sleep(3)
    assert predict()["probability"] == answer["probability"]
    with pytest.raises(
        Exception, match=f"The Hub at {new_hub.endpoint} does not answer. Check that the Hub is running"
    ):
        client.predict("landing", api_name="/read_card")
    new_hub.start()
    eventually(lambda: client.predict("landing", api_name="/read_card"), lambda card: card["text"])


@pytest.mark.browser
def test_a_model_appears_the_moment_it_is_published(
    simulated, new_hub, new_app, progress, open_page, screenshots
):
    HfApi(endpoint=new_hub.endpoint, token=new_hub.token).delete_repo(MODEL, missing_ok=True)
    (progress / "landing.json").unlink(missing_ok=True)
    page = open_page(new_app)
    page.locator('[data-key="landing"][data-state="not published"]').wait_for()
    screenshots(page, "mission-control-empty.png")
    state = {"key": "landing", "stage": "cross-validation", "done": 3, "total": 8, "seconds_left": 40.2}
    (progress / "landing.json").write_text(json.dumps(state))
    page.get_by_text("cross-validation, 3 of 8, about 40 s left").wait_for()
    screenshots(page, "mission-control-in-progress.png")
    page.get_by_role("tab", name="Landing").click()
    page.get_by_text("This tab becomes available as soon as").wait_for()
    assert page.get_by_role("button", name="Predict").count() == 0
    screenshots(page, "landing-in-progress.png")
    new_hub.push(simulated, MODEL)
    page.get_by_role("button", name="Predict").wait_for()
    page.wait_for_selector(".chance")
    page.get_by_text("This model was trained on generated flights").wait_for()
    page.get_by_text("Simulated flights to try").wait_for()
    page.wait_for_selector("#bars .barlayer")
    assert "real flight" not in page.locator("#landing").inner_text()
    screenshots(page, "landing-simulated.png", full_page=True)
    page.get_by_role("tab", name="Mission control").click()
    card = page.locator('[data-key="landing"][data-state="published"]')
    card.wait_for()
    assert "Simulated data" in card.inner_text()
    stop(new_hub.process)
    page.get_by_text("The Hub cannot be reached.").wait_for()
    screenshots(page, "mission-control-hub-away.png")
    page.get_by_role("tab", name="Landing").click()
    page.get_by_role("button", name="A failure").click()
    page.get_by_text("a simulated flight. The booster was lost").wait_for()
    page.close()
