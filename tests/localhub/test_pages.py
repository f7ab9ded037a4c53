"""The web pages: everything public is there, nothing private, and nothing that was uploaded runs."""

import html
import re
from urllib.parse import urljoin

import httpx2
import pytest

CARD = """---
license: mit
tags: ['<b>tag</b>']
---
# Card

> [!NOTE]
> Read this.

<script>alert(1)</script><img src=x onerror=alert(1)><iframe src="/"></iframe><style>body {}</style>

| a | b |
|---|---|
| 1 | [up](../../../etc/passwd) [js](javascript:alert(1)) [out](https://example.org/x) |

<details>
<summary>More</summary>

| c |
|---|
| folded |

</details>

<img src="figures/a.png" alt="small" width="120">

![here](figures/a.png) ![there](https://example.org/track.png) ![data](data:image/png;base64,AA) [text](<a b/%231.txt>)
"""


@pytest.fixture
def filled(api):
    api.create_repo("seen")
    api.upload_file(path_or_fileobj=b"x", path_in_repo="a b/#1.txt", repo_id="spacehub/seen")
    picture = b"\x89PNG" + bytes(900)
    api.upload_file(path_or_fileobj=picture, path_in_repo="figures/a.png", repo_id="spacehub/seen")
    api.upload_file(
        path_or_fileobj=CARD.encode(),
        path_in_repo="README.md",
        repo_id="spacehub/seen",
        commit_message="<i>title",
    )
    api.create_repo("data", repo_type="dataset")
    api.create_repo("app", repo_type="space", space_sdk="static")
    api.create_repo("hidden", private=True)


def test_home(filled, local_hub):
    page = httpx2.get(f"{local_hub.endpoint}/", trust_env=False)
    assert page.headers["Content-Type"].startswith("text/html")
    for link in ('"/spacehub/seen"', '"/datasets/spacehub/data"', '"/spaces/spacehub/app"', "&lt;b&gt;tag"):
        assert link in page.text
    assert "hidden" not in page.text


def test_a_card_is_shown_and_nothing_in_it_runs(filled, local_hub, api):
    page = httpx2.get(f"{local_hub.endpoint}/spacehub/seen", trust_env=False)
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    commit = api.model_info("spacehub/seen").sha
    for shown in (
        "<h1>Card</h1>",
        "<p><strong>Note</strong><br>\nRead this.</p>",
        "<td>1</td>",
        "<details>\n<summary>More</summary>\n<table>",
        "<td>folded</td>",
        f'<img src="/spacehub/seen/resolve/{commit}/figures/a.png" alt="small" width="120">',
        f'<img src="/spacehub/seen/resolve/{commit}/figures/a.png" alt="here">',
        f'href="/spacehub/seen/blob/{commit}/etc/passwd"',
        'href="https://example.org/x"',
        "&lt;i&gt;title",
    ):
        assert shown in page.text
    assert page.text.index("<h1>Card</h1>") < page.text.index(">Files</h2>")
    for dropped in (
        "<script",
        "onerror",
        "<iframe",
        "body {}",
        'href="javascript',
        "track.png",
        "data:image",
    ):
        assert dropped not in page.text
    address = next(part for part in page.text.split('"') if part.endswith("a%20b/%231.txt"))
    assert "<pre>x</pre>" in httpx2.get(f"{local_hub.endpoint}{address}", trust_env=False).text


def test_every_link_leads_somewhere(filled, local_hub, api):
    """Follow each address on each page, within this Hub."""
    api.create_tag("spacehub/seen", tag="v1/a")
    seen, waiting = set(), ["/"]
    with httpx2.Client(base_url=local_hub.endpoint, trust_env=False, timeout=60) as client:
        while waiting:
            address = waiting.pop()
            answer = client.get(address)
            if address.endswith(("/etc/passwd", "/x")):  # the card's own mistakes
                assert answer.status_code == 404
                continue
            assert answer.status_code == 200, address
            if answer.headers["Content-Type"].startswith("text/html"):
                found = re.findall(r'(?:href|src)="([^"]*)"', answer.text)
                found = {urljoin(address, html.unescape(link)) for link in found if "://" not in link}
                waiting += found - seen
                seen |= found
    assert len(seen) > 15


@pytest.mark.parametrize(
    ("path", "content", "shown"),
    [
        ("t.py", b"if a < b:\n    pass\n", "if a &lt; b:\n    pass"),
        ("p.png", b"\x89PNG" + bytes(900), "<img src="),
        ("v.mp4", bytes(900), "<video src="),
        ("b.bin", bytes(900), "Download it to see it"),
        ("long.txt", b"x" * 300_000, "Download it to see it"),
    ],
)
def test_a_file_is_shown_as_what_it_is(local_hub, api, path, content, shown):
    api.create_repo("files", exist_ok=True)
    api.upload_file(path_or_fileobj=content, path_in_repo=f"d/{path}", repo_id="spacehub/files")
    page = httpx2.get(f"{local_hub.endpoint}/spacehub/files/blob/main/d/{path}", trust_env=False)
    assert shown in page.text


def test_history_and_what_a_commit_changed(local_hub, api):
    api.create_repo("past")
    for number in range(60):
        api.upload_file(
            path_or_fileobj=f"<a>{number}\n".encode(),
            path_in_repo="n.txt",
            repo_id="spacehub/past",
            commit_message=f"number {number}",
        )
    with httpx2.Client(base_url=f"{local_hub.endpoint}/spacehub/past", trust_env=False, timeout=60) as client:
        first = client.get("/commits/main").text
        assert "number 59" in first
        assert "number 9<" not in first
        assert "number 9<" in client.get("/commits/main?skip=50").text
        change = client.get(f"/commit/{api.model_info('spacehub/past').sha}").text
        assert '<span class="gone">-&lt;a&gt;58</span>' in change
        assert '<span class="added">+&lt;a&gt;59</span>' in change
        assert client.get("/commit/main").status_code == 200


def test_an_owner_has_a_page(filled, local_hub, api):
    api.create_repo("other/theirs")
    with httpx2.Client(base_url=local_hub.endpoint, trust_env=False, timeout=60) as client:
        page = client.get("/spacehub").text
        assert "spacehub/seen" in page
        assert "other/theirs" not in page
        assert "hidden" not in page
        assert client.get("/nobody").status_code == 200
        assert client.get("/datasets").status_code == 404
        assert client.get("/favicon.ico").status_code == 204


def test_search(filled, local_hub):
    page = httpx2.get(f"{local_hub.endpoint}/", params={"search": "DAT"}, trust_env=False).text
    assert "spacehub/data" in page
    assert "spacehub/seen" not in page


def test_repo_page_at_a_commit(filled, local_hub, api):
    first = api.list_repo_commits("spacehub/seen")[-1].commit_id
    page = httpx2.get(f"{local_hub.endpoint}/spacehub/seen/tree/{first}", trust_env=False)
    assert "No README.md" in page.text
    commits = httpx2.get(f"{local_hub.endpoint}/spacehub/seen/commits/main", trust_env=False)
    assert f'"/spacehub/seen/tree/{first}"' in commits.text
    assert httpx2.get(f"{local_hub.endpoint}/spacehub/seen/tree/nowhere", trust_env=False).status_code == 404


@pytest.mark.parametrize("path", ["/spacehub/hidden", "/spacehub/none", "/datasets/spacehub/seen"])
def test_what_may_not_be_seen_is_not_found(filled, local_hub, path):
    assert httpx2.get(f"{local_hub.endpoint}{path}", trust_env=False).status_code == 404
