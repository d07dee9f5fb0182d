"""Nash equilibria of any number of players, pure and mixed: exact where they are rational, else proved to an interval.

1. Options that iterated strict dominance removes are set aside, options that nobody can tell apart are merged.
2. Supports (the options each player uses) in which somebody would rather not use an option are dropped
   (`support_pruning`).
3. Each support left is solved: pure profiles by looking, at most two mixers and three mixers of two options exactly
   (`few_mixers`), all others by cutting mixtures into cells until each is proved empty or to hold exactly one root of
   the indifference equations (`subdivision`), which is isolated and judged (`support_system`, `polishing`).
4. If that finds nothing within the limit, the path of logit equilibria from noise leads to one (`quantal_response`).
5. Supports not settled are looked at once more in logarithms, for chances orders of magnitude apart (`log_search`).

*Complete* says that every support was settled; where equilibria are infinitely many, `components` describe them by
extreme ones. *Partial* says what is missing: supports not searched (`unsearched`), and supports whose equations have
roots that are not isolated, or could not be isolated within the limit (`unsettled`). Nothing of those is reported
unless it is proved.

>>> own = np.array([[[1, 1], [1, 1]], [[2, 2], [2, 0]]])  # volunteer, or hope that one of two others does
>>> volunteers = StrategicGame.from_array([np.moveaxis(own, 0, player) for player in range(3)])
>>> solution = n_player_equilibria(volunteers)
>>> solution.status.value, len(solution.equilibria), sum(one.pure for one in solution.equilibria)
('complete', 7, 3)
>>> irrational = next(one for one in solution.equilibria if one.radius)
>>> round(float(irrational.strategies[0][1]), 9)
0.707106781
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np
import numpy.typing as npt

from gamecore.equilibria.certificate import certified, provable
from gamecore.equilibria.dominance_story import dominance_story
from gamecore.equilibria.exact_program import exact_rank
from gamecore.equilibria.few_mixers import Found, few_mixers, three_of_two
from gamecore.equilibria.log_search import STARTS, roots_over_many_scales
from gamecore.equilibria.n_player_telling import NPlayerSolution, Searched, Telling, payoff_ranges
from gamecore.equilibria.polishing import (
    IntervalEquilibrium,
    Judgement,
    in_whole_game,
    integer_tables,
    judged,
    polished,
    proved_root,
)
from gamecore.equilibria.pure import PROFILE_LIMIT
from gamecore.equilibria.quantal_response import quantal_response
from gamecore.equilibria.result import Equilibrium, Status
from gamecore.equilibria.subdivision import Work, search
from gamecore.equilibria.support_pruning import candidates
from gamecore.equilibria.support_system import Root, Support, SupportSystem
from gamecore.equilibria.two_player import two_player_equilibria
from gamecore.games.strategic import StrategicGame

__all__ = ["SUPPORT_LIMIT", "VALUE_LIMIT", "NPlayerSolution", "n_player_equilibria"]

METHOD = "support enumeration with isolated roots"

VALUE_LIMIT = 150_000_000
"""Payoff differences computed at corners of cells, at most: three to six seconds on one core."""

SUPPORT_LIMIT = 300_000
"""Supports judged at most; larger supports are not searched beyond."""

FEW_MIXERS_COST = 40_000
"""What an exact support costs, in corner values: about a millisecond."""

SYSTEM_COST = 20_000
"""What setting up the equations of a support costs, in corner values."""

NOISE_FIRST = 200
"""Profiles from which an equilibrium is first looked for along the path from noise, where none is found at once."""

TOGETHER = 256
"""Supports searched together at most."""

SCALES_FIRST, SCALES_ALL = 8, 200
"""Supports in which roots are looked for over many scales, with and without an equilibrium found already."""

FEWER_STARTS = 10
"""Points started from in each of them, if an equilibrium is found already."""

CELLS_FIRST, CELLS_SINGULAR = 300, 100
"""Cells looked at for each support at first; fewer if its equations cannot isolate a root."""

CELLS_LAST = ((4, 1_500), (6, 6_000), (10**9, 60_000))
"""Cells looked at for each support at last, by how many unknowns it has: isolated roots take fewer."""


def n_player_equilibria(
    game: StrategicGame,
    *,
    limit: int = VALUE_LIMIT,
    support_limit: int = SUPPORT_LIMIT,
    should_stop: Callable[[], bool] | None = None,
) -> NPlayerSolution:
    """The equilibria, pure ones first; each an `IntervalEquilibrium` with its certificate.

    Parameters
    ----------
    limit
        Work at most, in payoff differences computed.
    support_limit
        Supports judged at most.

    Notes
    -----
    Refused if there are more than `PROFILE_LIMIT` pure profiles. If strict dominance leaves only two players a choice,
    the two-player method answers.
    """
    parameters = {"limit": limit, "support_limit": support_limit}
    if game.size > PROFILE_LIMIT:
        note = f"{game.size} profiles are more than the limit of {PROFILE_LIMIT}; none was searched"
        return NPlayerSolution(METHOD, Status.REFUSED, (), (note,), parameters)
    kept = dominance_story(game, should_stop=should_stop).remaining
    choosing = [player for player, options in enumerate(kept) if len(options) > 1]
    if len(choosing) == 2:
        return _by_two(game, kept, choosing, parameters)
    classes = _copies(game, kept)
    smaller = StrategicGame(game.payoffs[np.ix_(range(game.players), *([one[0] for one in own] for own in classes))])
    walk = _Search(smaller, Work(limit, should_stop), support_limit)
    walk.run()
    return Telling(METHOD, game, classes, walk.done).solution(parameters)


def _by_two(
    game: StrategicGame, kept: Sequence[Sequence[int]], choosing: list[int], parameters: Mapping[str, object]
) -> NPlayerSolution:
    """The answer of the two-player method for the only two who have a choice."""
    rest = game.payoffs[np.ix_(choosing, *kept)].reshape(2, *(len(kept[player]) for player in choosing))
    solved = two_player_equilibria(StrategicGame(rest))
    equilibria = []
    for one in solved.equilibria:
        both = iter(one.strategies)
        profile = tuple(next(both) if player in choosing else (Fraction(1),) for player in range(game.players))
        found = certified(game, in_whole_game(profile, kept, game.shape))
        assert found is not None  # noqa: S101 - what nobody wants is no temptation
        equilibria.append(replace(_exactly(found), component=one.component))
    components = tuple(
        replace(one, payoff_ranges=payoff_ranges([equilibria[place] for place in one.members]))
        for one in solved.components
    )
    return NPlayerSolution(solved.method, solved.status, tuple(equilibria), solved.notes, parameters, components)


def _copies(game: StrategicGame, kept: Sequence[Sequence[int]]) -> list[list[tuple[int, ...]]]:
    """Per player the options left in classes: those of a class give everybody the same against everything."""
    ranks = np.stack([table[np.ix_(*kept)] for table in game.ranks])
    classes = []
    for player, options in enumerate(kept):
        rows = np.moveaxis(ranks, player + 1, 0).reshape(len(options), -1)
        own: dict[bytes, list[int]] = {}
        for option, row in zip(options, rows, strict=True):
            own.setdefault(row.tobytes(), []).append(option)
        classes.append([tuple(one) for one in own.values()])
    return classes


def _exactly(one: Equilibrium) -> IntervalEquilibrium:
    return IntervalEquilibrium(one.strategies, one.payoffs, one.certificate)


class _Search:
    """All supports of one game, without dominated options and copies."""

    def __init__(self, game: StrategicGame, work: Work, support_limit: int) -> None:
        self.game = game
        self.tables = integer_tables(game)
        self.work = work
        self.candidates = candidates(list(game.ranks), support_limit)
        self.done = Searched(self.candidates.all_judged, self.candidates.largest)
        self._room = provable(game)

    def run(self) -> None:
        later: list[list[Support]] = []
        for shape, supports in self.candidates.by_shape.items():
            mixers = [size for size in shape if size > 1]
            if len(mixers) <= 2:
                self._exact(supports)
            elif mixers == [2, 2, 2]:
                left = self._three(supports)
                if left:
                    later.append(left)
            else:
                later.append(supports)
        aside = None
        if later and not self.done.found and self.game.size >= NOISE_FIRST:
            aside = self._from_noise()  # in case the cells take all the time
        harder = [
            self._at_first(supports[start : start + TOGETHER])
            for supports in later
            for start in range(0, len(supports), TOGETHER)
        ]
        for group in filter(None, harder):
            cells = next(cells for most, cells in CELLS_LAST if group[0].unknowns <= most)
            self.done.unsettled += [system.support for system in self._cells(group, [cells] * len(group))]
        if not self.done.found:
            self._add(aside or self._from_noise())
        self._over_many_scales()

    def _at_first(self, supports: Sequence[Support]) -> list[SupportSystem]:
        """A short search of supports of one shape; those worth a longer one."""
        if self.work.over:
            self.done.unsearched += supports
            return []
        self.work.left -= SYSTEM_COST * len(supports)
        systems = [SupportSystem(self.tables, support) for support in supports]
        singular = {system.support for system in systems if _singular(system)}
        caps = [CELLS_SINGULAR if system.support in singular else CELLS_FIRST for system in systems]
        left = self._cells(systems, caps)
        self.done.unsettled += [system.support for system in left if system.support in singular]
        return [system for system in left if system.support not in singular]

    def _over_many_scales(self) -> None:
        """Look for roots whose chances differ by orders of magnitude where cells did not settle the matter."""
        open_ones = list(dict.fromkeys(self.done.unsettled))
        most, starts = (SCALES_FIRST, FEWER_STARTS) if self.done.found else (SCALES_ALL, STARTS)
        for support in open_ones[:most]:
            if self.work.should_stop is not None and self.work.should_stop():
                return
            system = SupportSystem(self.tables, support)
            if _singular(system):
                continue
            for root in roots_over_many_scales(system, starts=starts, should_stop=self.work.should_stop):
                if judged(system, root) is Judgement.EQUILIBRIUM:
                    self._add(proved_root(self.game, support, root.mixtures, root.radius))

    def _from_noise(self) -> IntervalEquilibrium | None:
        """The equilibrium at the end of the path of logit equilibria, if it can be proved."""
        if self.work.should_stop is not None and self.work.should_stop():
            return None
        path = quantal_response(self.game, should_stop=self.work.should_stop)
        if not path.points:
            return None
        return path.limit or polished(self.game, path.points[-1].strategies)

    def _add(self, one: IntervalEquilibrium | None) -> None:
        if one is None or one.strategies in self.done.found:
            return
        if len(self.done.found) >= self._room:
            self.done.cut_short = True
            return
        self.done.found[one.strategies] = one

    def _add_exact(self, support: Support, mixtures: Sequence[Sequence[Fraction]]) -> None:
        self._add(proved_root(self.game, support, mixtures, Fraction(0)))

    def _exact(self, supports: Sequence[Support]) -> None:
        for support in supports:
            if sum(map(len, support)) == len(support):
                place = tuple(options[0] for options in support)
                best = all(
                    table[place] == table[(*place[:player], slice(None), *place[player + 1 :])].max()
                    for player, table in enumerate(self.game.ranks)
                )
                if best:
                    self._add_exact(support, ())
                continue
            if self.work.over:
                self.done.unsearched.append(support)
                continue
            self.work.left -= FEW_MIXERS_COST
            self._take(support, few_mixers(SupportSystem(self.tables, support)))

    def _take(self, support: Support, found: Found) -> None:
        if not found.settled:
            self.done.unsettled.append(support)
        for point in found.points:
            self._add_exact(support, point)
        if not found.vertices:
            return
        single = all(len(own) == 1 for own in found.vertices)
        if single:
            self._add_exact(support, [own[0] for own in found.vertices])
            return
        given = iter(found.vertices)
        strategies = []
        for options, count in zip(support, self.game.shape, strict=True):
            mixtures = next(given) if len(options) > 1 else ((Fraction(1),),)
            strategies.append(tuple(in_whole_game((mixture,), (options,), (count,))[0] for mixture in mixtures))
        for profile in product(*strategies):
            found_one = certified(self.game, profile)
            self._add(None if found_one is None else _exactly(found_one))
        self.done.sets.append(tuple(strategies))

    def _three(self, supports: Sequence[Support]) -> list[Support]:
        """Three mixers of two options each; what is left for the cells."""
        left = []
        for support in supports:
            if self.work.over:
                self.done.unsearched.append(support)
                continue
            self.work.left -= FEW_MIXERS_COST
            system = SupportSystem(self.tables, support)
            points, settled = three_of_two(system)
            for point in points:
                exact = system.rational(point)
                root = (
                    Root(point, Fraction(0), Fraction(0)) if exact else system.isolate([_array(one) for one in point])
                )
                settled &= root is not None
                if root is not None:
                    self._judge(system, root)
            if not settled:
                left.append(support)
        return left

    def _cells(self, systems: Sequence[SupportSystem], caps: Sequence[int]) -> list[SupportSystem]:
        """Search supports of one shape; those without a complete answer, apart from those not searched at all."""
        if self.work.over:
            self.done.unsearched += [system.support for system in systems]
            return []
        left = []
        for searched in search(systems, caps, self.work):
            for root in searched.roots:
                self._judge(searched.system, root)
            if not searched.settled:
                left.append(searched.system)
        return left

    def _judge(self, system: SupportSystem, root: Root) -> None:
        judgement = judged(system, root)
        if judgement is Judgement.OPEN:
            self.done.unsettled.append(system.support)
        elif judgement is Judgement.EQUILIBRIUM:
            self._add(proved_root(self.game, system.support, root.mixtures, root.radius))


def _array(mixture: Sequence[Fraction]) -> npt.NDArray[Any]:
    return np.array(mixture, dtype=object)


def _singular(system: SupportSystem) -> bool:
    """Whether no root of the equations can be isolated: a player's equations depend on each other, or are too many."""
    return any(
        exact_rank([row.ravel().tolist() for row in equations]) < len(equations)
        or len(equations) > sum(size - 1 for other, size in enumerate(system.sizes) if other != place)
        for place, equations in enumerate(system.equations)
    )
