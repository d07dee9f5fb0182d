"""Reading a game file of either kind: its first word says which."""

from __future__ import annotations

from gamecore.errors import Fault, ScenarioError, TooLargeError
from gamecore.games.gambit.files import StrategicFile, TreeFile
from gamecore.games.gambit.strategic_reader import read_strategic
from gamecore.games.gambit.tokens import MOST_CHARACTERS, Enough, Lost, Words, told
from gamecore.games.gambit.tree_reader import DEFAULT_MOST_NODES, read_tree

__all__ = ["read_game"]


def read_game(
    text: str | bytes,
    name: str = "game",
    *,
    most_characters: int = MOST_CHARACTERS,
    most_nodes: int = DEFAULT_MOST_NODES,
) -> StrategicFile | TreeFile:
    """The game a `.nfg` or `.efg` file describes; `name` stands before each fault.

    Raises `ScenarioError` with every fault found, `TooLargeError` above the limits.
    """
    if len(text) > most_characters:
        raise TooLargeError(
            f"{name} has {len(text)} characters, more than {most_characters}; give a smaller game",
            limit="characters",
            count=len(text),
            allowed=most_characters,
        )
    words = Words(_decoded(text, name), name)
    try:
        match words.word:
            case "NFG":
                return read_strategic(words)
            case "EFG":
                return read_tree(words, most_nodes)
            case other:
                words.fault(_not_a_game(other))
    except (Lost, Enough):
        pass
    raise ScenarioError(words.faults, name)


def _decoded(text: str | bytes, name: str) -> str:
    if isinstance(text, str):
        return text.removeprefix("\ufeff")
    try:
        return text.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = text[: error.start].decode(errors="replace")
        line = before.count("\n") + 1
        column = len(before) - before.rfind("\n")
        raise ScenarioError([Fault(line, column, "", "this is no UTF-8: save the file as UTF-8")], name) from None


def _not_a_game(word: str) -> str:
    if word.startswith("<"):
        return "this looks like a workbook (.gbt): save the game in it as .nfg or .efg"
    if word.upper().startswith(("#AGG", "#BAGG")):
        return "action-graph games are not read: save the game as .nfg"
    if word.upper() in {"NFG", "EFG"}:
        return f"write {word.upper()} in capitals"
    return f"a game file starts with NFG 1 (strategic form) or EFG 2 (tree), not with {told(word)}"
