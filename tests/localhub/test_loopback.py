"""Nothing leaves loopback, whatever the clients do on the Hub."""

import os
import subprocess
import sys

import pytest

from localhub.clients import environment

# Reports each name that is looked up and each address that is connected to, unless it is this machine's own.
WATCH = """
import sys
def record(event, arguments):
    if event in ("socket.connect", "socket.sendto") and isinstance(arguments[1], tuple):
        host = arguments[1][0]
    elif event in ("socket.getaddrinfo", "socket.gethostbyname"):
        host = arguments[0]
    else:
        return
    if host not in ("127.0.0.1", "::1", "localhost", None):
        print("LEFT LOOPBACK", event, arguments)
sys.addaudithook(record)
"""

CLIENT = """
import os
from huggingface_hub import HfApi, hf_hub_download
api = HfApi()
api.create_repo("trip")
api.upload_file(path_or_fileobj=os.urandom(5000), path_in_repo="a.bin", repo_id="spacehub/trip")
print(os.path.getsize(hf_hub_download("spacehub/trip", "a.bin")), api.whoami()["name"])
"""

LIBRARIES = """
import datasets, huggingface_hub, transformers
from localhub import LocalHub
datasets.disable_progress_bars()
transformers.logging.disable_progress_bar()
with LocalHub():
    datasets.Dataset.from_dict({"x": [1, 2, 3]}).push_to_hub("spacehub/numbers")
    print(datasets.load_dataset("spacehub/numbers", split="train")["x"][:])
    config = transformers.BertConfig(
        vocab_size=9, hidden_size=8, num_hidden_layers=1, num_attention_heads=1, intermediate_size=8
    )
    transformers.BertModel(config).push_to_hub("spacehub/tiny")
    print(transformers.AutoModel.from_pretrained("spacehub/tiny").config.vocab_size)
    print([model.id for model in huggingface_hub.list_models()])
"""


def run(code: str, variables: dict[str, str]) -> str:
    kept = {key: os.environ[key] for key in ("PATH", "HOME") if key in os.environ}
    done = subprocess.run(
        [sys.executable, "-c", WATCH + code], env=kept | variables, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_watch_sees_who_leaves():
    code = "import socket\nwith socket.socket() as s:\n s.settimeout(0.01)\n try: s.connect(('192.0.2.1', 9))\n except OSError: pass"
    assert "LEFT LOOPBACK socket.connect" in run(code, {})


@pytest.mark.parametrize(
    ("code", "printed"),
    [(CLIENT, ["5000 spacehub"]), (LIBRARIES, ["[1, 2, 3]", "9", "['spacehub/tiny']"])],
    ids=["environment", "imported-before"],
)
def test_clients_stay_on_loopback(hub_process, tmp_path, code, printed):
    hub = hub_process()
    variables = environment(hub.endpoint, hub.token) if code is CLIENT else {}
    assert run(code, {**variables, "HF_HOME": str(tmp_path / "home")}).splitlines() == printed
