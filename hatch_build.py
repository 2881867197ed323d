"""Builds the desk's scripts into the wheel. Without npm the wheel has none, and the desk does without."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class ScriptsOfTheDesk(BuildHookInterface):  # type: ignore[type-arg]
    """Runs Vite before a wheel is put together; an editable installation is built by ``make``."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Leaves what Vite makes in ``assets/built``, which the wheel takes along."""
        del build_data
        npm = shutil.which("npm")
        if version == "editable" or self.target_name != "wheel":
            return
        if npm is None:
            self.app.display_warning("npm is not installed: this wheel's desk has pages without scripts")
            return
        try:
            self._build(npm, Path(self.root, "src/rasad/web/ui"))
        except subprocess.CalledProcessError as error:
            failed = " ".join(error.cmd)
            self.app.display_warning(f"{failed} failed (Node.js 20.19 or later?): this wheel's desk has no scripts")

    def _build(self, npm: str, ui: Path) -> None:
        installed = ui / "node_modules/.package-lock.json"
        if not installed.exists() or installed.stat().st_mtime < (ui / "package-lock.json").stat().st_mtime:
            subprocess.run([npm, "ci"], cwd=ui, check=True)
        subprocess.run([npm, "run", "build"], cwd=ui, check=True)
