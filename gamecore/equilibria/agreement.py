"""What players agree on when one offers and the others answer, over one or more rounds, or when each names an option.

**Offers.** Let `u[o]` be the worth of option `o` and `g` the worth of going on without it (no agreement after the last
round, else breakdown with its chance and the next round). All others accept `o` exactly if `u[o][j] >= g[j]` for each
of them: an offer as good as going on is taken. The proposer offers what is best for it among the options that are
accepted, or nothing. Every offer that ties for the proposer gives an outcome of its own; so do ties inside the plans
that follow an option or no agreement, because an offer may be answered with one of them and another offer with another
(set-valued backward induction).

Where fewer yeses are enough (`Bargaining.quorums`) each of those who are asked says yes to `o` exactly if `u[o][j] >=
g[j]`, which no other vote weakly dominates, and `o` is accepted if those who say yes, the proposer among them, pass it.
So an option may be agreed that is worse than going on for somebody who is outvoted. With `Bargaining.payments` offers
come with money (`buying.py`).

**Naming.** Each names an option; if all name the same (or just one option is named by players enough for it) it
happens, else there is no agreement. The pure equilibria are those of the strategic form.

All values are rationals weighted by reach, axes (option, player).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import islice, product
from math import prod
from typing import Final, NamedTuple

import numpy as np

from gamecore.equilibria.buying import best_purchase
from gamecore.equilibria.play import Play, Response, Round, Settlement, Values, plays_reached
from gamecore.equilibria.pure import pure_equilibria
from gamecore.equilibria.result import Equilibrium, Status
from gamecore.equilibria.two_player import two_player_equilibria
from gamecore.errors import RefusedError, TooLargeError
from gamecore.games.agreement import Bargaining
from gamecore.games.strategic import StrategicGame

__all__ = ["LONG_TALKS", "MOST_PLAYS", "MOST_WAYS_TO_NAME", "naming_game", "settle_by_offers", "settle_at_once"]

MOST_PLAYS: Final = 64  # plans kept per subgame when payoffs tie; the answer is called partial beyond

LONG_TALKS: Final = 100  # turns of everybody after which talks that end stand for talks that do not

MOST_OFFERS_LOOKED_AT: Final = 200_000  # in all rounds and ways that ties branch into: about a second

MOST_WAYS_TO_NAME: Final = 50_000  # of the options by everybody at once: seconds, and tens of MB

Settled = tuple[Values, Settlement]
Plans = Sequence[Sequence[Play]]


def settle_by_offers(options: Plans, none: Sequence[Play], bargaining: Bargaining) -> tuple[list[Settled], bool]:
    """Every settlement by offers in turn; the flag says whether all of them are listed.

    `options[o]` are the plans that can follow option `o`, `none` those without agreement.
    """
    if bargaining.payments:
        return _with_payments(options, none, bargaining)
    if bargaining.unlimited:
        return _without_end(options, none, bargaining), False
    if bargaining.rounds == 1:
        return _one_round(options, none, bargaining)
    return _several_rounds(options, none, bargaining)


def _one_round(options: Plans, none: Sequence[Play], bargaining: Bargaining) -> tuple[list[Settled], bool]:
    proposer = bargaining.proposers[0]
    responses = [_responses(plans, none, _Asked(bargaining, proposer, o)) for o, plans in enumerate(options)]
    least = [min(responses_to, key=lambda item: _worth(item)[proposer]) for responses_to in responses]
    floors = [_worth(item)[proposer] for item in least]
    silent = min(none, key=lambda play: play.values[proposer])
    settled: list[Settled] = []
    best_two = sorted(range(len(floors)), key=floors.__getitem__, reverse=True)[:2]  # one of them is another offer
    for offer, answers in enumerate(responses):
        floor = max([silent.values[proposer], *(floors[other] for other in best_two if other != offer)])
        for answer in answers:
            if answer.accepted and answer.agreed.values[proposer] >= floor:
                plan = (*least[:offer], answer, *least[offer + 1 :])
                values = answer.agreed.values
                settled.append((values, Settlement(offer, silent, (Round(proposer, offer, plan, values),))))
    settled.extend(
        (play.values, Settlement(None, play, (Round(proposer, None, tuple(least), play.values),)))
        for play in none
        if all(play.values[proposer] >= floor for floor in floors)
    )
    return _distinct(settled)


class _Asked(NamedTuple):
    """One option as it is put to those who sign it."""

    bargaining: Bargaining
    proposer: int
    option: int

    def accepted(self, worth: Values, going_on: Values) -> bool:
        """Whether it passes when everybody asked says yes to what is as good as going on."""
        quorum = self.bargaining.quorum(self.option)
        return quorum.accepts(self.proposer, lambda player: worth[player] >= going_on[player])


def _with_payments(options: Plans, none: Sequence[Play], bargaining: Bargaining) -> tuple[list[Settled], bool]:
    """One offer of an option with money; ties in the plans that follow take the first plan."""
    if bargaining.rounds != 1 or bargaining.unlimited:
        raise RefusedError("offers with payments are made once; leave out the rounds", limit="rounds with payments")
    proposer, quiet, chosen = bargaining.proposers[0], none[0], [plans[0] for plans in options]
    offers = [best_purchase(play.values, quiet.values, proposer, bargaining.quorum(o)) for o, play in enumerate(chosen)]
    gains = [Fraction(-1) if offer is None else offer.surplus for offer in offers]
    responses = tuple(Response(gain >= 0, play, quiet) for gain, play in zip(gains, chosen, strict=True))
    best = max([Fraction(0), *gains])
    settled: list[Settled] = []
    for o, (offer, play) in enumerate(zip(offers, chosen, strict=True)):
        if offer is not None and offer.surplus == best:
            values = offer.added_to(play.values)
            turn = Round(proposer, o, responses, values)
            settled.append((values, Settlement(o, quiet, (turn,), payments=offer.payments)))
    if not best:
        settled.append((quiet.values, Settlement(None, quiet, (Round(proposer, None, responses, quiet.values),))))
    kept, complete = _distinct(settled)
    return kept, complete and len(none) == 1 and all(len(plans) == 1 for plans in options)


def _responses(plans: Sequence[Play], none: Sequence[Play], asked: _Asked) -> list[Response]:
    """The ways an offer can be answered, one for each plan that can follow it and each that can follow refusing."""
    found: dict[tuple[bool, object], Response] = {}
    for agreed, refused in product(plans, none):
        accepted = asked.accepted(agreed.values, refused.values)
        response = Response(accepted, agreed, refused)
        found.setdefault((accepted, id(agreed) if accepted else refused.values), response)
    return list(found.values())


def _worth(response: Response) -> Values:
    return response.agreed.values if response.accepted or response.refused is None else response.refused.values


def _distinct(settled: list[Settled]) -> tuple[list[Settled], bool]:
    distinct: dict[tuple[object, ...], Settled] = {}
    for values, settlement in settled:
        where: tuple[object, ...] = settlement.mixes or tuple(id(play) for play in plays_reached(settlement))
        distinct.setdefault((values, settlement.option, where), (values, settlement))
    kept = list(islice(distinct.values(), MOST_PLAYS))
    return kept, len(kept) == len(distinct)


def _several_rounds(options: Plans, none: Sequence[Play], bargaining: Bargaining) -> tuple[list[Settled], bool]:
    """Rounds from the last to the first; ties of a proposer branch, ties in the plans that follow take the first
    plan.
    """
    complete = len(none) == 1 and all(len(plans) == 1 for plans in options)
    quiet, chosen = none[0], [plans[0] for plans in options]
    branches: list[tuple[Values, tuple[Round, ...]]] = [(_at_end(quiet.values, bargaining), ())]
    most = max(1, min(MOST_PLAYS, MOST_OFFERS_LOOKED_AT // max(1, bargaining.rounds * len(options))))
    for number in range(bargaining.rounds - 1, -1, -1):
        worth = [worth_in_round(play.values, quiet.values, bargaining, number) for play in chosen]
        grown: dict[tuple[Values, int | None], tuple[Values, tuple[Round, ...]]] = {}
        for after, later in branches:
            for this in _round(number, (chosen, worth), quiet, after, bargaining, last=not later):
                grown.setdefault((this.values, this.offer if number == 0 else None), (this.values, (this, *later)))
        complete &= len(grown) == 1
        branches = list(islice(grown.values(), most))
    settled = []
    for values, rounds in branches:
        reached = next((number for number, item in enumerate(rounds) if item.offer is not None), None)
        option = None if reached is None else rounds[reached].offer
        settled.append((values, Settlement(option, quiet, rounds, reached or 0)))
    return settled, complete


def _without_end(options: Plans, none: Sequence[Play], bargaining: Bargaining) -> list[Settled]:
    """Talks without an end: the equilibria in which everybody does the same whenever its turn comes.

    A turn of everybody is solved backward from what the next turn would be worth, and counts if it is worth just that
    itself. What a turn can be worth is an option agreed in one of its rounds, or never agreeing. With few and coarse
    options there can be several; the one that long talks with an end lead to comes first. Ties in the plans that follow
    take the first plan.
    """
    quiet, chosen = none[0], [plans[0] for plans in options]
    turn = bargaining.rounds
    worth = [
        [worth_in_round(play.values, quiet.values, bargaining, number) for play in chosen] for number in range(turn)
    ]
    found: dict[tuple[Values, int | None, int], Settled] = {}
    for start in _worths_of_a_turn(worth, quiet.values, bargaining):
        branches: list[tuple[Values, tuple[Round, ...]]] = [(_a_turn_later(start, quiet.values, bargaining), ())]
        for number in range(turn - 1, -1, -1):
            branches = [
                (this.values, (this, *later))
                for after, later in branches
                for this in _round(number, (chosen, worth[number]), quiet, after, bargaining, last=False)
            ][:MOST_PLAYS]
        for values, rounds in branches:
            if values == start:
                reached = next((number for number, item in enumerate(rounds) if item.offer is not None), None)
                option = None if reached is None else rounds[reached].offer
                settlement = Settlement(option, quiet, rounds, reached or 0, stationary=True)
                found.setdefault((values, option, reached or 0), (values, settlement))
    limit = _limit_of_long_talks(worth[0], quiet.values, bargaining)
    return sorted(found.values(), key=lambda item: (item[1].option != limit, item[1].option is None))[:MOST_PLAYS]


def _worths_of_a_turn(worth: list[list[Values]], none: Values, bargaining: Bargaining) -> Iterator[Values]:
    """What a turn of everybody can be worth: an option agreed in one of its rounds, or never agreeing."""
    stays = 1 - bargaining.breakdown
    spent = tuple(Fraction(0) for _ in none)  # what breakdowns before the round add
    for number, options in enumerate(worth):
        for values in options:
            yield tuple(lost + stays**number * value for lost, value in zip(spent, values, strict=True))
        broken = _none_in(none, bargaining, number)
        spent = tuple(
            lost + stays**number * bargaining.breakdown * out for lost, out in zip(spent, broken, strict=True)
        )
    again = tuple(stays**bargaining.rounds * keep for keep in bargaining.keep[bargaining.rounds])
    if bargaining.discount_all:
        yield tuple(
            lost / (1 - more) if more != 1 else floor for lost, more, floor in zip(spent, again, none, strict=True)
        )
    else:
        yield none


def _a_turn_later(start: Values, none: Values, bargaining: Bargaining) -> Values:
    return worth_in_round(start, none, bargaining, bargaining.rounds)


def _limit_of_long_talks(worth: list[Values], none: Values, bargaining: Bargaining) -> int | None:
    """What is agreed at once in long talks that end, in floats: only to say which equilibrium is listed first."""
    options = np.array(worth, dtype=float).reshape(len(worth), len(none))
    quiet = np.array(none, dtype=float)
    scale = 1e-12 * max(1.0, float(np.abs(options).max(initial=0.0)))
    kept = np.array([float(share) for share in bargaining.keep[1]])
    breakdown = float(bargaining.breakdown)
    after, agreed = quiet, None
    for number in range(LONG_TALKS * bargaining.rounds - 1, -1, -1):
        # relative to this round: the next is worth `after`, one round later
        later = kept * after if bargaining.discount_all else quiet + kept * (after - quiet)
        going_on = breakdown * quiet + (1 - breakdown) * later
        proposer = bargaining.proposers[number % bargaining.rounds]
        yes = (options >= going_on - scale).T  # (player, option)
        taken = np.array(
            [bargaining.quorum(o).accepts_over_draws(proposer, yes[:, o : o + 1])[0] for o in range(len(worth))],
            dtype=bool,
        )
        mine = np.where(taken, options[:, proposer], -np.inf)
        best = int(mine.argmax()) if len(mine) else 0
        offers = bool(taken.any()) and mine[best] >= going_on[proposer] - scale
        after, agreed = (options[best], best) if offers else (going_on, None)
    return agreed


def _at_end(none: Values, bargaining: Bargaining) -> Values:
    return _none_in(none, bargaining, bargaining.rounds - 1)


def _none_in(none: Values, bargaining: Bargaining, number: int) -> Values:
    """What it is worth that talks end without agreement in a round."""
    if not bargaining.discount_all:
        return none
    return tuple(keep * value for keep, value in zip(bargaining.keep[number], none, strict=True))


def worth_in_round(values: Values, none: Values, bargaining: Bargaining, number: int) -> Values:
    """What an option is worth when it is agreed in a round, seen from today."""
    keep = bargaining.keep[number]
    if bargaining.discount_all:
        return tuple(share * value for share, value in zip(keep, values, strict=True))
    return tuple(floor + share * (value - floor) for share, value, floor in zip(keep, values, none, strict=True))


def _round(
    number: int,
    options: tuple[Sequence[Play], Sequence[Values]],
    quiet: Play,
    after: Values,
    bargaining: Bargaining,
    *,
    last: bool,
) -> Iterator[Round]:
    """A round given what the next is worth: one `Round` for every offer that is best for the proposer."""
    proposer = bargaining.proposers[number]
    broken = _none_in(quiet.values, bargaining, number)
    chance = Fraction(1) if last else bargaining.breakdown
    going_on = tuple(chance * out + (1 - chance) * on for out, on in zip(broken, after, strict=True))
    chosen, worth = options
    accepted = [_Asked(bargaining, proposer, o).accepted(value, going_on) for o, value in enumerate(worth)]
    responses = tuple(Response(yes, play, None) for yes, play in zip(accepted, chosen, strict=True))
    reachable = [value[proposer] for value, yes in zip(worth, accepted, strict=True) if yes]
    best = max(reachable, default=None)
    if best is None or best < going_on[proposer]:
        yield Round(proposer, None, responses, going_on)
        return
    offered = []
    for offer, (value, yes) in enumerate(zip(worth, accepted, strict=True)):
        if yes and value[proposer] == best:
            offered.append(value)
            yield Round(proposer, offer, responses, value)
    if best == going_on[proposer] and going_on not in offered:
        yield Round(proposer, None, responses, going_on)  # as good for the proposer, not for the others


def naming_game(options: Sequence[Values], none: Values, bargaining: Bargaining) -> StrategicGame:
    """The strategic form of naming at once: axes (player of the agreement, option named by each of them)."""
    by, count = bargaining.by, len(options)
    payoffs = np.empty((len(by), *([count] * len(by))), dtype=object)
    for seat, player in enumerate(by):
        payoffs[seat] = none[player]
        for option, values in enumerate(options):
            payoffs[(seat, *([option] * len(by)))] = values[player]
    if bargaining.quorums:  # players who are fewer than all may settle on an option, and some cannot sign one
        for named in product(range(count), repeat=len(by)):
            settled = bargaining.settled_by(named)
            for seat, player in enumerate(by):
                payoffs[(seat, *named)] = none[player] if settled is None else options[settled][player]
    return StrategicGame(payoffs)


def settle_at_once(options: Plans, none: Sequence[Play], bargaining: Bargaining) -> tuple[list[Settled], bool]:
    """Every pure equilibrium of naming at once, for every choice of the plans that follow; two players mix if need
    be.

    Raises `TooLargeError` if there are more than `MOST_WAYS_TO_NAME` ways to name options.
    """
    if not options:
        return _distinct([(play.values, Settlement(None, play)) for play in none])
    ways = len(options) ** len(bargaining.by)
    if ways > MOST_WAYS_TO_NAME:
        raise TooLargeError(
            f"{len(bargaining.by)} players who each name one of {len(options)} options at once can do so in {ways:,} "
            f"ways, more than the {MOST_WAYS_TO_NAME:,} that are looked at; let somebody propose",
            limit="ways to name options at once",
            count=ways,
            allowed=MOST_WAYS_TO_NAME,
        )
    settled: list[Settled] = []
    complete = True
    selections = product(*options, none)
    for selection in islice(selections, MOST_PLAYS):
        *chosen, quiet = selection
        game = naming_game([play.values for play in chosen], quiet.values, bargaining)
        solution = pure_equilibria(game)
        if not solution.equilibria and game.players == 2:
            solution = two_player_equilibria(game)
        complete &= solution.status is Status.COMPLETE and bool(solution.equilibria)
        complete &= all(component.single for component in solution.components)
        settled += [_named(found, chosen, quiet, bargaining) for found in solution.equilibria]
    complete &= next(selections, None) is None
    kept, all_kept = _distinct(settled)
    return kept, complete and all_kept


def _named(found: Equilibrium, chosen: list[Play], quiet: Play, bargaining: Bargaining) -> Settled:
    """The settlement in which each names an option as an equilibrium of the naming game says."""
    if not found.pure:
        chances = [Fraction(0)] * len(chosen)
        for named in product(range(len(chosen)), repeat=len(bargaining.by)):
            settled = bargaining.settled_by(named)
            if settled is not None:
                chances[settled] += prod(mix[own] for mix, own in zip(found.strategies, named, strict=True))
        values = tuple(
            sum(
                (
                    chance * (play.values[player] - quiet.values[player])
                    for chance, play in zip(chances, chosen, strict=True)
                ),
                quiet.values[player],
            )
            for player in range(len(quiet.values))
        )
        mixed = Settlement(None, quiet, mixes=found.strategies, options=tuple(chosen), chances=tuple(chances))
        return values, mixed
    named = found.profile
    option = bargaining.settled_by(named)
    values = quiet.values if option is None else chosen[option].values
    return values, Settlement(option, quiet, named=named, options=tuple(chosen))
