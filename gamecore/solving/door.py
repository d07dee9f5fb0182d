"""`solve`: which game it is, which form is asked for, and who solves it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, Literal

from gamecore.equilibria.result import Status
from gamecore.errors import InputError, RefusedError
from gamecore.games.gambit.files import StrategicFile, TreeFile
from gamecore.games.strategic import StrategicGame
from gamecore.solving.answer import Answer
from gamecore.solving.explaining import explained
from gamecore.solving.limits import Limits, ShouldStop
from gamecore.solving.second_opinion import second_opinions
from gamecore.solving.strategic import Labels, Tell, as_file, solve_strategic
from gamecore.solving.trees import solve_tree, solve_tree_strategically

if TYPE_CHECKING:
    from gamecore.model import Scenario

__all__ = ["FORMS", "Form", "solve"]

Form = Literal["auto", "strategic", "tree"]
FORMS: Final = ("auto", "strategic", "tree")


def solve(
    game: StrategicFile | TreeFile | StrategicGame | Scenario | Any,
    limits: Limits | None = None,
    *,
    form: Form = "auto",
    explain: bool = False,
    second_opinion: bool = False,
    tell: Callable[[Answer], None] | None = None,
) -> Answer:
    """All equilibria that can be found and proved within the limits.

    Parameters
    ----------
    game
        A `StrategicFile` or `TreeFile` (what `read_game` gives), a `Scenario`, a `StrategicGame`, or an array of
        numbers with axes (player, option of player 0, option of player 1, ...); a float counts as the decimal it prints
        as.
    limits
        Time and size; what is not within them is told in the notes.
    form
        `strategic` lists all equilibria of a tree's reduced strategic form, `tree` the subgame-perfect ones of a tree;
        `auto` takes what the game is.
    explain
        Add to each equilibrium why nobody moves, who would move first and what it would take.
    second_opinion
        Add what nashpy's algorithms find on the same game, disagreements explained.
    tell
        Called with each answer that is known before a longer search begins.

    Raises
    ------
    InputError
        If what is given is no game, or a tree is asked for where there is none. What is too large or out of time is no
        error but an answer whose status is `refused` or `partial`.
    """
    limits = limits or Limits()
    if form not in FORMS:
        raise InputError(f"form {form!r} is not one of {', '.join(FORMS)}")
    if limits.seconds <= 0:
        raise InputError(f"a limit of {limits.seconds:g} seconds leaves no time; give it more")
    known: list[Answer] = []

    def note(answer: Answer) -> None:
        known.append(answer)
        if tell is not None:
            tell(answer)

    try:
        return _solved(game, _Wish(form, explain, second_opinion), limits, note)
    except RefusedError as error:
        return _refused(known, str(error))
    except MemoryError:
        return _refused(known, "there is not enough memory for this game")
    except RecursionError:
        return _refused(known, "the tree is deeper than can be walked")


@dataclass(frozen=True)
class _Wish:
    """What is asked beside the equilibria."""

    form: Form
    explain: bool
    second_opinion: bool


def _solved(game: Any, wish: _Wish, limits: Limits, tell: Tell) -> Answer:
    stop = limits.clock()
    answer = _equilibria(game, wish, limits, stop, tell)
    if wish.explain and not answer.explained:
        tell(answer)
        answer = explained(answer, stop)
    if wish.second_opinion:
        tell(answer)
        answer = replace(answer, second_opinion=second_opinions(answer, limits, stop))
    return answer


def _equilibria(game: Any, wish: _Wish, limits: Limits, stop: ShouldStop, tell: Tell) -> Answer:
    from gamecore.model import Scenario

    if isinstance(game, Scenario):
        from gamecore.solving.scenarios import solve_scenario

        return solve_scenario(game, wish.form, limits, stop, tell, explain=wish.explain)
    if isinstance(game, TreeFile):
        solver = solve_tree_strategically if wish.form == "strategic" else solve_tree
        return solver(game, limits, stop, tell)
    file = as_file(game)
    if wish.form == "tree":
        raise InputError("this game has no tree, it is a strategic form: leave --form auto")
    labels = Labels(file.title, file.players, file.strategies, file.notes)
    return solve_strategic(file.game, labels, limits, stop, tell)


def _refused(known: list[Answer], why: str) -> Answer:
    """What was known before the refusal, with the reason."""
    if not known:
        return Answer("", "strategic", "none", Status.REFUSED, (), notes=(why,))
    last = known[-1]
    if last.status is Status.REFUSED:
        return replace(last, notes=(*last.notes[:-1], why))
    return replace(last, status=Status.PARTIAL, notes=(*last.notes, why))
