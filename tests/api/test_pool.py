"""The workers: they answer, end at the deadline, are replaced when they die, and leave with the pool."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import wait
from pathlib import Path
from typing import Any

import pytest

from api.solving.messages import Task, WorkerError, described, revived
from api.solving.pool import BusyError, Pool, StoppedError
from gamecore.errors import (
    Fault,
    GamecoreError,
    InputError,
    OutOfTimeError,
    PageOverflowError,
    RefusedError,
    ScenarioError,
    TooLargeError,
)

REHEARSAL = (sys.executable, str(Path(__file__).parent / "rehearsal_worker.py"))


@pytest.fixture
def pool() -> Iterator[Pool]:
    made = Pool(size=2, waiting=2, seconds=5, command=REHEARSAL)
    yield made
    made.close()


def run(pool: Pool, order: str) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(pool.submit(Task("analysis", {"seed": 1}, order.encode())).result(30))
    return answer


def gone(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return True
    return False


def test_a_task_comes_back_with_its_options_and_body(pool: Pool) -> None:
    answer = run(pool, "echo")
    assert answer["options"] == {"seed": 1}
    assert answer["bytes"] == 4


def test_the_same_worker_serves_many_tasks(pool: Pool) -> None:
    assert len({run(pool, "echo")["process"] for _ in range(10)}) <= 2


def test_what_a_library_prints_does_not_disturb_the_answers(pool: Pool) -> None:
    assert run(pool, "noise")["bytes"] == 5
    assert run(pool, "echo")["bytes"] == 4


def test_a_solve_beyond_the_deadline_is_ended_and_the_worker_replaced() -> None:
    pool = Pool(size=1, waiting=1, seconds=0.3, command=REHEARSAL)
    try:
        before = run(pool, "echo")["process"]
        begun = time.monotonic()
        with pytest.raises(OutOfTimeError) as caught:
            run(pool, "sleep 60")
        assert time.monotonic() - begun < 5
        assert caught.value.limit == "solve_seconds"
        assert caught.value.allowed == 0.3
        assert gone(before)
        assert run(pool, "echo")["process"] != before
    finally:
        pool.close()


def test_a_worker_that_dies_is_told_and_replaced(pool: Pool) -> None:
    for _ in range(3):
        with pytest.raises(WorkerError, match="ended with 7"):
            run(pool, "crash")
    assert run(pool, "echo")["bytes"] == 4
    assert len(pool.process_ids) <= 2


def test_a_worker_killed_from_outside_while_idle_is_noticed_before_the_next_task(pool: Pool) -> None:
    for _ in range(2):
        killed = run(pool, "echo")["process"]
        os.kill(killed, 9)
        time.sleep(0.05)
        assert run(pool, "echo")["process"] != killed


def test_tasks_beyond_workers_and_queue_are_refused_at_once(pool: Pool) -> None:
    run(pool, "echo")
    sleeping = [pool.submit(Task("analysis", {}, b"sleep 1")) for _ in range(4)]
    with pytest.raises(BusyError) as caught:
        pool.submit(Task("analysis", {}, b"echo"))
    assert caught.value.retry_after >= 1
    wait(sleeping)
    assert run(pool, "echo")["bytes"] == 4


def test_a_task_called_off_while_it_waits_gives_its_place_back() -> None:
    pool = Pool(size=1, waiting=1, seconds=5, command=REHEARSAL)
    try:
        run(pool, "echo")
        sleeping = pool.submit(Task("analysis", {}, b"sleep 0.5"))
        for _ in range(5):
            waiting = pool.submit(Task("analysis", {}, b"echo"))
            waiting.cancel()
            wait([waiting])
        wait([sleeping])
        assert run(pool, "echo")["bytes"] == 4
    finally:
        pool.close()


def test_closing_ends_every_process_even_a_busy_one(pool: Pool) -> None:
    run(pool, "echo")
    busy = pool.submit(Task("analysis", {}, b"sleep 60"))
    time.sleep(0.2)
    processes = pool.process_ids
    assert processes
    pool.close()
    assert all(gone(process) for process in processes)
    with pytest.raises((WorkerError, OutOfTimeError, StoppedError)):
        busy.result(1)
    with pytest.raises(StoppedError):
        pool.submit(Task("analysis", {}, b"echo"))


def test_workers_that_never_get_ready_are_given_up() -> None:
    pool = Pool(size=1, waiting=0, seconds=1, command=(*REHEARSAL, "stillborn"))
    try:
        with pytest.raises(StoppedError, match="no worker can be started"):
            run(pool, "echo")
    finally:
        pool.close()


def test_workers_end_when_the_service_is_killed() -> None:
    program = (
        "import json, os, sys, time\n"
        "from api.solving.pool import Pool\nfrom api.solving.messages import Task\n"
        f"pool = Pool(1, 1, 5, {REHEARSAL!r})\n"
        "print(json.loads(pool.submit(Task('analysis', {}, b'echo')).result())['process'], flush=True)\n"
        "time.sleep(60)\n"
    )
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE) as service:
        assert service.stdout is not None
        worker = int(service.stdout.readline())
        service.kill()
    deadline = time.monotonic() + 10
    while not gone(worker) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert gone(worker)


@pytest.mark.parametrize(
    "error",
    [
        ScenarioError([Fault(3, 1, "a.b", "wrong"), Fault(1, 2, "", "also")], "scenario"),
        InputError("wrong"),
        TooLargeError("large", limit="nodes", count=9, allowed=5),
        OutOfTimeError("late", limit="seconds", allowed=5),
        RefusedError("refused", limit="deals"),
        PageOverflowError("long", block="why"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_an_error_crosses_to_the_service_as_the_same_exception(error: GamecoreError) -> None:
    back = revived(json.loads(json.dumps(described(error))))
    assert type(back) is type(error)
    assert vars(back) == vars(error)
    assert str(back) == str(error)


def test_a_fault_of_ours_crosses_without_its_message() -> None:
    told = json.dumps(described(ZeroDivisionError("secret")))
    assert "secret" not in told
    assert "ZeroDivisionError" in str(revived(json.loads(told)))
