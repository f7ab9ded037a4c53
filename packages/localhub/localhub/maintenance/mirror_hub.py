"""Mirror a repo of another Hub, through git if that Hub supports it, and through the official client."""

import shutil
from collections.abc import Callable
from pathlib import Path

from localhub.errors import LocalHubError
from localhub.files.lfs import Pointer
from localhub.git.gitrepo import MAIN
from localhub.ids import RepoId
from localhub.maintenance.file_commit import commit_files, take_large_file
from localhub.maintenance.git_fetch import fetch_commit
from localhub.maintenance.hub_folder import amount
from localhub.maintenance.new_repo import new_repo, new_settings, put_in_place
from localhub.maintenance.reachable import reachable
from localhub.storage.repo import Repo
from localhub.storage.store import Store


def mirror(store: Store, id: RepoId, endpoint: str, say: Callable[[str], None]) -> str:
    """Create the repo `id` as it is at `endpoint`, with HF_TOKEN or the stored token.

    Returns
    -------
    str
        The commit.

    Raises
    ------
    LocalHubError
        If the other Hub refuses or cannot be reached.
    """
    import httpx2
    from huggingface_hub.errors import HfHubHTTPError

    try:
        with new_repo(store, id) as repo:
            origin = _Origin(repo, endpoint)
            if fetch_commit(repo, f"{endpoint}/{id.web_path}", f"refs/heads/{MAIN}", token=origin.token):
                for pointer, place in reachable(repo.git().handle).pointers.items():
                    say(f"{place.path}: {amount(pointer.size)}")
                    origin.take(place.path, place.commit, pointer)
                commit = str(repo.git().resolve(MAIN).id)
            else:
                commit = origin.commit_files(say)
            put_in_place(
                store,
                repo,
                new_settings(private=bool(origin.info.private), sdk=getattr(origin.info, "sdk", None)),
            )
            return commit
    except (HfHubHTTPError, httpx2.HTTPError, OSError) as error:
        reason = str(error).strip().splitlines()
        raise LocalHubError(
            f"Cannot mirror {endpoint}/{id.web_path}: {reason[0] if reason else error!r}.",
            "Check the name and the address. For a private or gated repo, set HF_TOKEN. Nothing was changed in this Hub.",
        ) from error


class _Origin:
    """The repo on the other Hub."""

    def __init__(self, repo: Repo, endpoint: str):
        from huggingface_hub import HfApi, get_token

        self.token = get_token()
        self._repo = repo
        self._names = {"repo_id": str(repo.id), "repo_type": repo.id.type.singular}
        self._address = f"{endpoint}/{repo.id.web_path}"
        self._api = HfApi(endpoint=endpoint, token=self.token or False)
        self.info = self._api.repo_info(**self._names)

    def take(self, path: str, commit: str, pointer: Pointer) -> None:
        """Download a large file into the store."""
        file = self._download(path, commit)
        if take_large_file(self._repo, file, pointer) is None:
            raise LocalHubError(
                f"The file {path} from {self._address} does not match its commit.", "Try again."
            )
        file.unlink()

    def commit_files(self, say: Callable[[str], None]) -> str:
        """Commit all files as one commit of ours."""
        from huggingface_hub.hf_api import RepoFile

        commit, files = str(self.info.sha), {}
        for entry in self._api.list_repo_tree(**self._names, revision=commit, recursive=True):
            if isinstance(entry, RepoFile):
                say(f"{entry.path}: {amount(entry.size)}")
                files[entry.path] = self._download(entry.path, commit), entry.lfs is not None
        commit_id = commit_files(
            self._repo, files, f"Mirror of {self._address}\n\nIts commit there is {commit}"
        )
        shutil.rmtree(self._folder)
        return commit_id

    @property
    def _folder(self) -> Path:
        return self._repo.folder / "git" / "downloaded"

    def _download(self, path: str, commit: str) -> Path:
        return Path(
            self._api.hf_hub_download(**self._names, filename=path, revision=commit, local_dir=self._folder)
        )
