"""Work spread over processes."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from functools import partial

import pytest

from rasad.engines import RunError
from rasad.engines.pool import AHEAD, Pool, apart

DEADLY, SLOW = -1, -2


def doubled(numbers: list[int]) -> list[int]:
    if DEADLY in numbers:
        os.kill(os.getpid(), signal.SIGKILL)
    if SLOW in numbers:
        time.sleep(0.5)
    return [2 * number for number in numbers]


def stillborn(numbers: list[int]) -> list[int]:
    os.kill(os.getpid(), signal.SIGKILL)
    return numbers


def mourned(numbers: list[int]) -> list[int]:
    assert len(numbers) == 1
    return [f"lost {number}" for number in numbers]  # type: ignore[misc]


def test_results_come_in_the_order_of_the_work() -> None:
    batches = [[SLOW], [1, 2], [3], [], [4]]
    with Pool(doubled, mourned, 2) as pool:
        assert list(pool.results(batches)) == [[[-4]], [[2, 4]], [[6]], [[]], [[8]]]


def test_one_process_is_this_one() -> None:
    with Pool(lambda _: os.getpid(), mourned, 0) as pool:
        assert list(pool.results([[1]])) == [[os.getpid()]]


def test_no_more_work_is_fetched_than_the_processes_need() -> None:
    fetched = 0

    def endless() -> Iterator[list[int]]:
        nonlocal fetched
        while True:
            fetched += 1
            yield [fetched]

    with Pool(doubled, mourned, 2) as pool:
        results = pool.results(endless())
        for number in range(1, 30):
            assert next(results) == [[2 * number]]
            assert fetched <= number + 2 * AHEAD


def test_a_process_that_dies_costs_the_item_it_died_of_and_no_other() -> None:
    batches = [[n, n + 1, n + 2] for n in range(0, 30, 3)]
    batches[4] = [12, DEADLY, 14]
    with Pool(doubled, mourned, 2) as pool:
        found = [[number for result in results for number in result] for results in pool.results(batches)]
    assert found[4] == [24, "lost -1", 28]
    assert [n for batch in found[:4] + found[5:] for n in batch] == [2 * n for n in range(30) if not 12 <= n < 15]


def test_processes_that_die_whatever_they_are_given_are_told_and_nothing_is_lost_for_that() -> None:
    with Pool(stillborn, mourned, 2) as pool, pytest.raises(RunError, match="die as they start"):
        list(pool.results([[1, 2], [3]]))


def divided(number: int, by: int) -> tuple[int, float]:
    if by == DEADLY:
        os.kill(os.getpid(), signal.SIGKILL)
    return os.getpid(), number / by


def test_what_is_done_apart_gives_what_it_gives_raises_what_it_raises_and_is_told_where_it_dies() -> None:
    process, found = apart(partial(divided, 6, by=2))
    assert (found, process != os.getpid()) == (3, True)
    with pytest.raises(ZeroDivisionError):
        apart(partial(divided, 6, 0))
    with pytest.raises(RunError, match="died"):
        apart(partial(divided, 6, DEADLY))
