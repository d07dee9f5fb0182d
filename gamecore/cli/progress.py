"""The bar on work over a second: on standard error, and only where somebody watches."""

from __future__ import annotations

import sys
import threading
from types import TracebackType
from typing import Final, Self

__all__ = ["Progress"]

_PATIENCE_SECONDS: Final = 1.0


class Progress:
    """Hand it to `analyse(progress=...)`; the bar appears by itself after a second and is gone at the end.

    >>> with Progress(watched=False) as progress:
    ...     progress(1, 3, "draws")
    """

    def __init__(self, *, watched: bool | None = None) -> None:
        self._watched = sys.stderr.isatty() if watched is None else watched
        self._lock = threading.Lock()
        self._state: tuple[int, int, str] = (0, 0, "working")
        self._bar: tuple[object, object] | None = None
        self._timer = threading.Timer(_PATIENCE_SECONDS, self._show)
        self._timer.daemon = True

    def __call__(self, done: int, total: int, label: str) -> None:
        """`done` of `total` steps are behind; `label` says what is done now."""
        with self._lock:
            self._state = (done, total, label)
            self._update()

    def __enter__(self) -> Self:
        if self._watched:
            self._timer.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._timer.cancel()
        with self._lock:
            self._watched = False
            if self._bar is not None:
                self._bar[0].stop()  # type: ignore[attr-defined] # rich is loaded only if a bar is shown
                self._bar = None

    def _show(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

        with self._lock:
            if not self._watched:
                return
            bar = Progress(
                TextColumn("{task.description}", markup=False),
                BarColumn(),
                TimeElapsedColumn(),
                console=Console(stderr=True),
                transient=True,
            )
            self._bar = (bar, bar.add_task("working", total=None))
            bar.start()
            self._update()

    def _update(self) -> None:
        if self._bar is not None:
            done, total, label = self._state
            bar, task = self._bar
            bar.update(task, completed=done, total=total or None, description=label)  # type: ignore[attr-defined]
