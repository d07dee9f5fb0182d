"""Work that is spread comes back in order, and whatever ends it leaves nothing behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import time
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from gamecore.equilibria.spreading import MOST_AHEAD, crew, in_order, parts
from gamecore.errors import InputError, RefusedError


def squared(number: int) -> int:
    return number * number


def refusing(number: int) -> int:
    if number == 3:
        raise InputError("three is too many")
    return number


def vanishing(number: int) -> int:
    if number == 3:
        os._exit(1)
    return number


class Later(Executor):
    """An executor that keeps what it was given, and works on it when an answer is asked for."""

    def __init__(self) -> None:
        self.sent: list[Future[Any]] = []
        self.most_open = 0

    def submit(self, work: Any, /, *arguments: Any, **keywords: Any) -> Future[Any]:
        future: Future[Any] = Future()

        def answer(timeout: float | None = None) -> Any:
            del timeout
            future.set_result(work(*arguments, **keywords))
            return Future.result(future)

        future.result = answer  # type: ignore[method-assign]
        self.sent.append(future)
        self.most_open = max(self.most_open, sum(not one.done() for one in self.sent))
        return future


def test_a_range_is_cut_into_pieces_of_one_size() -> None:
    assert parts(7, 3) == [slice(0, 3), slice(3, 6), slice(6, 7)]
    assert parts(0, 3) == []


@pytest.mark.parametrize("workers", [None, 1, 2])
def test_answers_come_in_the_order_of_the_pieces(workers: int | None) -> None:
    with crew(workers=workers) as executor:
        assert list(in_order(squared, range(50), executor=executor)) == [n * n for n in range(50)]


def test_any_executor_will_do_and_is_left_open() -> None:
    with ThreadPoolExecutor(2) as threads:
        with crew(threads) as executor:
            assert list(in_order(squared, range(9), executor=executor)) == [n * n for n in range(9)]
        assert threads.submit(squared, 3).result() == 9


def test_only_so_many_pieces_are_out_at_a_time() -> None:
    later = Later()
    assert list(in_order(squared, range(200), executor=later)) == [n * n for n in range(200)]
    assert later.most_open == MOST_AHEAD


def test_what_waits_is_called_back_when_nobody_wants_more() -> None:
    later = Later()
    answers = in_order(squared, range(200), executor=later)
    assert next(answers) == 0
    answers.close()  # type: ignore[attr-defined]
    assert [one.cancelled() for one in later.sent[1:]] == [True] * (len(later.sent) - 1)


@pytest.mark.parametrize("workers", [1, 2])
def test_an_error_of_the_work_is_raised_here(workers: int) -> None:
    with crew(workers=workers) as executor, pytest.raises(InputError, match="three"):
        list(in_order(refusing, range(20), executor=executor))


def test_a_worker_that_is_gone_is_told() -> None:
    with crew(workers=2) as executor, pytest.raises(RefusedError, match="before it had answered"):
        list(in_order(vanishing, range(20), executor=executor))


def test_who_works_is_said_once() -> None:
    with ThreadPoolExecutor(1) as threads, pytest.raises(InputError, match="not both"), crew(threads, 2):
        pass


ENDLESS = """
import sys, time
from gamecore.equilibria.spreading import crew, in_order

if __name__ == "__main__":
    with crew(workers=2) as executor:
        print("begun", flush=True)
        for done in in_order(time.sleep, [0.05] * 100_000, executor=executor):
            print("piece", flush=True)
"""


def alive(group: int) -> bool:
    """Whether any process of the group runs; one that has ended and was not asked about does not count."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    states = []
    for told in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            state, _, its_group = told.read_text(encoding="utf-8").rpartition(")")[2].split()[:3]
            states += [state] if int(its_group) == group else []
    return set(states) != {"Z"}


@pytest.mark.skipif(not hasattr(os, "killpg"), reason="process groups are POSIX")
@pytest.mark.parametrize("ending", ["interrupt", "interrupt while starting", "kill"])
def test_nothing_is_left_running_when_the_work_is_ended(ending: str, tmp_path: Path) -> None:
    program = tmp_path / "endless.py"
    program.write_text(textwrap.dedent(ENDLESS), encoding="utf-8")
    with subprocess.Popen(
        [sys.executable, str(program)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "begun\n"
        if ending != "interrupt while starting":
            assert process.stdout.readline() == "piece\n"
        if ending == "kill":
            process.kill()
        else:
            os.killpg(process.pid, signal.SIGINT)  # as a terminal does: to everybody
        _, said = process.communicate(timeout=60)
        deadline = time.monotonic() + 60
        while alive(process.pid) and time.monotonic() < deadline:
            time.sleep(0.05)
        assert not alive(process.pid)
    if ending != "kill":
        assert said.count("KeyboardInterrupt") == 1  # ours; the workers say nothing
        assert "leaked" not in said
