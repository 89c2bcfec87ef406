"""`pytest --fast` loads no torch and starts no process: what asks for them is skipped, the rest runs."""

import subprocess
import sys
from pathlib import Path

HOUSE = Path(__file__).parents[1]
TESTS = """
import asyncio, multiprocessing, subprocess, sys

def test_neither():
    assert "torch" not in sys.modules

def test_torch():
    import torch

def test_a_library_on_torch():
    import timm

def test_a_process():
    subprocess.run([sys.executable, "-c", ""])

async def test_a_process_of_a_loop():
    await asyncio.create_subprocess_exec(sys.executable, "-c", "")

def test_a_worker():
    multiprocessing.get_context("spawn").Process(target=print).start()

def test_a_fork():
    multiprocessing.get_context("fork").Process(target=print).start()
"""


def test_what_needs_torch_or_a_process_is_skipped(tmp_path: Path) -> None:
    (tmp_path / "test_light.py").write_text(TESTS)
    (tmp_path / "test_heavy.py").write_text("import torch\n\ndef test_nothing(): ...")
    settings = ("-p", "tests.conftest", "-p", "no:cacheprovider", "-c", HOUSE / "pyproject.toml")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "--fast", "-q", *settings, tmp_path],
        cwd=HOUSE,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout
    assert "1 passed, 7 skipped" in done.stdout
