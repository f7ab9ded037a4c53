"""The app through its endpoints, as a program meets it."""

import csv
import gzip
import json
import urllib.error
import urllib.request

import httpx2
import pandas as pd
import pytest
from gradio_client import handle_file
from huggingface_hub import HfApi

from space_app import bodies

FLIGHT = {
    "landing_type": "ASDS",
    "orbit": "LEO",
    "launch_site": "CCSFS SLC-40",
    "booster_flight": 3,
    "block": 5,
    "payload_mass_kg": 12_000,
}
MODEL, DATASET = "spacehub/falcon9-landing-classifier", "spacehub/falcon9-landings"


@pytest.fixture(scope="session")
def template(client):
    return client.predict(api_name="/landing_template")


@pytest.fixture
def answer_file(client, tmp_path):
    """Send bytes as a CSV file; return the answered rows and the summary."""

    def send(raw: bytes, name: str = "flights.csv"):
        path = tmp_path / name
        path.write_bytes(raw)
        answered, summary = client.predict(handle_file(path), api_name="/predict_landing_many")
        with open(answered, encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file)), summary

    return send


def test_every_endpoint_is_named_typed_and_documented(app):
    endpoints = app.client().view_api(return_format="dict")["named_endpoints"]
    # Those of the tabs Lab and Lander have tests of their own.
    assert {name for name in endpoints if not name.startswith("/lab_") and "lander" not in name} == {
        "/mission_control",
        "/predict_landing",
        "/predict_landing_many",
        "/landing_inputs",
        "/landing_examples",
        "/landing_template",
        "/classify_picture",
        "/map_scene",
        "/classify_title",
        "/classify_titles",
        "/classify_titles_file",
        "/read_card",
        "/model_versions",
    }
    for name, endpoint in endpoints.items():
        assert len(endpoint["description"]) > 40, name
        for parameter in endpoint["parameters"]:
            assert parameter["python_type"]["type"] not in ("", "Any"), name
            assert len(parameter["python_type"]["description"]) > 20, (name, parameter)


def test_the_parameters_are_the_fields_of_the_published_model(client):
    parameters = client.view_api(return_format="dict")["named_endpoints"]["/predict_landing"]["parameters"]
    fields = {field["name"]: field for field in client.predict(api_name="/landing_inputs")}
    assert {parameter["parameter_name"] for parameter in parameters} == set(fields)
    for parameter in parameters:
        field = fields[parameter["parameter_name"]]
        kind = "str" if field["kind"] == "category" else "int" if field["integer"] else "float"
        assert kind in parameter["python_type"]["type"]
        assert (field["choices"] != []) == (field["minimum"] is None) == (kind == "str")
        assert len(field["why"]) > 20


def test_a_prediction(client, published):
    answer = client.predict(**FLIGHT, api_name="/predict_landing")
    assert 0 < answer["probability"] < 1
    assert answer["base"] + sum(answer["contributions"].values()) == pytest.approx(
        answer["probability"], abs=1e-6
    )
    assert set(answer["contributions"]) == {
        field["name"] for field in client.predict(api_name="/landing_inputs")
    }
    trust = answer["reliability"]
    assert 0 <= trust["landed"] <= trust["n"]
    assert str(trust["landed"]) in trust["sentence"]
    assert [flight["distance"] for flight in answer["similar_flights"]] == sorted(
        flight["distance"] for flight in answer["similar_flights"]
    )
    assert len(answer["similar_flights"]) == 5
    newest = HfApi(endpoint=published.endpoint, token=False).model_info(MODEL).sha
    assert (answer["model"], answer["commit"]) == (MODEL, newest)


