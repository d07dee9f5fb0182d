"""Room for deep trees, and which kind of game a text is."""

from __future__ import annotations

import sys
import threading

import pytest

from gamecore.questions.games import in_deep_thread, kind_by_word


def depth(left: int) -> int:
    return 0 if left == 0 else 1 + depth(left - 1)


def test_deep_recursion_has_room_and_leaves_the_process_as_it_was() -> None:
    before = sys.getrecursionlimit(), threading.stack_size()
    far = 10 * before[0]
    with pytest.raises(RecursionError):
        depth(far)
    assert in_deep_thread(lambda: depth(far)) == far
    assert (sys.getrecursionlimit(), threading.stack_size()) == before


def test_what_is_raised_in_there_is_raised_here() -> None:
    before = sys.getrecursionlimit(), threading.stack_size()
    players = {"diamond": 1}
    with pytest.raises(KeyError, match="nobody"):
        in_deep_thread(lambda: players["nobody"])
    assert (sys.getrecursionlimit(), threading.stack_size()) == before


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b'NFG 1 R "a"', "nfg"),
        (b'\xef\xbb\xbf\n EFG 2 R "a"', "efg"),
        (b"gamecore: 1", "yaml"),
        (b"{}", "yaml"),
        (b"", "yaml"),
        (b"\xff\xfe", "yaml"),
    ],
)
def test_the_first_word_says_which_game_it_is(data: bytes, kind: str) -> None:
    assert kind_by_word(data) == kind
