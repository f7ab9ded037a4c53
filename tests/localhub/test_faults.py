"""Faults on demand: the official client's retries, timeouts and errors, tested against a Hub that fails on demand."""

import pytest
from huggingface_hub import HfApi
from huggingface_hub.errors import HfHubHTTPError

from localhub import LocalHub

httpx = pytest.importorskip("httpx2")


@pytest.fixture(scope="module")
def shared():
    with LocalHub() as hub:
        api = HfApi(endpoint=hub.endpoint, token=hub.token)
        api.create_repo("r")
        api.upload_file(path_or_fileobj=b"0123456789" * 5000, path_in_repo="a.txt", repo_id="spacehub/r")
        yield hub, api


@pytest.fixture
def hub(shared):
    yield shared[0]
    shared[0].recover()


@pytest.fixture
def api(shared):
    return shared[1]


@pytest.fixture
def get(hub):
    with httpx.Client(base_url=hub.endpoint, trust_env=False, timeout=30) as client:
        yield client.get


def test_an_error_as_often_as_asked(hub, get):
    fault = hub.fail("/api/models/*", status=429, headers={"Retry-After": "7"}, message="Slow down", times=2)
    for _ in range(2):
        answer = get("/api/models/spacehub/r")
        assert (answer.status_code, answer.headers["Retry-After"]) == (429, "7")
        assert answer.json() == {"error": "Slow down"}
        assert answer.headers["X-Error-Message"] == "Slow down"
    assert get("/api/models/spacehub/r").status_code == 200
    assert fault.hits == 2


def test_which_requests(hub, get, api):
    only_head = hub.fail("*/resolve/main/a b.txt", method="HEAD", status=403, times=None)
    api.upload_file(path_or_fileobj=b"x", path_in_repo="a b.txt", repo_id="spacehub/r")
    assert get("/spacehub/r/resolve/main/a%20b.txt?download=true").content == b"x"
    assert only_head.hits == 0
    with pytest.raises(HfHubHTTPError):
        api.get_hf_file_metadata(url=f"{hub.endpoint}/spacehub/r/resolve/main/a%20b.txt")
    hub.recover()
    assert api.get_hf_file_metadata(url=f"{hub.endpoint}/spacehub/r/resolve/main/a%20b.txt").size == 1
    first, second = hub.fail("/healthz", status=500), hub.fail("/healthz", status=502)
    assert [get("/healthz").status_code for _ in range(3)] == [500, 502, 200]
    assert (first.hits, second.hits) == (1, 1)


def test_the_client_tries_again(hub, api, tmp_path):
    """A download that breaks in the middle goes on from there."""
    broken = hub.drop("*/resolve/*/a.txt", after=20_000, method="GET")
    path = api.hf_hub_download("spacehub/r", "a.txt", local_dir=tmp_path)
    with open(path, "rb") as file:
        assert file.read() == b"0123456789" * 5000
    assert broken.hits == 1


@pytest.mark.parametrize("after", [0, 1, 49_999])
def test_a_broken_connection(hub, get, after):
    hub.drop("*/a.txt", after=after)
    with pytest.raises(httpx.RemoteProtocolError if after else httpx.TransportError):
        get("/spacehub/r/resolve/main/a.txt")
    assert len(get("/spacehub/r/resolve/main/a.txt").content) == 50_000


def test_an_answer_that_is_lost(hub, api):
    """The commit is made, its answer never comes."""
    before = api.model_info("spacehub/r").sha
    hub.drop("*/commit/main", times=None)
    with pytest.raises(httpx.TransportError):
        api.upload_file(path_or_fileobj=b"lost", path_in_repo="lost.txt", repo_id="spacehub/r")
    hub.recover()
    assert api.model_info("spacehub/r").sha != before
    assert api.file_exists("spacehub/r", "lost.txt")


def test_a_slow_answer(hub):
    hub.delay("/healthz", 30)
    with httpx.Client(base_url=hub.endpoint, trust_env=False, timeout=0.2) as client:
        with pytest.raises(httpx.ReadTimeout):
            client.get("/healthz")
        assert client.get("/healthz").status_code == 200


def test_a_full_disk(hub, api):
    with hub.full_disk():
        for content in (b"text", b"\0large"):
            with pytest.raises((HfHubHTTPError, RuntimeError)) as full:
                api.upload_file(path_or_fileobj=content, path_in_repo="new", repo_id="spacehub/r")
            error = full.value.__cause__ if isinstance(full.value, RuntimeError) else full.value
            assert error.response.status_code == 507
        assert api.model_info("spacehub/r").sha
    api.upload_file(path_or_fileobj=b"\0large", path_in_repo="new", repo_id="spacehub/r")
