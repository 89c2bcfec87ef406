"""A checkpoint's name that is no folder is looked up on the Hub (here: on loopback), in the cache when offline."""

import hashlib
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from inference.checkpoints import BadCheckpoint, locate

NAME, COMMIT = "somebody/faces", "0123456789abcdef0123456789abcdef01234567"
FILES = {
    "config.json": b"{}",
    "model.safetensors": b"weights",
    "pytorch_model.bin": b"a pickle",
    "house.py": b"raise SystemExit",
}
ROOT = Path(__file__).parents[2]


class Hub(BaseHTTPRequestHandler):
    """As much of the Hub's protocol as fetching one repository takes."""

    asked: list[str]

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        self.asked.append(path)
        name = path.rpartition("/")[2]
        if path == f"/api/models/{NAME}/revision/main":
            files = [{"rfilename": file} for file in FILES]
            self.answer(json.dumps({"id": NAME, "sha": COMMIT, "siblings": files}).encode())
        elif path == f"/api/models/{NAME}/tree/{COMMIT}":
            tree = [{"type": "file", "path": f, "size": len(d), "oid": oid(d)} for f, d in FILES.items()]
            self.answer(json.dumps(tree).encode())
        elif path == f"/{NAME}/resolve/{COMMIT}/{name}" and name in FILES:
            self.answer(FILES[name])
        else:
            self.send_error(404)

    def answer(self, data: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(data)))
        self.send_header("ETag", f'"{oid(data)}"')
        self.send_header("X-Repo-Commit", COMMIT)
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(data)

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002
        """Says nothing."""


def oid(data: bytes) -> str:
    return hashlib.sha1(data, usedforsecurity=False).hexdigest()


@contextmanager
def hub() -> Iterator[tuple[str, list[str]]]:
    """Its address, and what it is asked for."""
    asked: list[str] = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("ThisHub", (Hub,), {"asked": asked}))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", asked
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


SCRIPT = """
import sys
from inference.checkpoints import BadCheckpoint, locate
try:
    print(locate(sys.argv[1]))
except BadCheckpoint as error:
    sys.exit(str(error))
"""


def located(name: str, home: Path, **settings: str) -> "subprocess.CompletedProcess[str]":
    """In a process of its own: the Hub's client reads its settings when it is imported."""
    environment = os.environ | {"HF_HOME": str(home), "HF_HUB_DISABLE_PROGRESS_BARS": "1"} | settings
    command = [sys.executable, "-c", SCRIPT, name]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120)


def test_what_is_no_folder_is_fetched_once_and_without_pickles_or_code(tmp_path: Path) -> None:
    with hub() as (address, asked):
        done = located(NAME, tmp_path, HF_ENDPOINT=address)
        assert done.returncode == 0, done.stderr
        assert {path.name for path in Path(done.stdout.strip()).iterdir()} == {
            "config.json",
            "model.safetensors",
        }
        assert not [path for path in asked if path.endswith((".bin", ".py"))]
    offline = located(NAME, tmp_path, HF_ENDPOINT=address, HF_HUB_OFFLINE="1")
    assert offline.stdout == done.stdout


def test_the_hub_is_not_asked_when_offline(tmp_path: Path) -> None:
    with hub() as (address, asked):
        done = located(NAME, tmp_path, HF_ENDPOINT=address, HF_HUB_OFFLINE="1")
    assert (done.returncode, done.stderr.count("\n"), asked) == (1, 1, [])
    assert done.stderr.startswith(f"{NAME}: neither a folder nor to be had from the Hugging Face Hub")


@pytest.mark.parametrize("name", ["somebody/nothing", "no such/name at/all"])
def test_a_name_that_names_nothing_is_said_in_one_sentence(name: str, tmp_path: Path) -> None:
    with hub() as (address, _):
        done = located(name, tmp_path, HF_ENDPOINT=address)
    assert (done.returncode, done.stderr.count("\n")) == (1, 1), done.stderr
    assert done.stderr.startswith(f"{name}: neither a folder")


def test_a_folder_is_taken_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "somebody" / "faces"
    folder.mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    assert locate(str(folder)) == locate(NAME) == folder
    with pytest.raises(BadCheckpoint, match="neither a folder"):
        locate(str(tmp_path / "elsewhere" / "a" / "b"))  # no name that the Hub could know: it is not asked