def test_payload_mass_may_be_unknown_and_counts_when_it_is_known(client):
    fields = {field["name"]: field for field in client.predict(api_name="/landing_inputs")}
    mass = fields["payload_mass_kg"]
    unknown = client.predict(**FLIGHT | {"payload_mass_kg": None}, api_name="/predict_landing")
    masses = [
        client.predict(**FLIGHT | {"payload_mass_kg": kg}, api_name="/predict_landing")["contributions"]
        for kg in (mass["minimum"], mass["maximum"])
    ]
    assert 0 < unknown["probability"] < 1
    # A few trees on the simulated sample may make nothing of the mass.
    assert masses[0] != masses[1] or unknown["simulated"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"landing_type": ""}, ["landing_type", "is missing", "Enter one of: ", "ASDS"]),
        ({"landing_type": None}, ["landing_type", "is missing", "Enter one of"]),
        ({"orbit": "Mars orbit"}, ["orbit", "'Mars orbit'", "Enter one of", "LEO"]),
        ({"orbit": 7}, ["orbit", "must be text"]),
        ({"launch_site": ["CCSFS SLC-40"]}, ["launch_site", "must be text"]),
        ({"launch_site": "<script>alert(1)</script>"}, ["launch_site", "training data"]),
        (
            {"booster_flight": "three"},
            ["booster_flight", "must be a number, but is 'three'", "Enter a whole number"],
        ),
        ({"booster_flight": None}, ["booster_flight", "is missing"]),
        ({"booster_flight": 2.5}, ["booster_flight", "must be a whole number"]),
        ({"booster_flight": -1}, ["booster_flight", "-1", "Enter a whole number from 1"]),
        ({"block": True}, ["block", "must be a number"]),
        ({"payload_mass_kg": 1e300}, ["payload_mass_kg", "kg"]),
        ({"payload_mass_kg": {"kg": 1}}, ["payload_mass_kg", "must be a number"]),
        ({"landed_share_last_ten": 11}, ["landed_share_last_ten", "from 0"]),
        (
            {"earlier_attempts": 2, "earlier_attempts_same_type": 2, "earlier_attempts_same_block": 5},
            ["earlier_attempts_same_block", "(5) is larger than", "Use a value of at most 2"],
        ),
        ({"orbit": None, "block": "x"}, ["orbit", "is missing", "block", "must be a number"]),
    ],
    ids=str,
)
def test_a_bad_value_is_a_sentence_that_names_the_field_and_the_fix(client, change, words):
    with pytest.raises(Exception, match=words[0]) as caught:
        client.predict(**FLIGHT | change, api_name="/predict_landing")
    for word in words:
        assert word in str(caught.value)
    assert client.predict(**FLIGHT, api_name="/predict_landing")["probability"] > 0


def test_many_flights_get_the_answers_that_each_gets_alone(client, answer_file, template):
    rows, summary = answer_file(template.encode())
    assert "3 of 3 rows answered" in summary
    examples = client.predict(api_name="/landing_examples")
    for row, example in zip(rows, examples, strict=True):
        alone = client.predict(**example["flight"], api_name="/predict_landing")["probability"]
        assert float(row["landing_probability"]) == pytest.approx(alone, abs=1e-4)


def test_rows_at_fault_are_named_and_the_others_answered(answer_file, template):
    head, first, *_ = template.splitlines()
    orbit = head.split(",").index("orbit")
    cells = first.split(",")
    bad = ",".join([*cells[:orbit], "<b>Mars</b>", *cells[orbit + 1 :]])
    rows, summary = answer_file(
        "\n".join([head + ",note", first + ",one", bad + ",two", first + ",three"]).encode()
    )
    assert [bool(row["landing_probability"]) for row in rows] == [True, False, True]
    assert [row["note"] for row in rows] == ["one", "two", "three"]
    assert "(orbit) is '<b>Mars</b>'" in rows[1]["problem"]
    assert (rows[0]["problem"], rows[2]["problem"]) == ("", "")
    assert "2 of 3 rows answered" in summary
    assert "Row 2:" in summary
    assert "<b>" not in summary.replace("\\<b\\>", "")


