"""A few worker processes, kept warm; every task has a deadline at which its process is ended and replaced.

One thread of the service waits for each task, so the pool belongs to no event loop. Workers are plain child processes
on pipes: nothing of the service is copied into them, and they end when the service does, however it ends.
"""

from __future__ import annotations

import logging
import os
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from typing import Final

from api.solving.messages import Task, WorkerError, receive, revived, send
from gamecore.errors import OutOfTimeError

__all__ = ["BusyError", "Pool", "StoppedError"]

_log = logging.getLogger("gamecore.api")

COMMAND: Final = (sys.executable, "-P", "-m", "api.solving.worker")

# Imports and the warm-up take one to three seconds; a worker that needs longer than this to say it is ready never will.
_START_SECONDS: Final = 60.0
# How often a worker that dies before it is ready is started again before the pool gives up on that place.
_START_ATTEMPTS: Final = 3


class BusyError(Exception):
    """All workers are busy and the queue is full. `retry_after` is a fair guess in seconds."""

    def __init__(self, retry_after: int) -> None:
        self.retry_after = retry_after
        super().__init__("too many solves at once")


class StoppedError(Exception):
    """The service is stopping, or no worker could be started."""


class _Worker:
    """One process with its pipes. `task` counts what it was given, so that a late deadline cannot hit the next task."""

    def __init__(self, command: Sequence[str]) -> None:
        # One thread of algebra a worker: there are as many workers as may compute side by side, and results do not
        # depend on how a sum was split.
        threads = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
        self.process = subprocess.Popen(  # noqa: S603 - our own module, no part of it from a request
            list(command), stdin=subprocess.PIPE, stdout=subprocess.PIPE, env={**os.environ, **threads}
        )
        if self.process.stdin is None or self.process.stdout is None:
            raise AssertionError("asked for pipes")
        self.questions, self.answers = self.process.stdin, self.process.stdout
        self.lock = threading.Lock()
        self.task: Task | None = None
        self.late = False

    def wait_until_ready(self) -> bool:
        """Whether the process said `ready` in time."""
        timer = threading.Timer(_START_SECONDS, self.process.kill)
        timer.daemon = True
        timer.start()
        try:
            return receive(self.answers) is not None
        finally:
            timer.cancel()

    @property
    def alive(self) -> bool:
        return not self.late and self.process.poll() is None

    def run(self, task: Task, seconds: float) -> bytes:
        """The answer to a task, or the exception that it ended with."""
        timer = threading.Timer(seconds, self._end_late, [task])
        timer.daemon = True
        with self.lock:
            self.task = task
        timer.start()
        try:
            send(self.questions, {"kind": task.kind, "options": dict(task.options), "seconds": seconds}, task.body)
            frame = receive(self.answers)
        except (BrokenPipeError, OSError):
            frame = None
        finally:
            timer.cancel()
            with self.lock:
                self.task = None
        if frame is not None:
            head, body = frame
            if "error" in head:
                raise revived(head)
            return body
        if self.late:
            message = f"the solve was ended after {seconds:g} seconds; make the game smaller or ask for fewer draws"
            raise OutOfTimeError(message, limit="solve_seconds", allowed=seconds)
        self.end()
        raise WorkerError(f"worker ended with {self.process.returncode}")

    def _end_late(self, task: Task) -> None:
        with self.lock:
            if self.task is task:
                self.late = True
                self.process.kill()

    def end(self) -> None:
        """End the process and release its pipes."""
        self.process.kill()
        self.process.wait()
        for stream in (self.questions, self.answers):
            with suppress(OSError):  # what could not be written any more
                stream.close()


