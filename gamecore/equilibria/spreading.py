"""The same work on many pieces, here or spread over processes or machines, answers in the order of the pieces.

Pieces are cut by size and not by the number of workers, and answers are taken in their order: who works on a piece
changes no number. Only a few pieces are out at a time, so memory does not grow with their number. Whatever ends the
work - an error, Ctrl-C, a caller who wants no more - what waits is called back, and processes started here have ended
when `crew` is left; should this process be killed, they end by themselves.

>>> with crew(workers=1) as executor:
...     list(in_order(sum, [[1, 2], [3]], executor=executor))
[3, 3]
"""

from __future__ import annotations

import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, Executor, Future
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final, TypeVar

from gamecore.errors import InputError, RefusedError

if TYPE_CHECKING:
    from concurrent.futures import ProcessPoolExecutor

__all__ = ["MOST_AHEAD", "MOST_WORKERS", "Progress", "crew", "in_order", "parts"]

Piece = TypeVar("Piece")
Answer = TypeVar("Answer")

Progress = Callable[[int, int, str], None]
"""Called with how much is done, of how much, and what it is."""

MOST_AHEAD: Final = 32
"""Pieces that are out at a time, or wait with their answers."""

MOST_WORKERS: Final = 64
"""Processes that may be asked for."""


def parts(count: int, size: int) -> list[slice]:
    """`range(count)` in pieces of `size`, the last one what is left."""
    return [slice(start, min(start + size, count)) for start in range(0, count, size)]


@contextmanager
def crew(executor: Executor | None = None, workers: int | None = None) -> Iterator[Executor | None]:
    """Who does the work: the `executor` given, else so many `workers` (processes), else None: we ourselves.

    An executor that is given is not shut down; processes started here have ended on leaving.

    Raises
    ------
    InputError
        If both are given, or `workers` is not between 1 and `MOST_WORKERS`.
    """
    if executor is not None:
        if workers is not None:
            raise InputError("an executor knows its workers: give executor or workers, not both")
        yield executor
        return
    if workers is not None and not 1 <= workers <= MOST_WORKERS:
        raise InputError(f"{workers} workers: between 1 and {MOST_WORKERS} can be asked for")
    if workers is None or workers == 1:
        yield None
        return
    pool = _processes(workers)
    try:
        yield pool
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _processes(workers: int) -> ProcessPoolExecutor:
    """Fresh processes: a copy of this one, with its threads and locks in the middle of something, might hang."""
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    return ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=_at_work)


def _at_work() -> None:
    """What a process does first: leave Ctrl-C to the one that asked, and end when that one is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_the_asker, daemon=True).start()


def _end_with_the_asker() -> None:
    from multiprocessing import parent_process
    from multiprocessing.connection import wait

    asker = parent_process()
    if asker is not None:
        wait([asker.sentinel])
        os._exit(1)


def in_order(
    work: Callable[[Piece], Answer], pieces: Sequence[Piece], *, executor: Executor | None = None
) -> Iterator[Answer]:
    """`work(piece)` for every piece, in order; with an executor several at a time.

    `work` has to be a function of a module and its pieces and answers picklable where processes do the work. What it
    raises is raised here, `RefusedError` if a worker is gone without an answer.
    """
    if executor is None or len(pieces) < 2:  # one piece is not worth sending
        yield from map(work, pieces)
        return
    waiting: deque[Future[Answer]] = deque()
    coming = iter(pieces)
    try:
        for piece in coming:
            waiting.append(_sent(executor, work, piece))
            if len(waiting) >= MOST_AHEAD:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    except BrokenExecutor as gone:
        raise RefusedError(
            "a worker ended before it had answered, for want of memory perhaps: take fewer workers", limit="workers"
        ) from gone
    finally:
        for one in waiting:
            one.cancel()


def _sent(executor: Executor, work: Callable[[Piece], Answer], piece: Piece) -> Future[Answer]:
    """Hand over a piece. A process that is started for it never sees Ctrl-C, not even before it can say so."""
    if not hasattr(signal, "pthread_sigmask"):
        return executor.submit(work, piece)
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        return executor.submit(work, piece)
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
