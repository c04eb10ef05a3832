import io
import os
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

import pytest

from outagewatch.assets import profiles
from outagewatch.cli.app import main
from outagewatch.config import load
from outagewatch.pipeline import load_gazetteer, load_model

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared" / "data"


@pytest.fixture(scope="session")
def sample() -> Path:
    return ROOT / "sample_data" / "france.jsonl"


@pytest.fixture(scope="session")
def shared_data() -> Path:
    if not SHARED.is_dir():
        pytest.skip(
            f"recorded posts are not at {SHARED.name}; they are kept apart from the project"
        )
    return SHARED


@pytest.fixture(scope="session")
def french():
    return load(None, "telecom-fr", environment={}, shipped=profiles())


@pytest.fixture(scope="session")
def gazetteer(french):
    return load_gazetteer(french)


@pytest.fixture(scope="session")
def model(french):
    return load_model(french)


@dataclass
class Finished:
    """What a command left behind."""

    returncode: int
    stdout: bytes
    stderr: bytes


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Run the command line from an empty folder, in this process: its ``main`` as a user's shell."""
    monkeypatch.chdir(tmp_path)
    for name in list(os.environ):
        if name.startswith("OUTAGEWATCH_") or name == "XDG_CONFIG_HOME":
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))

    def call(*args: str, stdin: bytes = b"", env: dict[str, str] | None = None) -> Finished:
        out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _ in range(2))
        with monkeypatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
            for name, value in (env or {}).items():
                patch.setenv(name, value)
            patch.setattr(sys, "argv", ["outagewatch", *args])
            patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
            code = 0
            try:
                main()
            except SystemExit as stop:
                code = stop.code if isinstance(stop.code, int) else 0 if stop.code is None else 1
        for stream in (out, err):
            stream.flush()
        return Finished(code, out.buffer.getvalue(), err.buffer.getvalue())

    return call


@pytest.fixture
def run_process(tmp_path):
    """Run the command line as a process of its own."""

    def call(*args: str, env: dict[str, str] | None = None):
        variables = {k: v for k, v in os.environ.items() if not k.startswith("OUTAGEWATCH_")}
        variables |= {"HOME": str(tmp_path), "PYTHONPATH": str(ROOT), **(env or {})}
        return subprocess.run(
            [sys.executable, "-m", "outagewatch", *args],
            capture_output=True,
            cwd=tmp_path,
            env=variables,
            timeout=120,
        )

    return call