class Pool:
    """`size` workers and at most `waiting` tasks in front of them; a task may compute for `seconds`."""

    def __init__(self, size: int, waiting: int, seconds: float, command: Sequence[str] = COMMAND) -> None:
        self.size, self.waiting, self.seconds = size, waiting, seconds
        self._command = command
        self._idle: queue.LifoQueue[_Worker | None] = queue.LifoQueue()
        self._all: set[_Worker] = set()
        self._starting: set[threading.Thread] = set()
        self._lock = threading.Lock()
        self._places = threading.BoundedSemaphore(size + waiting)
        self._threads = ThreadPoolExecutor(size + waiting, thread_name_prefix="solve")
        self._started = False
        self._stopped = False
        self._lost = 0

    def start(self) -> None:
        """Start all workers; returns at once, they get ready in the background."""
        with self._lock:
            if self._started or self._stopped:
                return
            self._started = True
        for _ in range(self.size):
            self._add()

    def submit(self, task: Task) -> Future[bytes]:
        """Run a task in a worker.

        The future gives the answer, or raises what the core raised (`GamecoreError`), `OutOfTimeError` at the deadline
        or `WorkerError` if the worker broke.

        Raises
        ------
        BusyError
            If as many tasks wait as may.
        StoppedError
            If the pool is closed.
        """
        self.start()
        if self._stopped:
            raise StoppedError("the service is stopping")
        if not self._places.acquire(blocking=False):
            raise BusyError(retry_after=max(1, min(60, round(self.seconds / 4))))
        try:
            future = self._threads.submit(self._run, task)
        except RuntimeError as error:
            self._places.release()
            raise StoppedError("the service is stopping") from error
        # Not in `_run`: a request that is called off while it waits never runs, and has to give its place back too.
        future.add_done_callback(lambda _: self._places.release())
        return future

    def close(self) -> None:
        """End every worker, whatever it does."""
        with self._lock:
            self._stopped = True
            workers, starting = list(self._all), list(self._starting)
            self._all.clear()
        for worker in workers:
            worker.process.kill()
        for _ in range(self.size + self.waiting):
            self._idle.put(None)
        self._threads.shutdown(wait=True, cancel_futures=True)
        for thread in starting:
            thread.join()
        for worker in workers:
            worker.end()

    @property
    def process_ids(self) -> tuple[int, ...]:
        """The process ids of the living workers."""
        with self._lock:
            return tuple(worker.process.pid for worker in self._all if worker.alive)

    def _run(self, task: Task) -> bytes:
        worker = self._take()
        try:
            return worker.run(task, self.seconds)
        finally:
            self._give_back(worker)

    def _take(self) -> _Worker:
        """An idle, living worker. Waits for at most as long as those in front may take, and for a start."""
        deadline = time.monotonic() + self.seconds * (1 + self.waiting / self.size) + _START_SECONDS
        while True:
            try:
                worker = self._idle.get(timeout=max(0.0, deadline - time.monotonic()))
            except queue.Empty:
                raise StoppedError("no worker became free") from None
            if worker is None:
                self._idle.put(None)
                raise StoppedError("no worker can be started" if not self._stopped else "the service is stopping")
            if worker.alive:
                return worker
            self._replace(worker)

    def _give_back(self, worker: _Worker) -> None:
        if worker.alive and not self._stopped:
            self._idle.put(worker)
        else:
            self._replace(worker)

    def _replace(self, worker: _Worker) -> None:
        with self._lock:
            self._all.discard(worker)
        worker.end()
        self._add()

    def _add(self) -> None:
        thread = threading.Thread(target=self._start_one, name="start-worker", daemon=True)
        with self._lock:
            if self._stopped:
                return
            self._starting.add(thread)
            thread.start()

    def _start_one(self) -> None:
        try:
            self._start_until_ready()
        finally:
            with self._lock:
                self._starting.discard(threading.current_thread())

    def _start_until_ready(self) -> None:
        for _ in range(_START_ATTEMPTS):
            with self._lock:
                if self._stopped:
                    return
                worker = _Worker(self._command)
                self._all.add(worker)
            if worker.wait_until_ready():
                self._idle.put(worker)
                return
            with self._lock:
                self._all.discard(worker)
                if self._stopped:
                    return
            _log.error("a worker ended with %s before it was ready", worker.process.poll())
            worker.end()
        with self._lock:
            self._lost += 1
            if self._lost == self.size:
                self._idle.put(None)
