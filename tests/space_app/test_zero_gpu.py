"""ZeroGPU: the app marks a function and reports that it starts; elsewhere it does nothing."""

import http.server
import subprocess
import sys
import threading

from space_app import zero_gpu
from tests.doses import in_the_soak
from tests.processes import ROOT, clean_environment


def test_nothing_happens_elsewhere(monkeypatch):
    monkeypatch.delenv("SPACES_ZERO_GPU", raising=False)
    before = set(sys.modules)
    zero_gpu.announce()
    assert "spaces" not in set(sys.modules) - before


# It imports PyTorch, which `spaces` patches.
@in_the_soak
def test_on_zero_gpu_a_function_is_marked_and_the_start_reported():
    """Against a server that takes what ZeroGPU's own service takes."""
    asked = []

    class Device(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            asked.append(self.path)
            self.send_response(200)
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Device)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    device = {
        "SPACES_ZERO_GPU": "true",
        "SPACES_ZERO_DEVICE_API_URL": f"http://127.0.0.1:{server.server_port}",
    }
    code = "from space_app import zero_gpu; zero_gpu.announce(); from spaces.zero.decorator import decorated_cache; "
    code += "print(sorted({function.__name__ for function in decorated_cache}))"
    run = subprocess.run(
        [sys.executable, "-c", code],
        env=clean_environment() | device,
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    server.shutdown()
    assert run.returncode == 0, run.stderr
    assert run.stdout.strip() == "['nothing']"
    assert asked == ["/startup-report"]
