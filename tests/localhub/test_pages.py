"""The web pages: everything public is there, nothing private, and nothing that was uploaded runs."""

import httpx2
import pytest

CARD = b"---\nlicense: mit\ntags: ['<b>tag</b>']\n---\n# Card\n<script>alert(1)</script>\n"


@pytest.fixture
def filled(api):
    api.create_repo("seen")
    api.upload_file(
        path_or_fileobj=CARD, path_in_repo="README.md", repo_id="spacehub/seen", commit_message="<i>title"
    )
    api.upload_file(path_or_fileobj=b"x", path_in_repo="a b/#1.txt", repo_id="spacehub/seen")
    api.create_repo("data", repo_type="dataset")
    api.create_repo("app", repo_type="space", space_sdk="static")
    api.create_repo("hidden", private=True)


def test_home(filled, local_hub):
    page = httpx2.get(f"{local_hub.endpoint}/", trust_env=False)
    assert page.headers["Content-Type"].startswith("text/html")
    for link in ('"/spacehub/seen"', '"/datasets/spacehub/data"', '"/spaces/spacehub/app"', "&lt;b&gt;tag"):
        assert link in page.text
    assert "hidden" not in page.text


def test_repo_page_shows_text_as_text(filled, local_hub):
    page = httpx2.get(f"{local_hub.endpoint}/spacehub/seen", trust_env=False)
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page.text
    assert "&lt;i&gt;title" in page.text
    assert "<script" not in page.text
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    address = next(part for part in page.text.split('"') if part.endswith("a%20b/%231.txt"))
    assert httpx2.get(f"{local_hub.endpoint}{address}", trust_env=False).text == "x"


def test_repo_page_at_a_commit(filled, local_hub, api):
    first = api.list_repo_commits("spacehub/seen")[-1].commit_id
    page = httpx2.get(f"{local_hub.endpoint}/spacehub/seen/tree/{first}", trust_env=False)
    assert "No README.md" in page.text
    newest = httpx2.get(f"{local_hub.endpoint}/spacehub/seen", trust_env=False)
    assert f'"/spacehub/seen/tree/{first}"' in newest.text
    assert httpx2.get(f"{local_hub.endpoint}/spacehub/seen/tree/nowhere", trust_env=False).status_code == 404


@pytest.mark.parametrize("path", ["/spacehub/hidden", "/spacehub/none", "/datasets/spacehub/seen"])
def test_what_may_not_be_seen_is_not_found(filled, local_hub, path):
    assert httpx2.get(f"{local_hub.endpoint}{path}", trust_env=False).status_code == 404
