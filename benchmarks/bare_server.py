"""Serve one file only with sendfile, to measure the highest possible download speed of a client.

python -m benchmarks.bare_server FILE
"""

import os
import socket
import sys
from pathlib import Path


def serve(path: Path) -> None:
    """Answer every request with the file; print the address once the server accepts requests."""
    listening = socket.create_server(("127.0.0.1", 0))
    print(f"http://127.0.0.1:{listening.getsockname()[1]}/{path.name}", flush=True)
    size = path.stat().st_size
    head = f"HTTP/1.1 200 OK\r\nContent-Length: {size}\r\nETag: x\r\nConnection: close\r\n\r\n".encode()
    while True:
        connection, _ = listening.accept()
        with connection, open(path, "rb") as file:
            while not connection.recv(65536).endswith(b"\r\n\r\n"):
                pass
            connection.sendall(head)
            sent = 0
            while sent < size:
                sent += os.sendfile(connection.fileno(), file.fileno(), sent, size - sent)


if __name__ == "__main__":
    serve(Path(sys.argv[1]))
