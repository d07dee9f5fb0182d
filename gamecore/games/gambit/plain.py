"""Labels as readers before Gambit 17 accept them: printable ASCII, single spaces, no two sets or nodes called alike."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from typing import Final, overload

from gamecore.games.gambit.files import StrategicFile, TreeFile, unique_labels

__all__ = ["with_plain_labels"]

_ASCII: Final = str.maketrans(
    {"–": "-", "—": "-", "−": "-", "‘": "'", "’": "'", "“": '"', "”": '"', "…": "...", "€": "EUR", "£": "GBP"}
    | {"ß": "ss", "æ": "ae", "Æ": "AE", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "×": "x", "\\": "/"}
)


@overload
def with_plain_labels(file: StrategicFile) -> StrategicFile: ...
@overload
def with_plain_labels(file: TreeFile) -> TreeFile: ...
def with_plain_labels(file: StrategicFile | TreeFile) -> StrategicFile | TreeFile:
    """The same game with labels for readers of ASCII only. Numbers and structure stay as they are."""
    title, comment = _plain(file.title), _plain(file.comment)
    players = _different(file.players)
    if isinstance(file, StrategicFile):
        strategies = tuple(map(_different, file.strategies))
        return replace(file, title=title, comment=comment, players=players, strategies=strategies)
    sets = _different_or_none([(item.player, item.label) for item in file.information_sets])
    chances = _different_or_none([(0, item.label) for item in file.chance_sets])
    return replace(
        file,
        title=title,
        comment=comment,
        players=players,
        labels=_different_or_none([(0, label) for label in file.labels]),
        information_sets=tuple(
            replace(item, label=label, actions=_different(item.actions))
            for item, label in zip(file.information_sets, sets, strict=True)
        ),
        chance_sets=tuple(
            replace(item, label=label, actions=_different(item.actions))
            for item, label in zip(file.chance_sets, chances, strict=True)
        ),
        outcomes=tuple(replace(item, label=_plain(item.label)) for item in file.outcomes),
    )


def _plain(text: str) -> str:
    spread = unicodedata.normalize("NFKD", text.translate(_ASCII))
    kept = "".join(letter for letter in spread if not unicodedata.combining(letter))
    return " ".join("".join(letter if " " <= letter <= "~" else "?" for letter in " ".join(kept.split())).split())


def _different(labels: Sequence[str]) -> tuple[str, ...]:
    return unique_labels([_plain(label) for label in labels])


def _different_or_none(labels: Sequence[tuple[int, str]]) -> tuple[str, ...]:
    """Plain labels that differ within a group; those without one stay without."""
    told = [(group, _plain(label)) for group, label in labels]
    found = [""] * len(told)
    for wanted in {group for group, _ in told}:
        places = [number for number, (group, label) in enumerate(told) if group == wanted and label]
        for place, label in zip(places, unique_labels([told[number][1] for number in places]), strict=True):
            found[place] = label
    return tuple(found)
