"""The frozen answer of `solve`: a game and its equilibria, in labels and exact numbers.

`form` is `strategic` or `tree`. In a strategic form `strategies[i]` names the options of player `i` and an equilibrium
gives each player a distribution over them, in that order. In a tree `strategies[i]` lists the places where player `i`
moves and an equilibrium says what it does in each: a distribution over the actions, or words where the place is an
agreement of a scenario. `Answer.document` is the same as plain data, every number as an exact string.

`status` is `complete` (everything that `method` names is listed), `partial` (what is listed is right, `notes` say what
was not searched) or `refused` (nothing was computed, `notes` say which limit).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from gamecore.equilibria.result import Certificate, Component, Status
from gamecore.errors import RefusedError
from gamecore.games.gambit.files import TreeFile
from gamecore.games.strategic import StrategicGame

__all__ = ["Answer", "Explanation", "Found", "Further", "LedgerLine", "Opinion", "Outcome", "Place", "Stay", "Step"]

Chances = tuple[Fraction, ...]
Doing = Mapping[str, "Chances | str"]
"""What a player does by the name of the place: chances of its actions, or words."""


@dataclass(frozen=True)
class Place:
    """Where a player of a tree moves: an information set with its actions, or an agreement with its options."""

    name: str
    actions: tuple[str, ...]
    agreement: bool = False

    def document(self) -> dict[str, Any]:
        """The place as plain data."""
        kind, menu = ("agreement", "options") if self.agreement else ("information_set", "actions")
        return {kind: self.name, menu: list(self.actions)}


@dataclass(frozen=True)
class Stay:
    """Why one player does not move alone: its best deviation and what it would lose by it (0: it does not care).

    `where` names the place in a tree; where several things are done at several places, `deviation` names them all.
    `change` is the least that one number of the payoffs must rise by so that the
    deviation pays, and `at` says which: the options (or the way through the tree) it stands at.
    """

    player: str
    deviation: str
    loss: Fraction
    where: str = ""
    change: Fraction | None = None
    at: str = ""

    def document(self) -> dict[str, Any]:
        """The values as plain data."""
        found: dict[str, Any] = {"player": self.player, "deviation": self.deviation, "loss": str(self.loss)}
        if self.where:
            found["where"] = self.where
        if self.change is not None:
            found |= {"change": str(self.change), "at": self.at}
        return found


@dataclass(frozen=True)
class LedgerLine:
    """What `player` gains by one deviation, exactly; `where` names the place in a tree, if it is one."""

    player: str
    deviation: str
    gain: Fraction
    where: str = ""

    def document(self) -> dict[str, Any]:
        """The line as plain data."""
        place = {"where": self.where} if self.where else {}
        return {"player": self.player, "deviation": self.deviation} | place | {"gain": str(self.gain)}


@dataclass(frozen=True)
class Explanation:
    """Why nobody moves, who would move first and what it would take: values, and the same in `sentences`.

    `threats` tell what in a tree nobody would do if play got there; `ledger` has every deviation that was priced (of a
    great many, the first).
    """

    stays: tuple[Stay, ...]
    first: Stay | None
    sentences: tuple[str, ...]
    threats: tuple[str, ...] = ()
    ledger: tuple[LedgerLine, ...] = ()

    def document(self) -> dict[str, Any]:
        """The explanation as plain data."""
        return {
            "stays": [item.document() for item in self.stays],
            "first": None if self.first is None else self.first.document(),
            "sentences": list(self.sentences),
            "threats": list(self.threats),
            "ledger": [line.document() for line in self.ledger],
        }


@dataclass(frozen=True)
class Found:
    """One equilibrium, with the ledger that proves it.

    Where it is irrational, each chance is within `radius` of the one told, and the ledger holds within its bound.
    """

    strategies: tuple[Chances, ...] | tuple[Doing, ...]
    payoffs: tuple[Fraction, ...]
    pure: bool
    subgame_perfect: bool | None
    certificate: Certificate
    component: int | None = None
    protocol: str | None = None
    explanation: Explanation | None = None
    radius: Fraction = Fraction(0)

    def document(self, players: tuple[str, ...], *, by_name: bool) -> dict[str, Any]:
        """The equilibrium as plain data."""
        played = [_played(one) for one in self.strategies]
        found: dict[str, Any] = {} if self.protocol is None else {"protocol": self.protocol}
        found |= {
            "strategies": _per_player(players, played, by_name=by_name),
            "payoffs": [str(value) for value in self.payoffs],
            "pure": self.pure,
            "subgame_perfect": self.subgame_perfect,
            "component": self.component,
            "max_gain": str(self.certificate.max_gain),
            "deviations": len(self.certificate.deviations),
        }
        if self.certificate.bound:
            found["bound"] = str(self.certificate.bound)
        if self.radius:
            found["radius"] = str(self.radius)
        if self.explanation is not None:
            found["explanation"] = self.explanation.document()
        return found


def _played(strategy: Chances | Doing) -> Any:
    if isinstance(strategy, Mapping):
        return {where: what if isinstance(what, str) else _texts(what) for where, what in strategy.items()}
    return _texts(strategy)


def _texts(numbers: Iterable[Fraction]) -> list[str]:
    return [str(number) for number in numbers]


def _per_player(players: tuple[str, ...], values: Iterable[Any], *, by_name: bool) -> Any:
    return dict(zip(players, values, strict=True)) if by_name else list(values)


@dataclass(frozen=True)
class Step:
    """One end that play can get to, with its chance: `history` is what was done on the way, by place."""

    history: Mapping[str, str]
    chance: Fraction
    end: str = ""


@dataclass(frozen=True)
class Outcome:
    """What play leads to: the ends with their chances."""

    payoffs: tuple[Fraction, ...]
    path: tuple[Step, ...]
    protocol: str | None = None

    def document(self) -> dict[str, Any]:
        """The outcome as plain data."""
        path = []
        for step in self.path:
            told: dict[str, Any] = {"history": dict(step.history), "chance": str(step.chance)}
            path.append(told | ({"end": step.end} if step.end else {}))
        head = {} if self.protocol is None else {"protocol": self.protocol}
        return head | {"payoffs": _texts(self.payoffs), "path": path}


@dataclass(frozen=True)
class Opinion:
    """What one algorithm of nashpy found on the same game.

    `missing` are places in `Answer.equilibria` it did not find; `wrong` what it returned that is no equilibrium, with
    what somebody gains; `between` how many of its answers lie between extreme ones of a component. `looks_for_all` says
    whether it means to find all; `asked` is False where it was not run. `sentences` explain the differences.
    """

    algorithm: str
    found: int = 0
    missing: tuple[int, ...] = ()
    wrong: tuple[tuple[tuple[tuple[float, ...], ...], Fraction], ...] = ()
    between: int = 0
    looks_for_all: bool = True
    asked: bool = True
    sentences: tuple[str, ...] = ()

    @property
    def agrees(self) -> bool | None:
        """Whether it found what it means to find and nothing that is no equilibrium; None if it was not asked."""
        if not self.asked:
            return None
        return not self.wrong and not (self.missing and self.looks_for_all)

    def document(self) -> dict[str, Any]:
        """The opinion as plain data."""
        return {
            "algorithm": self.algorithm,
            "agrees": self.agrees,
            "found": self.found,
            "missing": list(self.missing),
            "wrong": [
                {"strategies": [list(one) for one in profile], "max_gain": str(gain)} for profile, gain in self.wrong
            ],
            "between": self.between,
            "sentences": list(self.sentences),
        }


@dataclass(frozen=True)
class Further:
    """One thing more that is said of a game (`gamecore.solving.further` lists them).

    `values` are plain data, numbers as exact strings (floats where the method is one of floats), options by their
    names; `result` is what the solver returned, in indices.
    """

    name: str
    status: Status
    values: Mapping[str, Any] = field(default_factory=dict)
    sentences: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    result: Any = field(default=None, repr=False, compare=False)

    @property
    def key(self) -> str:
        """Where it stands in the document."""
        return self.name.replace("-", "_")

    def document(self) -> dict[str, Any]:
        """The answer as plain data."""
        head: dict[str, Any] = {"status": self.status.value}
        return head | dict(self.values) | {"sentences": list(self.sentences), "notes": list(self.notes)}


@dataclass(frozen=True)
class Answer:
    """Everything `solve` says about a game; see the module's docstring.

    `by_name` says that the document keys strategies by player (the players of a scenario have unique keys); otherwise
    they are lists in the order of `players`. `game` is the strategic form that was solved, `tree` the tree. `further`
    has what was asked for beside the equilibria, by name. `refusal` is the error of the limit that ended the solve, if
    one did.
    """

    title: str
    form: str
    method: str
    status: Status
    players: tuple[str, ...]
    strategies: tuple[tuple[str, ...], ...] | tuple[tuple[Place, ...], ...] = ()
    equilibria: tuple[Found, ...] = ()
    components: tuple[Component, ...] = ()
    subgame_perfect_outcomes: tuple[Outcome, ...] = ()
    pure: tuple[tuple[int, ...], ...] = ()
    notes: tuple[str, ...] = ()
    second_opinion: tuple[Opinion, ...] | None = None
    further: Mapping[str, Further] = field(default_factory=dict)
    sha256: str = ""
    by_name: bool = field(default=False, repr=False)
    game: StrategicGame | None = field(default=None, repr=False, compare=False)
    tree: TreeFile | None = field(default=None, repr=False, compare=False)
    refusal: RefusedError | None = field(default=None, repr=False, compare=False)

    @property
    def explained(self) -> bool:
        """Whether the equilibria say why nobody moves."""
        return any(one.explanation is not None for one in self.equilibria)

    def document(self) -> dict[str, Any]:
        """The JSON document of `solve --json`: plain data, numbers as exact strings."""
        head: dict[str, Any] = {"title": self.title} | ({"sha256": self.sha256} if self.sha256 else {})
        menus = [
            [item.document() if isinstance(item, Place) else item for item in player] for player in self.strategies
        ]
        document = head | {
            "players": list(self.players),
            "form": self.form,
            "method": self.method,
            "status": self.status.value,
            "strategies": _per_player(self.players, menus, by_name=self.by_name) if menus else menus,
            "equilibria": [one.document(self.players, by_name=self.by_name) for one in self.equilibria],
            "components": [
                {
                    "members": list(item.members),
                    "subsets": [list(subset) for subset in item.subsets],
                    "payoff_ranges": [_texts(ends) for ends in item.payoff_ranges],
                }
                for item in self.components
            ],
            "pure": [list(profile) for profile in self.pure],
            "subgame_perfect_outcomes": [item.document() for item in self.subgame_perfect_outcomes],
            "notes": list(self.notes),
        }
        if self.second_opinion is not None:
            document["second_opinion"] = [item.document() for item in self.second_opinion]
        return document | {item.key: item.document() for item in self.further.values()}
