"""Reading `.nfg`: players, strategies by count or by label, then payoffs or outcomes, profile by profile.

Player 1's strategy varies fastest. Payoffs stand without commas; of outcomes, 0 is the one that pays nothing.
"""

from __future__ import annotations

from fractions import Fraction
from math import prod
from typing import Final

import numpy as np

from gamecore.games.gambit.files import ZERO, StrategicFile, unique_labels
from gamecore.games.gambit.tokens import Words, told
from gamecore.games.strategic import StrategicGame

__all__ = ["read_head", "read_strategic"]

MOST_PLAYERS: Final = 32  # an array has one axis a player, and no more than this in every numpy

COMMAS: Final = "leave out the commas here: white space is enough"


def read_head(words: Words, version: str, notes: list[str]) -> tuple[str, tuple[str, ...]]:
    """The title and the players; the first word of the file is known."""
    words.at += 1
    for right, hint in (((version,), f"the version must be {version}"), (("R", "D"), "then R has to follow")):
        if words.word in right:
            words.at += 1
        else:
            words.fault(f"{hint}, not {told(words.word)}")
            words.at += words.word not in {"", "{", "}"} and not words.is_text
    title = ""
    if words.word == "{":
        words.fault('the title is missing: write a text in quotes before the players, "" if it has none')
    else:
        title = words.label("the title")
    words.open("the players")
    return title, _told_apart(words, _labels(words, "a player's name"), "players", notes)


def read_strategic(words: Words) -> StrategicFile:
    """The rest of the file, as far as it can be understood; raises `ScenarioError` or `Lost` with its faults."""
    notes: list[str] = []
    title, players = read_head(words, "1", notes)
    if not 0 < len(players) <= MOST_PLAYERS:
        words.fault(f"there must be 1 to {MOST_PLAYERS} players, not {len(players)}")
    strategies = _strategies(words, players, notes)
    comment = words.label("the comment") if words.is_text else ""
    shape = tuple(map(len, strategies))
    payoffs = (_outcome_body if words.word == "{" else _payoff_body)(words, shape)
    words.check()
    array = np.empty(len(payoffs), dtype=object)
    array[:] = payoffs
    game = StrategicGame(array.reshape((len(players), *shape), order="F").copy(order="C"))
    return StrategicFile(title, players, strategies, game, comment, tuple(notes))


def _labels(words: Words, what: str) -> tuple[str, ...]:
    """Texts up to the closing brace, which is passed. Something else between them is a fault, told once."""
    labels = []
    clean = True
    while not words.next_is("}"):
        if words.is_text:
            labels.append(words.label(what))
            continue
        if words.word in {"", "{"}:
            words.lost(f"a }} is missing before {told(words.word)}: close the braces")
        if clean:
            comma = words.word == ","
            words.fault(COMMAS if comma else f"{what} must be a text in quotes, not {told(words.word)}")
        clean = False
        words.at += 1
    return tuple(labels)


def _told_apart(words: Words, labels: tuple[str, ...], what: str, notes: list[str]) -> tuple[str, ...]:
    different = unique_labels(labels)
    if different != labels:
        line, _ = words.place(words.at - 1)
        notes.append(f"line {line}: {what} share a name or have none; they are told apart as {', '.join(different)}")
    return different


def _strategies(words: Words, players: tuple[str, ...], notes: list[str]) -> tuple[tuple[str, ...], ...]:
    """The strategies' labels per player; counts give the labels 1, 2, ..."""
    start = words.at
    words.open("the strategies")
    found: list[tuple[str, ...]] = []
    by_label = words.word == "{"
    while not words.next_is("}"):
        at = words.at
        player = f"player {len(found) + 1}"
        if by_label:
            words.open(f"the strategies of {player}")
            found.append(_told_apart(words, _labels(words, "a strategy's name"), f"strategies of {player}", notes))
            count = len(found[-1])
        else:
            count = words.integer(f"the number of strategies of {player}")
            left = len(words.words) - words.at  # each profile takes a word, so this bounds what is worth labelling
            found.append(tuple(map(str, range(1, min(count, left) + 1))))
        if count < 1:
            words.fault(f"{player} needs a strategy at least", at)
            found[-1] = ("1",)
        elif not by_label and count > len(found[-1]):
            words.lost(f"{player} is given {count} strategies, and no payoffs follow for so many", at)
    if len(found) != len(players):
        words.lost(f"strategies of {len(found)} players are given, and there are {len(players)} players", start)
    return tuple(found)


def _payoff_body(words: Words, shape: tuple[int, ...]) -> list[Fraction]:
    players = len(shape)
    wanted = players * prod(shape)
    payoffs: list[Fraction] = []
    commas = 0
    while words.word:
        if words.word == ",":
            if not commas:
                words.fault(COMMAS)
            commas += 1
            words.at += 1
            continue
        if len(payoffs) == wanted:
            words.lost(f"the payoffs are complete ({_product(shape)}) before {told(words.word)}: leave out the rest")
        payoffs.append(words.number(f"payoff {len(payoffs) + 1}"))
    if len(payoffs) < wanted:
        words.lost(f"{wanted} payoffs are needed ({_product(shape)}), and there are {len(payoffs)}")
    return payoffs


def _product(shape: tuple[int, ...]) -> str:
    profiles = " x ".join(map(str, shape))
    return f"{profiles} profiles, {len(shape)} each" if len(shape) > 1 else f"{profiles} strategies"


def _outcome_body(words: Words, shape: tuple[int, ...]) -> list[Fraction]:
    players = len(shape)
    words.at += 1
    outcomes: list[list[Fraction]] = [[ZERO] * players]
    while not words.next_is("}"):
        if words.word == ",":
            words.fault(COMMAS)
            words.at += 1
            continue
        words.open(f"outcome {len(outcomes)}")
        words.label("the outcome's name")
        outcomes.append(read_payoffs(words, players, f"outcome {len(outcomes)}"))
    payoffs: list[Fraction] = []
    cells = prod(shape)
    done = 0
    while words.word:
        if words.word == ",":
            words.fault(COMMAS)
            words.at += 1
            continue
        if done == cells:
            words.lost(f"all {cells} profiles have their outcome before {told(words.word)}: leave out the rest")
        at = words.at
        number = words.integer(f"the outcome of profile {done + 1}")
        if not 0 <= number < len(outcomes):
            words.fault(f"there is no outcome {number}: the outcomes are 1 to {len(outcomes) - 1}, or 0 for none", at)
            number = 0
        payoffs += outcomes[number]
        done += 1
    if done < cells:
        words.lost(f"{cells} profiles need an outcome, and there are {done} numbers")
    return payoffs


def read_payoffs(words: Words, players: int, what: str) -> list[Fraction]:
    """One payoff a player, up to the closing brace, which is passed; a comma may follow each of them."""
    start = words.at
    payoffs: list[Fraction] = []
    payoff = f"a payoff of {what}"
    while not words.next_is("}"):
        payoffs.append(words.number(payoff))
        words.next_is(",")
    if len(payoffs) != players:
        words.fault(f"{what} has {len(payoffs)} payoffs, and there are {players} players", start)
        payoffs = [*payoffs, *[ZERO] * players][:players]
    return payoffs