def test_a_european_spreadsheet_and_columns_of_ones_own_come_back(client, template, tmp_path):
    """The app's own template as a German Excel saves it, with columns that are named like the app's."""
    lines = [line.split(",") + ["mine"] * 2 for line in template.strip().splitlines()]
    lines[0][-2:] = ["problem", "landing_probability"]
    lines = [[cell.replace(".", ",") if cell[:1].isdigit() else cell for cell in line] for line in lines]
    sent, plain = tmp_path / "german.csv", tmp_path / "plain.csv"
    sent.write_bytes(("\ufeff" + "\r\n".join("\t".join(line) for line in lines)).encode("utf-16-le"))
    plain.write_text(template)
    path, summary = client.predict(handle_file(sent), api_name="/predict_landing_many")
    reply = pd.read_csv(path, sep="\t", decimal=",", encoding="utf-16", dtype=str)
    expected, _ = client.predict(handle_file(plain), api_name="/predict_landing_many")
    assert reply.columns[-3:].tolist() == ["problem", "landing_probability", "landing_probability_2"]
    assert reply["problem"].tolist() == ["mine"] * 3
    assert (
        reply["landing_probability_2"].str.replace(",", ".").tolist()
        == pd.read_csv(expected, dtype=str)["landing_probability"].tolist()
    )
    assert (
        "already has a column named landing\\_probability, so the new column is named landing\\_probability\\_2"
        in summary
    )


def test_a_file_without_experience_is_answered_as_a_call_without_it(client, answer_file):
    line = ",".join(FLIGHT) + "\n" + ",".join(map(str, FLIGHT.values()))
    rows, summary = answer_file(line.encode())
    alone = client.predict(**FLIGHT, api_name="/predict_landing")["probability"]
    assert float(rows[0]["landing_probability"]) == pytest.approx(alone, abs=1e-4)
    assert set(rows[0]) == {*FLIGHT, "landing_probability"}
    assert "1 of 1 rows answered" in summary
    assert "All rows use the default values" in summary


@pytest.mark.parametrize(
    ("experience", "words"),
    [
        ({"earlier_attempts": ""}, "(earlier_attempts) is missing"),
        (
            {"earlier_attempts": 2, "earlier_attempts_same_type": 5, "earlier_attempts_same_block": 0},
            "(earlier_attempts_same_type) (5) is larger than Earlier landing attempts (earlier_attempts) (2)",
        ),
    ],
    ids=["blank", "impossible"],
)
def test_experience_that_cannot_be_is_a_problem_of_its_row(answer_file, experience, words):
    flight = FLIGHT | experience
    rows, _ = answer_file((",".join(flight) + "\n" + ",".join(map(str, flight.values()))).encode())
    assert words in rows[0]["problem"]
    assert rows[0]["landing_probability"] == ""


def test_a_hundred_thousand_rows(answer_file, template):
    head, first, *_ = template.splitlines()
    rows, summary = answer_file("\n".join([head, *[first] * 100_000]).encode())
    assert "100,000 of 100,000 rows answered" in summary
    assert len({row["landing_probability"] for row in rows}) == 1


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda head, row: b"", "The file is empty"),
        (lambda head, row: head, "no data rows"),
        (lambda head, row: b"orbit\nLEO\n", "does not have the columns"),
        (lambda head, row: head.replace(b",", b";") + b"\n" + row, "Line 2 has 1 cells"),
        (
            lambda head, row: head + b"\n" + row + b'\n"' + row,
            "quoted cell that starts on line 3 is not closed",
        ),
        (lambda head, row: head + b"\n" + row.replace(b",", b"\xc5,", 1), "not encoded in UTF-8"),
        (lambda head, row: b"PK\x03\x04" + bytes(100), "is a binary file"),
        (lambda head, row: head + b"\n" + row + b",1,2", "Line 2 has"),
        (lambda head, row: head + (b"\n" + row) * 100_001, "more than 100,000 rows"),
    ],
    ids=["empty", "header", "columns", "semicolons", "quote", "latin-1", "binary", "ragged", "too many"],
)
def test_a_bad_file_is_a_sentence(client, answer_file, template, make, words):
    head, row = (line.encode() for line in template.splitlines()[:2])
    with pytest.raises(Exception, match=words):
        answer_file(make(head, row))
    assert client.predict(**FLIGHT, api_name="/predict_landing")["probability"] > 0


