"""The strategic form that the further answers are about, with its names and its equilibria."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

from gamecore.equilibria.polishing import IntervalEquilibrium
from gamecore.equilibria.result import Solution, Status
from gamecore.errors import RefusedError
from gamecore.games.strategic import Mixed, StrategicGame
from gamecore.model import Scenario
from gamecore.solving.answer import Answer
from gamecore.solving.explaining import told
from gamecore.solving.limits import Limits, ShouldStop
from gamecore.solving.strategic import strategic_solution
from gamecore.solving.trees import NEVER, laid_out

__all__ = ["Subject", "listed", "subject_of"]

LAID_OUT: Final = "this is about the reduced strategic form of the tree: whole plans, chosen before the first move"
OWN_PLACES: Final = "equilibria are counted in the order of --form strategic"
LONGEST_CHANCE: Final = 12  # signs of a fraction that people read
MOST_NAMED: Final = 4  # options in one sentence; the values have all


@dataclass(frozen=True)
class Subject:
    """A game in strategic form, its names in file order, and what is known of its equilibria.

    `solution` lists them in the order of `Answer.equilibria`, or of `--form strategic` where the answer is a tree's.
    """

    game: StrategicGame
    players: tuple[str, ...]
    strategies: tuple[tuple[str, ...], ...]
    solution: Solution
    by_name: bool = False
    notes: tuple[str, ...] = ()
    places: tuple[str, ...] = ()  # a note on how equilibria are counted
    perfect: Solution | None = None  # the subgame-perfect equilibria, for their payoffs; None where there is no tree

    def per_player(self, values: Iterable[Any]) -> Any:
        """Values in the order of the players: a list for game files, an object by name for scenarios."""
        return dict(zip(self.players, values, strict=True)) if self.by_name else list(values)

    def mixture(self, player: int, chances: Sequence[Fraction | float]) -> dict[str, Any]:
        """The options that are used with their chances: exact ones as texts, floats as they are."""
        names = zip(self.strategies[player], chances, strict=True)
        return {name: str(one) if isinstance(one, Fraction) else one for name, one in names if one}

    def profile(self, options: Sequence[int], without: int = -1) -> list[str]:
        """The names of a profile's options, in the order of the players (but for `without`, if given)."""
        seats = [seat for seat in range(len(self.players)) if seat != without]
        return [self.strategies[seat][option] for seat, option in zip(seats, options, strict=True)]

    def named(self, player: int, option: int) -> str:
        """An option in a sentence: of a plan what it does where it gets, in quotes if it has several parts."""
        name = ", ".join(part for part in self.strategies[player][option].split(", ") if part != NEVER)
        return f'"{name}"' if ", " in name else name or self.strategies[player][option]

    def listed(self, player: int, options: Sequence[int], last: str = "and") -> str:
        """Some options in a sentence."""
        return listed([self.named(player, option) for option in options], last)

    def said(self, player: int, chances: Sequence[Fraction]) -> str:
        """A strategy in a sentence."""
        used = [option for option, one in enumerate(chances) if one]
        if len(used) == 1:
            return self.named(player, used[0])
        return listed([f"{self.named(player, option)} with chance {_chance(chances[option])}" for option in used])

    def profile_said(self, strategies: Mixed) -> str:
        """Who plays what, in a sentence."""
        return ", ".join(f"{who} {self.said(seat, strategies[seat])}" for seat, who in enumerate(self.players))

    def paid(self, payoffs: Sequence[Fraction]) -> str:
        """Who gets what, in a sentence."""
        return ", ".join(f"{who} {told(one)}" for who, one in zip(self.players, payoffs, strict=True))


def _chance(exact: Fraction) -> str:
    return str(exact) if len(str(exact)) <= LONGEST_CHANCE else f"about {float(exact):.6g}"


def listed(names: Sequence[str], last: str = "and") -> str:
    """Names in a sentence; of many, the first ones and how many more."""
    if len(names) > MOST_NAMED:
        names = [*names[:MOST_NAMED], f"{len(names) - MOST_NAMED} more"]
    return f" {last} ".join([", ".join(names[:-1]), names[-1]] if len(names) > 2 else names)


def subject_of(answer: Answer, game: Any, limits: Limits, stop: ShouldStop, *, equilibria: bool = True) -> Subject:
    """What the further answers to `game` are about, with its `equilibria` if they are needed.

    Raises `RefusedError` if the game has no strategic form, or one that is too large.
    """
    if answer.game is not None:
        names = tuple(tuple(str(name) for name in menu) for menu in answer.strategies)
        return Subject(
            answer.game, answer.players, names, _solution(answer), answer.by_name, perfect=_perfect(answer, "")
        )
    tree, notes = answer.tree, [LAID_OUT]
    proposing = ""
    if isinstance(game, Scenario):
        from gamecore.equilibria.protocols import in_order
        from gamecore.solving.scenarios import scenario_tree

        proposing = in_order(game)[0].name
        tree, protocol = scenario_tree(game, limits)
        notes += protocol
    if tree is None:
        raise RefusedError("the game was not read far enough to say more about it", limit="time")
    form, plans = laid_out(tree, limits)
    solution = strategic_solution(form.game, limits, stop) if equilibria else Solution("none", Status.REFUSED)
    return Subject(
        form.game,
        answer.players,
        plans,
        solution,
        answer.by_name,
        tuple(notes),
        (OWN_PLACES,),
        _perfect(answer, proposing),
    )


def _perfect(answer: Answer, protocol: str) -> Solution | None:
    """The subgame-perfect equilibria under a protocol, if there is one, in terms of what the answer says of them."""
    perfect = [one for one in answer.equilibria if one.subgame_perfect and protocol in ("", one.protocol)]
    if not perfect:
        return None
    equilibria = tuple(IntervalEquilibrium((), one.payoffs, one.certificate, radius=one.radius) for one in perfect)
    return Solution(answer.method, answer.status, equilibria)


def _solution(answer: Answer) -> Solution:
    """The solver's answer again, from the labelled one."""
    equilibria = tuple(
        IntervalEquilibrium(
            tuple(tuple(mix) for mix in one.strategies if not isinstance(mix, Mapping)),
            one.payoffs,
            one.certificate,
            one.subgame_perfect,
            one.component,
            one.radius,
        )
        for one in answer.equilibria
    )
    return Solution(answer.method, answer.status, equilibria, answer.notes, components=answer.components)
