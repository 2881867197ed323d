"""Work spread over processes: results in the order of the work, never more of it under way than the processes need, and no more than
one piece lost where a process dies of it."""

from __future__ import annotations

import gc
import os
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from itertools import islice
from multiprocessing import get_context, parent_process
from multiprocessing.connection import Connection
from threading import Thread, current_thread, main_thread
from typing import Any, Generic, Protocol, TypeVar, cast

from rasad.cores import settle_numpy
from rasad.engines.folder import RunError


class Sliceable(Protocol):
    """A list, a batch of Arrow."""

    def __len__(self) -> int: ...
    def __getitem__(self, part: slice) -> Any: ...


Items = TypeVar("Items", bound=Sliceable)
Result = TypeVar("Result")

DIED = "the process that read it died (out of memory?)"
AHEAD = 3  #: batches under way for each process
_ENDS = {signal.SIGINT, signal.SIGTERM}


class Pool(Generic[Items, Result]):
    """So many processes that do ``work`` on batches, of which parts can be taken as of a list. ``lost`` makes the result for a batch
    of one item, at which the process died twice. With none the work is done in this one."""

    def __init__(self, work: Callable[[Items], Result], lost: Callable[[Items], Result], processes: int) -> None:
        self._work, self._lost, self._processes = work, lost, processes
        self._executor: ProcessPoolExecutor | None = None
        self._nothing: Items | None = None  #: a batch without items

    def __enter__(self) -> Pool[Items, Result]:
        return self

    def __exit__(self, *_: object) -> None:
        self._stop()

    def results(self, batches: Iterable[Items]) -> Iterator[list[Result]]:
        """The results of each batch, in their order; one, but several of a batch at which a process died."""
        if not self._processes:
            yield from ([self._work(batch)] for batch in batches)
            return
        waiting = iter(batches)
        under_way: deque[tuple[Items, Future[Result]]] = deque()
        while True:
            for batch in islice(waiting, self._processes * AHEAD - len(under_way)):
                under_way.append((batch, self._submit(batch)))
            if not under_way:
                return
            batch, future = under_way[0]
            self._nothing = batch[:0]
            try:
                result = [future.result()]
            except BrokenProcessPool:
                again = [batch for batch, _ in under_way]
                self._stop()
                result = self._alone(again[0])
                under_way = deque((batch, self._submit(batch)) for batch in again)
            under_way.popleft()[1].cancel()
            yield result

    def _alone(self, batch: Items) -> list[Result]:
        """The results of a batch, none other being under way; halved for as long as the process dies."""
        try:
            return [self._submit(batch).result()]
        except BrokenProcessPool:
            self._stop()
        if len(batch) == 1:
            self._check()
            return [self._lost(batch)]
        middle = len(batch) // 2
        return self._alone(batch[:middle]) + self._alone(batch[middle:])

    def _check(self) -> None:
        """Raises RunError where a process dies though it has nothing to do."""
        if self._nothing is None:
            return
        try:
            self._submit(self._nothing).result()
        except BrokenProcessPool:
            self._stop()
            raise RunError("the processes that read die as they start; what they say of it stands above") from None

    def _submit(self, batch: Items) -> Future[Result]:
        if self._executor is None:
            _settle()
            self._executor = ProcessPoolExecutor(self._processes, get_context("spawn"), initializer=_prepare)
        try:
            with _undisturbed():
                return self._executor.submit(self._work, batch)
        except BrokenProcessPool as error:  # known only when the results are asked for
            failed: Future[Result] = Future()
            failed.set_exception(error)
            return failed

    def _stop(self) -> None:
        if self._executor is not None:
            self._executor.shutdown(cancel_futures=True)  # not waited for, it may end while Python does, and say so
            self._executor = None


def apart(work: Callable[[], Result]) -> Result:
    """What a function gives that is done in a process of its own, which takes the memory that it needed with it. Raises what the function
    raises, and RunError where the process dies of it."""
    _settle()
    context = get_context("spawn")
    answers, told = context.Pipe(duplex=False)
    process = context.Process(target=_answer, args=(told, work))
    with _undisturbed():
        process.start()
    told.close()
    try:
        given, raised = answers.recv()
    except EOFError:
        raise RunError("the process that did it died (out of memory?); give the same again for the rest") from None
    except BaseException:
        process.kill()
        raise
    finally:
        process.join()
        answers.close()
    if raised is not None:
        raise raised
    return cast("Result", given)


def _answer(told: Connection, work: Callable[[], Any]) -> None:
    _prepare()
    try:
        answer: tuple[Any, Exception | None] = work(), None
    except Exception as error:
        answer = None, error
    told.send(answer)


def _settle() -> None:
    """What the processes are to find in their environment."""
    settle_numpy()
    os.environ.setdefault(
        "ARROW_DEFAULT_MEMORY_POOL", "system"
    )  # what others keep to use again comes on top of the rest


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Where a process is started an interruption waits, here and there: one that is half begun breaks off in words of its own."""
    heard = current_thread() is main_thread() and hasattr(signal, "pthread_sigmask")  # not so on Windows
    if not heard:
        yield
        return
    came: list[int] = []
    before = {end: signal.signal(end, lambda number, _: came.append(number)) for end in _ENDS}
    signal.pthread_sigmask(signal.SIG_BLOCK, _ENDS)  # which the process that is started has from this thread
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _ENDS)
        for end, handler in before.items():
            signal.signal(end, handler)
        for number in came:
            signal.raise_signal(number)


def _prepare() -> None:
    """What each process does first: an interruption is for the one that started it, whose end, of whatever it dies, is its own."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _ENDS)
    Thread(target=_end_with_the_parent, daemon=True).start()
    gc.set_threshold(50_000, 10, 10)


def _end_with_the_parent() -> None:
    if parent := parent_process():
        parent.join()
        os._exit(1)