def test_no_file_is_a_sentence(client):
    with pytest.raises(Exception, match="The parameter file"):
        client.predict(None, api_name="/predict_landing_many")


def test_mission_control_tells_what_the_hub_tells(client, published):
    api = HfApi(endpoint=published.endpoint, token=False)
    entries = {entry["key"]: entry for entry in client.predict(api_name="/mission_control")}
    model, dataset = entries["landing"], entries["falcon9-landings"]
    assert (model["key"], model["state"], model["commit"]) == (
        "landing",
        "published",
        api.model_info(MODEL).sha,
    )
    assert model["headline"]["low"] < model["headline"]["value"] < model["headline"]["high"]
    assert model["headline"]["n"] > 50
    later = model["forward_in_time"]
    assert (model["headline"]["split"], later["split"]) == ("shuffled", "time-ordered")
    for number in model["headline"], later:
        assert 0 < number["failures"] < number["n"]
        assert number["baseline"]["base_rate"] > 0
    assert (dataset["key"], dataset["state"]) == ("falcon9-landings", "published")
    assert dataset["commit"] == api.dataset_info(DATASET).sha
    assert dataset["rows"] > 50
    assert model["simulated"] == dataset["simulated"]


@pytest.mark.parametrize(
    ("repo", "kind", "words"),
    [
        ("landing", "model", "booster"),
        (MODEL, "model", "landing"),
        ("falcon9-landings", "dataset", "Falcon 9"),
        (f"datasets/{DATASET}", "dataset", "Falcon 9"),
    ],
)
def test_a_card(client, repo, kind, words):
    card = client.predict(repo, api_name="/read_card")
    assert card["kind"] == kind
    assert words in card["text"]
    assert "license: " in card["front_matter"]
    assert len(card["commit"]) == 40


@pytest.mark.parametrize(
    ("repo", "words"),
    [
        ("", "The name is missing"),
        (None, "The parameter repo"),
        (7, "The parameter repo"),
        ("no-such-key", "is not a valid repository name"),
        ("../../etc/passwd", "is not a valid repository name"),
        ("a/b/c/d", "is not a valid repository name"),
        ("nobody/nothing", "This Hub has no model named nobody/nothing"),
        ("datasets/nobody/nothing", "This Hub has no dataset named nobody/nothing"),
    ],
)
def test_a_card_that_is_not_there_is_a_sentence(client, repo, words):
    with pytest.raises(Exception, match=words):
        client.predict(repo, api_name="/read_card")


def test_the_versions_of_a_model(client, published):
    found = client.predict("lander", api_name="/model_versions")
    assert [one["name"] for one in found] == ["Mean reward"] * len(found) != []
    for one in found:
        assert one["low"] <= one["value"] <= one["high"]
    commits = HfApi(endpoint=published.endpoint).list_repo_commits("spacehub/ppo-LunarLander-v3")
    assert {one["commit"] for one in found} <= {commit.commit_id for commit in commits}
    with pytest.raises(Exception, match="no version history for"):
        client.predict("falcon9-landings", api_name="/model_versions")


def test_a_card_cannot_pass_a_file_of_the_server_for_its_own(client, published):
    file = {"path": str(published.folder / "hub" / "token"), "meta": {"_type": "gradio.FileData"}}
    card = f"---\nlicense: mit\nfile: {json.dumps(file)}\n---\n# Hostile\n"
    api = HfApi(endpoint=published.endpoint, token=published.token)
    api.create_repo("spacehub/hostile", exist_ok=True)
    api.upload_file(path_or_fileobj=card.encode(), path_in_repo="README.md", repo_id="spacehub/hostile")
    answer = client.predict("spacehub/hostile", api_name="/read_card")
    assert json.dumps(file) in answer["front_matter"]
    assert published.token not in str(answer)


