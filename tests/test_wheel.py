"""What is handed to others: a wheel with everything that the desk shows."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

ROOT = Path(__file__).parents[1]


def test_the_wheel_holds_the_desk_with_its_scripts(tmp_path: Path) -> None:
    if shutil.which("npm") is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)("npm is not installed")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)], cwd=ROOT, check=True,
        capture_output=True,
    )  # fmt: skip
    with ZipFile(next(tmp_path.glob("rasad-*.whl"))) as wheel:
        held = set(wheel.namelist())
        manifest = json.loads(wheel.read("rasad/web/assets/built/manifest.json"))
    assert {f"rasad/web/assets/built/{one['file']}" for one in manifest.values()} <= held
    assert "src/desk.ts" in manifest
    assert {"rasad/web/assets/desk.css", "rasad/web/templates/shell.html", "rasad/web/words/ar.toml"} <= held
    assert {"rasad/reports/sentences.ar.toml", "rasad/pictures/built/countries.json"} <= held
    assert not [name for name in held if "node_modules" in name or name.endswith(".ts")]
