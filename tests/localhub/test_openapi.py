"""The Hub's own description is valid and whole, and nothing that fits it breaks the Hub (schemathesis)."""

import json
import random

import httpx2
import pytest
import requests
from huggingface_hub import HfApi
from hypothesis import HealthCheck, Phase, given, seed, settings

from localhub import LocalHub
from localhub.web.openapi_reads import reads
from localhub.web.routes import commit, discussions, listing, repos
from tests.doses import dose

KNOWN = {
    "type": "models",
    "namespace": "spacehub",
    "name": "r",
    "revision": "main",
    "path": "a.txt",
    "num": "1",
}


@pytest.fixture(scope="module")
def hub():
    with LocalHub() as hub:
        api = HfApi(endpoint=hub.endpoint, token=hub.token)
        api.create_repo("r")
        api.upload_file(path_or_fileobj=b"hello", path_in_repo="a.txt", repo_id="spacehub/r")
        api.create_discussion("spacehub/r", title="a discussion")
        yield hub


@pytest.fixture(scope="module")
def description(hub):
    return httpx2.get(f"{hub.endpoint}/openapi.json", trust_env=False, timeout=60).raise_for_status().json()


@pytest.fixture(scope="module")
def schema(description):
    """The description, as schemathesis reads it. Only the worker that runs these tests imports schemathesis."""
    import schemathesis

    @schemathesis.serializer("application/x-ndjson")
    def lines(context, value):
        """A commit whose header is as it should be, with whatever lines follow."""
        header = {"key": "header", "value": {"summary": "a commit"}}
        return b"".join(json.dumps(line).encode() + b"\n" for line in [header, *value])

    return schemathesis.openapi.from_dict(description)


def test_it_is_valid_and_describes_every_address(description, schema):
    schema.validate()
    assert all(result.ok().label for result in schema.get_all_operations())
    paths = description["paths"]
    assert set(paths["/api/{type}/{namespace}/{name}/branch/{branch}"]) == {"post", "delete"}
    assert "/datasets/{namespace}/{name}/resolve/{revision}/{path}" in paths
    assert len(paths) > 80
    assert [
        path for path, methods in paths.items() for method in methods.values() if not method["summary"]
    ] == []


@pytest.mark.parametrize(
    ("handler", "query", "body"),
    [
        (repos.create, set(), {"name", "organization", "type", "sdk", "private", "visibility"}),
        (repos.move, set(), {"fromRepo", "toRepo", "type"}),
        (commit.preupload, {"create_pr"}, {"files", "gitIgnore"}),
        (discussions.comment, set(), {"comment"}),
        (listing.repos, {"author", "search", "filter", "sort", "limit", "skip", "full", "expand"}, set()),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_it_describes_what_is_read(handler, query, body):
    found = reads(handler)
    assert query <= set(found.query)
    assert body <= set(found.body)


def test_nothing_that_fits_it_breaks_the_hub(hub, schema):
    operations = [result.ok() for result in schema.get_all_operations()]
    each = dose(2, 30)
    chance, broken, sent = random.Random(2026), [], 0
    headers = {"Authorization": f"Bearer {hub.token}"}
    with requests.Session() as session:
        session.trust_env = False
        for operation in operations:

            @seed(2026)
            @settings(
                max_examples=each,
                phases=[Phase.generate],
                database=None,
                deadline=None,
                suppress_health_check=list(HealthCheck),
            )
            @given(case=operation.as_strategy())
            def send(case):
                nonlocal sent
                for name in set(case.path_parameters or {}) & set(KNOWN):
                    if chance.random() < 0.7:
                        case.path_parameters[name] = KNOWN[name]
                answer = case.call(base_url=hub.endpoint, session=session, headers=headers)
                sent += 1
                if answer.status_code >= 500 and answer.status_code not in (501, 507):
                    broken.append((case.as_curl_command(), answer.status_code))

            send()
    assert broken == []
    assert sent >= len(operations)
