import os
import subprocess
import sys
from pathlib import Path

import pytest

from outagewatch.assets import profiles
from outagewatch.config import load
from outagewatch.pipeline import load_gazetteer, load_model

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared" / "data"


@pytest.fixture(scope="session")
def sample() -> Path:
    return ROOT / "sample_data" / "first.jsonl"


@pytest.fixture(scope="session")
def shared_data() -> Path:
    if not SHARED.is_dir():
        pytest.skip(f"recorded posts are not at {SHARED.name}; they are kept apart from the project")
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


@pytest.fixture
def run(tmp_path):
    """Run the command line as a user would, from an empty folder."""

    def call(*args: str, stdin: bytes = b"", env: dict[str, str] | None = None):
        variables = {k: v for k, v in os.environ.items() if not k.startswith("OUTAGEWATCH_")}
        variables |= {"HOME": str(tmp_path), "PYTHONPATH": str(ROOT), **(env or {})}
        return subprocess.run(
            [sys.executable, "-m", "outagewatch", *args],
            input=stdin,
            capture_output=True,
            cwd=tmp_path,
            env=variables,
            timeout=120,
        )

    return call
