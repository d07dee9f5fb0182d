"""`solve`: which game it is, which form is asked for, and who solves it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from os import PathLike
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
TO_LAY_OUT: Final = 4.0  # pieces of the time for what the answers beside the equilibria have in common


def solve(
    game: StrategicFile | TreeFile | StrategicGame | Scenario | Any,
    limits: Limits | None = None,
    *,
    form: Form = "auto",
    explain: bool = False,
    second_opinion: bool = False,
    also: str | Iterable[str] = (),
    seed: int = 1,
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
    also
        What else to say of the game, by name: see `gamecore.solving.further`; `"all"` is everything. Half of the time
        is kept for that.
    seed
        Of the beginnings that `also="learning"` draws.
    tell
        Called with each answer that is known before a longer search begins.

    Raises
    ------
    InputError
        If what is given is no game, a tree is asked for where there is none, or `also` has an unknown name. What is
        too large or out of time is no error but an answer whose status is `refused` or `partial`.
    """
    limits = limits or Limits()
    if form not in FORMS:
        raise InputError(f"form {form!r} is not one of {', '.join(FORMS)}")
    if not isinstance(limits, Limits):
        raise InputError(f"limits are a gamecore.Limits, such as Limits(seconds=10), and not {limits!r}")
    if not limits.seconds > 0:  # nor is nan a time
        raise InputError(f"a limit of {limits.seconds:g} seconds leaves no time; give it more")
    wish = _Wish(form, explain, second_opinion, _names(also, seed), seed)
    known: list[Answer] = []

    def note(answer: Answer) -> None:
        known.append(answer)
        if tell is not None:
            tell(answer)

    try:
        return _solved(game, wish, limits, note)
    except RefusedError as error:
        return replace(_refused(known, wish, str(error)), refusal=error.with_traceback(None))
    except MemoryError:
        return _refused(known, wish, "there is not enough memory for this game")
    except RecursionError:
        return _refused(known, wish, "the tree is deeper than can be walked")


@dataclass(frozen=True)
class _Wish:
    """What is asked beside the equilibria."""

    form: Form
    explain: bool
    second_opinion: bool
    also: tuple[str, ...]
    seed: int


def _names(also: Any, seed: Any) -> tuple[str, ...]:
    """What is asked for beside the equilibria; mostly nothing, and then nothing is loaded for it."""
    if not also:
        return ()
    from gamecore.solving.further import wanted

    if not isinstance(also, Iterable):
        raise InputError(f"also {also!r}: give names, such as 'security,learning', or 'all'")
    if not isinstance(seed, int) or seed < 0:
        raise InputError(f"seed {seed!r}: a seed is a whole number from 0")
    return wanted(also)


def _solved(game: Any, wish: _Wish, limits: Limits, tell: Tell) -> Answer:
    # An answer beside the equilibria has one piece of the time each; what is not used is left for those after it.
    clocks = limits.shares(
        [1.0] if not wish.also else [TO_LAY_OUT + len(wish.also), TO_LAY_OUT, *(1.0 for _ in wish.also)]
    )
    stop = next(clocks)
    answer = _equilibria(game, wish, limits, stop, tell)
    if wish.explain and not answer.explained:
        tell(answer)
        answer = explained(answer, stop)
    if wish.second_opinion:
        tell(answer)
        answer = replace(answer, second_opinion=second_opinions(answer, limits, stop))
    if wish.also:
        from gamecore.solving.further import furthered

        tell(answer)
        answer = furthered(answer, game, wish.also, (limits, clocks), tell, seed=wish.seed)
    return answer


def _equilibria(game: Any, wish: _Wish, limits: Limits, stop: ShouldStop, tell: Tell) -> Answer:
    from gamecore.model import Scenario

    if isinstance(game, Scenario) and game.is_conflict:
        from gamecore.solving.conflicts import refuse_more, solve_conflict

        refuse_more(wish.form, explain=wish.explain, second_opinion=wish.second_opinion, also=bool(wish.also))
        return solve_conflict(game)
    if isinstance(game, Scenario):
        from gamecore.solving.scenarios import solve_scenario

        return solve_scenario(game, wish.form, limits, stop, tell, explain=wish.explain)
    if isinstance(game, TreeFile):
        solver = solve_tree_strategically if wish.form == "strategic" else solve_tree
        return solver(game, limits, stop, tell)
    if isinstance(game, str | bytes | PathLike):
        raise InputError("a game is no name and no text: read a file first, gamecore.read_game(text, name)")
    file = as_file(game)
    if wish.form == "tree":
        raise InputError("this game has no tree, it is a strategic form: ask for form auto or strategic")
    labels = Labels(file.title, file.players, file.strategies, file.notes)
    return solve_strategic(file.game, labels, limits, stop, tell)


def _refused(known: list[Answer], wish: _Wish, why: str) -> Answer:
    """What was known before the refusal, with the reason."""
    if not known:
        known = [Answer("", "strategic", "none", Status.REFUSED, (), notes=("",))]
    last = known[-1]
    if wish.also:
        from gamecore.solving.further import refused_further

        last = replace(last, further=refused_further(wish.also, why) | dict(last.further))
    if last.status is Status.REFUSED:
        return replace(last, notes=(*last.notes[:-1], why))
    return replace(last, status=Status.PARTIAL, notes=(*last.notes, why))
