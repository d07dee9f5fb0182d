"""What it is worth to know more: perfect and partial information, and noisy signals, per player.

*Beforehand* is before the first decisions. Two questions, two numbers. *As sole decider* a player takes them alone, so
knowing more can only help. With `v(plan, x)` its payoff where the uncertain quantities are `x`,

    EVPI     = E max_plan v(plan, x)            - max_plan E v(plan, x)       (Raiffa & Schlaifer 1961)
    EVPPI(k) = E_k max_plan E[v(plan, x) | x_k] - max_plan E v(plan, x)
    EVSI <= EVPPI <= EVPI.

*In the game* everybody learns the same and everybody plays on, so the worth of knowing has any sign (Hirshleifer 1971;
Kamien, Tauman & Zamir 1990). With `V_i(I)` player `i`'s expected payoff in the game whose players know `I` beforehand,
it is `V_i(I) - V_i(nothing)`. Who proposes is part of the game: one row per protocol.

*Uncertain quantities* (the ranges of the file) are integrated over the designs of `designs.py`. A plan says what is
done on the first date; what is decided later is decided by those with the right to it, who know the quantities by then,
as everywhere in an analysis. Players who know a part of them beforehand decide on payoffs averaged over the rest, those
who know nothing on payoffs averaged over all. A noisy signal garbles what would be known (Blackwell 1951): its accuracy
is the correlation of signal and quantity in normal scores, or for a quantity with a few discrete values the chance that
it names the right one.

*Events* are told by a signal before the first decision (`signals.py`), at base values and exact. What is seen early is
used early and late; so here the sole decider takes the later decisions, too.

A signal garbles the very values that perfect information would show, so EVSI <= EVPPI in every answer. EVPPI and EVPI
come from different designs; as sole decider nothing is worth more than the EVPI over all draws, and an estimate that
exceeds it by an error of sampling is cut there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from gamecore.equilibria.backward_induction import backward_induction
from gamecore.equilibria.batch import backward_induction_over_draws
from gamecore.equilibria.following import best_play, drawn_policy, follow
from gamecore.errors import InputError, RefusedError, TooLargeError
from gamecore.games.agreement import Bargaining
from gamecore.games.translate import exact_numbers, protocols
from gamecore.games.tree import Tree
from gamecore.model import Scenario
from gamecore.robustness.averages import Averages, Tables, games_of
from gamecore.robustness.close_calls import CloseCall
from gamecore.robustness.designs import all_known, channel, partly_known
from gamecore.robustness.signals import Informed, informed, sole_decider
from gamecore.robustness.topics import Kind, Topic, topics
from gamecore.scenario.anytime import refuse_conflict
from gamecore.scenario.reader import listed, near
from gamecore.valuation.draws import Sampling
from gamecore.valuation.inputs import quantities
from gamecore.valuation.payoffs import exact_worth

__all__ = ["Information", "Knowing", "value_of_information", "worth_of_everything"]

Floats = npt.NDArray[np.float64]
Progress = Callable[[int, int, str], None]

MOST_EXACT: Final = 256  # profiles of a subgame with hidden moves of which all equilibria are found, in a second
MOST_PLAYED: Final = 20_000  # profiles of one that is played in floats; more are refused
SAME: Final = 1e-9  # of the largest payoff: what knowing is worth below it is rounding


@dataclass(frozen=True)
class Knowing:
    """What knowing one topic is worth.

    `sole[i]` to player `i` as sole decider, `game[p][i]` in the game under protocol `p`, both in the unit of the file.
    `accuracy` is None for perfect information. `several[p]` is the share of cases whose way to the end is one of
    several equilibria, `undecided[p]` that of cases without a pure one (of numbers, players then count with what they
    can secure; of events, with the mixed one).
    """

    topic: Topic
    accuracy: Fraction | None
    sole: tuple[float, ...]
    game: tuple[tuple[float, ...], ...]
    several: tuple[float, ...]
    undecided: tuple[float, ...]

    @property
    def largest(self) -> float:
        """The largest worth to anybody, without its sign."""
        return max(map(abs, (*self.sole, *(value for row in self.game for value in row))))


@dataclass(frozen=True)
class Information:
    """The worth of knowing, topic by topic, the most valuable first; a signal follows what it is about.

    `everything` is perfect information on all uncertain quantities at once; empty without ranges. `expected[p][i]` is
    what the game is worth under protocol `p` when nobody knows more, on payoffs averaged over the quantities (exact
    where there are none).
    `close_calls[p]` says where that hangs on little (empty without ranges).
    `seen_by` are the players told (all: every player). `clipped` is the share of points by event whose chances were
    cut.
    """

    players: tuple[str, ...]
    protocols: tuple[str, ...]
    expected: tuple[tuple[float, ...], ...]
    everything: tuple[Knowing, ...]
    quantities: tuple[Knowing, ...]
    events: tuple[Knowing, ...]
    draws: int
    seed: int
    seen_by: tuple[str, ...]
    clipped: Mapping[str, float] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    close_calls: tuple[CloseCall | None, ...] = ()


def value_of_information(
    scenario: Scenario,
    *,
    about: Sequence[str] = (),
    accuracy: Fraction | None = None,
    seen_by: Sequence[str] = (),
    draws: int = 10_000,
    seed: int = 1,
    sampling: str = Sampling.LATIN_HYPERCUBE,
    progress: Progress | None = None,
) -> Information:
    """What it is worth to each player to know more.

    Parameters
    ----------
    about
        Names of inputs or events, or paths of ranges; several names with commas between them are learnt together.
        Empty: everything there is to know, one by one.
    accuracy
        Of a noisy signal, 0 to 1, looked at beside perfect information.
    seen_by
        The players who are told, where not all are: events only.
    sampling
        How the draws of all quantities are spread (`valuation/draws.py`).

    Raises
    ------
    InputError
        If a name is unknown, an event cannot be known in time, or a signal makes no sense.
    RefusedError
        If a game is too large, or talks of several rounds would be held under private information.
    """
    refuse_conflict(scenario)
    told = tuple(name for name in scenario.players if name in seen_by) if seen_by else tuple(scenario.players)
    unknown = next((name for name in seen_by if name not in scenario.players), None)
    if unknown is not None:
        meant = near(unknown, scenario.players)
        raise InputError(f"there is no player '{unknown[:60]}'{meant}; players are {listed(scenario.players)}")
    if accuracy is not None and not 0 <= accuracy <= 1:
        raise InputError(f"the accuracy of a signal is a chance between 0% and 100%, not {float(accuracy):.6g}")
    chosen, notes = topics(scenario, about)
    numbers = [topic for topic in chosen if topic.kind is Kind.QUANTITY]
    private = len(told) < len(scenario.players)
    if private and numbers and about:
        raise InputError("a number is known to all or to nobody; only events can be seen by some of the players")
    tables = Tables(scenario)
    whole = _Whole(scenario, tables, draws, seed, sampling)
    everything, found = whole.everything(), []
    for done, topic in enumerate([] if private else numbers):
        if progress is not None:
            progress((done + 1) * draws, (len(numbers) + 1) * draws, "draws")
        found += whole.about(topic, accuracy if about or len(topic.members) == 1 else None)
    events: list[Knowing] = []
    for topic in chosen:
        if topic.kind is Kind.EVENT:
            try:
                events += _about_event(scenario, topic, accuracy, told if private else None)
            except RefusedError as error:
                if about:
                    raise
                notes = (*notes, f"{topic.label} is left out: {error}")
    return Information(
        players=tuple(scenario.players),
        protocols=tables.protocols,
        expected=_expected(scenario, whole.averages),
        everything=() if private or not numbers else (everything,),
        quantities=_largest_first(found),
        events=_largest_first(events),
        draws=draws,
        seed=seed,
        seen_by=told,
        clipped=tables.clipped,
        notes=notes,
        close_calls=whole.averages.close_calls() if numbers and not private else (),
    )


def worth_of_everything(
    scenario: Scenario, *, draws: int = 10_000, seed: int = 1, sampling: str = Sampling.LATIN_HYPERCUBE
) -> Information:
    """Perfect information on all uncertain numbers at once, and nothing else: the part that one simulation answers.

    Raises as `value_of_information` does.
    """
    tables = Tables(scenario)
    whole = _Whole(scenario, tables, draws, seed, sampling)
    return Information(
        players=tuple(scenario.players),
        protocols=tables.protocols,
        expected=_expected(scenario, whole.averages),
        everything=(whole.everything(),),
        quantities=(),
        events=(),
        draws=draws,
        seed=seed,
        seen_by=tuple(scenario.players),
        clipped=tables.clipped,
    )


def _largest_first(found: Sequence[Knowing]) -> tuple[Knowing, ...]:
    """By the worth of perfect information; what is worth the same stays in the order of the file."""
    most = {item.topic: round(item.largest, 9) for item in found if item.accuracy is None}
    places = {topic: place for place, topic in enumerate(sorted(most, key=lambda topic: -most[topic]))}
    return tuple(sorted(found, key=lambda item: places[item.topic]))


def _expected(scenario: Scenario, averages: Averages) -> tuple[tuple[float, ...], ...]:
    """What the game is worth to each player when nobody knows more; exact where no number is uncertain."""
    if quantities(scenario):
        return _rows(averages.game(know=False).values)
    return tuple(tuple(map(float, item.values)) for item in _solved(Informed(scenario, scenario)))


def _rows(values: Floats) -> tuple[tuple[float, ...], ...]:
    return tuple(tuple(map(float, row)) for row in values)


# ---- uncertain quantities --------------------------------------------------------------------------------------------


class _Whole:
    """The scenario over all its quantities, and over those of one topic at a time."""

    def __init__(self, scenario: Scenario, tables: Tables, draws: int, seed: int, sampling: str) -> None:
        self.scenario, self.tables, self.draws, self.seed = scenario, tables, draws, seed
        points = draws if quantities(scenario) else 1  # where nothing is uncertain, every draw is the same
        self.averages = tables.over(all_known(scenario, points, seed, sampling))
        self.gains = _gains(self.averages.alone(know=True) - self.averages.alone(know=False), self.averages)

    def everything(self) -> Knowing:
        """Perfect information on all quantities at once."""
        keys = tuple(item.key for item in quantities(self.scenario))
        topic = Topic("everything", "All uncertain numbers", Kind.QUANTITY, keys)
        return _knowing(topic, None, self.averages, self.gains)

    def about(self, topic: Topic, accuracy: Fraction | None) -> list[Knowing]:
        """Perfect information on one topic, and a signal on it if an accuracy is given."""
        design = partly_known(self.scenario, topic.members, self.draws, self.seed)
        averages = self.tables.over(design).centred_on(self.averages)
        nothing = averages.alone(know=False)
        found = []
        for told in (None,) if accuracy is None else (None, accuracy):
            seen = averages if told is None else averages.through(channel(self.scenario, topic.members, design, told))
            gain = _gains(seen.alone(know=True) - nothing, averages)
            found.append(_knowing(topic, told, seen, np.minimum(gain, self.gains)))
        return found


def _gains(values: Floats, averages: Averages) -> Floats:
    """What knowing is worth to those who decide alone: never less than nothing, and rounding is nothing."""
    return np.where(values > SAME * averages.scale, values, 0.0)


def _knowing(topic: Topic, accuracy: Fraction | None, averages: Averages, sole: Floats) -> Knowing:
    told, untold = averages.game(know=True), averages.game(know=False)
    gain = told.values - untold.values
    gain = np.where(np.abs(gain) > SAME * averages.scale, gain, 0.0)
    several = np.maximum(told.several, untold.several)
    undecided = np.maximum(told.undecided, untold.undecided)
    return Knowing(
        topic, accuracy, tuple(map(float, sole)), _rows(gain), tuple(map(float, several)), tuple(map(float, undecided))
    )


# ---- events ----------------------------------------------------------------------------------------------------------


def _about_event(
    scenario: Scenario, topic: Topic, accuracy: Fraction | None, seen_by: tuple[str, ...] | None
) -> list[Knowing]:
    """Perfect information on events before the first decision, and a signal on them, at base values."""
    before = _solved(Informed(scenario, scenario))
    alone = [sole_decider(scenario, player) for player in scenario.players]
    before_alone = [_solved(Informed(item, item))[0].values[place] for place, item in enumerate(alone)]
    found = []
    for told in (None,) if accuracy is None else (None, accuracy):
        right = Fraction(1) if told is None else told
        events = dict.fromkeys(topic.members, right)
        after = _solved(informed(scenario, events, seen_by=seen_by))
        game = tuple(
            tuple(float(new - old) for new, old in zip(new_row.values, old_row.values, strict=True))
            for new_row, old_row in zip(after, before, strict=True)
        )
        after_alone = [
            _solved(informed(item, events, seen_by=seen_by))[0].values[place] for place, item in enumerate(alone)
        ]
        sole = tuple(float(new - old) for new, old in zip(after_alone, before_alone, strict=True))
        several = tuple(float(new.several or old.several) for new, old in zip(after, before, strict=True))
        undecided = tuple(float(not (new.pure and old.pure)) for new, old in zip(after, before, strict=True))
        found.append(Knowing(topic, told, sole, game, several, undecided))
    return found


@dataclass(frozen=True)
class _Solution:
    values: tuple[Fraction, ...]
    several: bool
    pure: bool


def _solved(case: Informed) -> tuple[_Solution, ...]:
    """What the game is worth to each player at base values, protocol by protocol."""
    worth = exact_worth(case.valued)
    found = {}
    for game, talks in games_of(case.played):
        numbers = exact_numbers(game, worth)
        for item in talks:
            solution = _solution(game.tree, numbers.payoffs, game.bargaining(item, worth))
            found[item.name] = replace(solution, values=tuple(numbers.equivalents(solution.values)))
    return tuple(found[item.name] for item in protocols(case.played))


def _solution(tree: Tree, payoffs: npt.NDArray[Any], terms: Mapping[int, Bargaining]) -> _Solution:
    """Exact, all equilibria compared; a subgame with too many hidden moves for that is played in floats."""
    try:
        plays = backward_induction(tree, payoffs, terms, most_profiles=MOST_EXACT).plays[0]
    except TooLargeError:
        drawn = payoffs.astype(float)[:, :, None]
        played = backward_induction_over_draws(tree, drawn, terms, most_profiles=MOST_PLAYED)
        flags = {name: np.zeros(1, dtype=bool) for name in ("several", "undecided")}
        follow(tree, drawn_policy(tree, played, flags))
        values = tuple(Fraction(float(value)) for value in played.values[0][:, 0])
        return _Solution(values, bool(flags["several"][0]), not flags["undecided"][0])
    play = best_play(plays)
    return _Solution(play.values, len({one.values for one in plays}) > 1, play.pure)