def test_a_private_card_is_not_shown_to_visitors(client, published):
    api = HfApi(endpoint=published.endpoint, token=published.token)
    api.create_repo("spacehub/secret", private=True)
    api.upload_file(path_or_fileobj=b"# hidden", path_in_repo="README.md", repo_id="spacehub/secret")
    with pytest.raises(Exception, match="This Hub has no model named spacehub/secret"):
        client.predict("spacehub/secret", api_name="/read_card")


@pytest.mark.parametrize(
    "path",
    [
        "gradio_api/file=/etc/passwd",
        "gradio_api/file={root}/space_app/app.py",
        "gradio_api/file={root}/.git/config",
        "gradio_api/file={home}/app.log",
        "monitoring",
        "monitoring/summary",
        "gradio_api/proxy=http://127.0.0.1:1/x",
    ],
)
def test_nothing_else_is_served(app, path, request):
    address = app.address + path.format(root=request.config.rootpath, home=app.log.parent)
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(address, timeout=10)
    assert 400 <= caught.value.code < 500


def test_a_file_over_the_limit_is_refused(answer_file):
    with pytest.raises(Exception, match=r"The file is 21 MB, but the limit is 20 MB\. Remove columns"):
        answer_file(bytes(21 * 2**20))


def test_the_page_is_sent_compressed(app):
    request = urllib.request.Request(app.address, headers={"Accept-Encoding": "gzip"})
    with urllib.request.urlopen(request, timeout=10) as answer:
        assert answer.headers["Content-Encoding"] == "gzip"
        sent = answer.read()
    assert b"<!doctype html>" in gzip.decompress(sent)[:200].lower()
    assert len(sent) < 250_000


def test_the_page_keeps_to_itself(app):
    with urllib.request.urlopen(app.address, timeout=10) as answer:
        policy = answer.headers["Content-Security-Policy"]
        page = answer.read().decode()
    assert "default-src 'self'" in policy
    assert "fonts.googleapis.com" not in page
    assert "hf_" not in page


@pytest.mark.parametrize("path", ["queue/join", "call/classify_title", "mcp/"])
def test_a_body_that_is_too_long_is_refused(path, app):
    address = f"http://127.0.0.1:{app.port}/gradio_api/{path}"
    headers = {"Content-Type": "application/json", "Accept": "application/json, text/event-stream"}
    long = b'{"data": ["' + b"a" * bodies.MOST + b'"]}'

    def in_parts():
        yield from (long[at : at + 2**20] for at in range(0, len(long), 2**20))

    for content in (long, in_parts()):
        answer = httpx2.post(address, content=content, headers=headers, trust_env=False)
        assert answer.status_code in (400, 413)
        assert len(answer.content) < 1_000


def test_a_visitor_has_few_heavy_jobs_at_a_time(app, client):
    client.predict("heuristic", api_name="/film_lander")  # starts the workers
    address = f"http://127.0.0.1:{app.port}/gradio_api/call/film_lander"
    with app.stopped_workers():
        sent = [
            httpx2.post(address, json={"data": ["heuristic", None, seed, -10, 0, 0]}, trust_env=False)
            for seed in range(10, 16)
        ]
    begun = [answer.json()["event_id"] for answer in sent if answer.status_code == 200]
    refused = [answer.text for answer in sent if answer.status_code != 200]
    assert len(begun) == 3
    assert all("You already have 3 jobs of this kind" in text for text in refused)
    for event in begun:
        ended = httpx2.get(f"{address}/{event}", trust_env=False, timeout=200).text
        assert "event: complete" in ended
