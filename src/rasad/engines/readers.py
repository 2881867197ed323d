"""Documents read in several processes, for who takes their claims one by one."""

from __future__ import annotations

from collections.abc import Sequence
from types import TracebackType

from rasad.claims import Claim, Document
from rasad.engines.pool import DIED, Pool
from rasad.register.add import read_each
from rasad.sources import Skipped

TOGETHER = 4  #: documents that a process reads in one go


class Readers:
    """So many processes that read; called with documents it gives the claims of each, in their order, as
    :func:`rasad.register.add.read_each` does."""

    def __init__(self, processes: int) -> None:
        self._pool = Pool(read_each, _lost, processes)

    def __call__(self, documents: Sequence[Document]) -> list[list[Claim] | Skipped]:
        """The claims of documents, or why one could not be read."""
        some = (list(documents[at : at + TOGETHER]) for at in range(0, len(documents), TOGETHER))
        return [found for results in self._pool.results(some) for result in results for found in result]

    def __enter__(self) -> Readers:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pool.__exit__(kind, error, trace)


def _lost(documents: list[Document]) -> list[list[Claim] | Skipped]:
    return [Skipped(document.name, DIED) for document in documents]
