"""Games as they are sent to be solved: which kind of text it is, how Gambit's are read, and room to walk them."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Final, TypeVar

from gamecore.errors import InputError

if TYPE_CHECKING:
    from gamecore.games.gambit.files import StrategicFile, TreeFile

__all__ = ["SOFT_SHARE", "TYPES", "in_deep_thread", "kind_by_word", "read_gambit"]

TYPES: Final = ("yaml", "nfg", "efg")
SOFT_SHARE: Final = 0.85  # of the limit: when solvers stop by themselves, so that there is time to print

MOST_DEPTH: Final = 50_000  # of recursion
STACK_BYTES: Final = 512 * 1024 * 1024  # what that may take; memory is used as far as it is needed

T = TypeVar("T")


def kind_by_word(data: bytes) -> str:
    """What kind of game a text is, by its first word: Gambit's begin with NFG or EFG, all others are scenarios."""
    word = data[:64].decode(errors="replace").lstrip("\ufeff \t\r\n")[:3]
    return {"NFG": "nfg", "EFG": "efg"}.get(word, "yaml")


def read_gambit(data: bytes, file: str, levers: Sequence[str], option: str) -> StrategicFile | TreeFile:
    """The game in the bytes of an .nfg or .efg file; `option` is how the door calls levers.

    Raises `InputError` if levers are pulled or the file has faults (`ScenarioError`).
    """
    if levers:
        raise InputError(f"{option} is for scenario files: this game has no levers")
    from gamecore.games.gambit import read_game

    return read_game(data, file)


def in_deep_thread(work: Callable[[], T]) -> T:
    """The result of `work`, or what it raised, done where deep trees can be walked by recursion.

    A deep tree needs room on the stack, and only a thread can be given it.
    """
    ended: dict[str, Any] = {}

    def run() -> None:
        try:
            ended["result"] = work()
        except BaseException as error:  # noqa: BLE001 - raised again by who waits
            ended["error"] = error

    depth, size = sys.getrecursionlimit(), threading.stack_size(STACK_BYTES)
    try:
        sys.setrecursionlimit(max(depth, MOST_DEPTH))
        thread = threading.Thread(target=run)
        thread.start()
        thread.join()
    finally:
        threading.stack_size(size)
        sys.setrecursionlimit(depth)
    if "error" in ended:
        raise ended["error"]
    result: T = ended["result"]
    return result
