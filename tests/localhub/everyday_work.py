"""What one does on a Hub on an ordinary day, with any release of huggingface_hub from 0.36 on.

HF_ENDPOINT=... HF_TOKEN=... python everyday_work.py FOLDER
"""

import os
import sys
from pathlib import Path

from huggingface_hub import (
    CommitOperationAdd,
    CommitOperationDelete,
    HfApi,
    HfFileSystem,
    __version__,
    snapshot_download,
)
from huggingface_hub.utils import EntryNotFoundError, HfHubHTTPError, RepositoryNotFoundError

folder = Path(sys.argv[1])
api = HfApi()
me = api.whoami()["name"]
repo = f"{me}/everyday"
assert api.create_repo(repo).repo_id == repo
assert api.create_repo(repo, exist_ok=True).repo_id == repo

(folder / "up/sub").mkdir(parents=True)
contents = {"a.txt": b"text", "sub/b.bin": os.urandom(3_000_000), "c.safetensors": os.urandom(9000)}
for name, data in contents.items():
    (folder / "up" / name).write_bytes(data)
uploaded = api.upload_folder(repo_id=repo, folder_path=folder / "up", commit_message="all")
card = b"---\nlicense: mit\npipeline_tag: image-classification\n---\n# Everyday"
api.upload_file(path_or_fileobj=card, path_in_repo="README.md", repo_id=repo)

down = Path(snapshot_download(repo, local_dir=folder / "down"))
for name, data in contents.items():
    assert (down / name).read_bytes() == data, name
info = api.model_info(repo, files_metadata=True)
assert info.pipeline_tag == "image-classification"
assert {file.rfilename: file.size for file in info.siblings}["sub/b.bin"] == 3_000_000
assert [model.id for model in api.list_models(author=me, search="every")] == [repo]

commit = api.create_commit(
    repo,
    [CommitOperationAdd("d.txt", b"d"), CommitOperationDelete("sub/")],
    commit_message="add and take away",
)
assert "sub/b.bin" not in api.list_repo_files(repo)
assert api.list_repo_commits(repo)[0].title == "add and take away"


def late() -> None:
    api.create_commit(
        repo, [CommitOperationAdd("e", b"e")], commit_message="late", parent_commit=uploaded.oid
    )


api.create_tag(repo, tag="v1", revision=uploaded.oid)
assert (Path(api.hf_hub_download(repo, "sub/b.bin", revision="v1"))).stat().st_size == 3_000_000
api.create_branch(repo, branch="other")
api.upload_file(path_or_fileobj=b"x", path_in_repo="x.txt", repo_id=repo, revision="other")
assert {branch.name for branch in api.list_repo_refs(repo).branches} == {"main", "other"}

pull = api.upload_file(path_or_fileobj=b"y", path_in_repo="y.txt", repo_id=repo, create_pr=True)
assert pull.pr_num == 1
api.comment_discussion(repo, 1, comment="looks good")
if api.get_discussion_details(repo, 1).status == "draft":
    api.change_discussion_status(repo, 1, new_status="open")
api.merge_pull_request(repo, 1)
assert "y.txt" in api.list_repo_files(repo)

files = HfFileSystem()
assert files.cat(f"{repo}/d.txt") == b"d"
for call, refusal in [
    (late, HfHubHTTPError),
    (lambda: api.hf_hub_download(repo, "none"), EntryNotFoundError),
    (lambda: api.model_info(f"{me}/none"), RepositoryNotFoundError),
]:
    try:
        call()
    except refusal:
        continue
    raise AssertionError(f"no {refusal.__name__}")
api.move_repo(repo, f"{repo}-moved")
assert api.model_info(repo).id == f"{repo}-moved"
api.delete_repo(f"{repo}-moved")
assert not api.repo_exists(repo)
print("huggingface_hub", __version__)
