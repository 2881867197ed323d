"""Who is told how a run goes on."""

from __future__ import annotations

from typing import Protocol

from rasad.sources import Problem, Skipped


class Progress(Protocol):
    """Hears of a run while it goes on."""

    def step(self, name: str, total: int) -> None:
        """A step of so many bytes begins; 0 where that is not known."""

    def done(self, behind: int) -> None:
        """So many bytes of the step lie behind."""

    def say(self, entry: Problem | Skipped) -> None:
        """Something is to be told of a source."""
