"""Expected net present value of a drug programme under a deal, for each player (eNPV, also called rNPV).

    V_i = sum over flows of P(event) x amount to player i x (1 + r_i)^-t

(Stewart 2001, as cited in SpringerPlus 2:140): each cost weighted with the probability of entering its phase, each
milestone with that of its event, sales with that of launch; costs and sales spread evenly over their time and
discounted continuously, each player at its own rate. Everything is vectorised over draws.

>>> from gamecore.valuation.programme import CostShare, Deal, Market, Phase, Programme
>>> trial = Phase("phase_3", budget=150.0, lasts=3.0, success=0.58)
>>> world = Market("world", after="phase_3", peak=900.0, ramp=5.0, margin=0.45, until=15.0)
>>> deal = Deal(cost_share={"phase_3": CostShare({"sapphire": 1.0})}, profit_share={"world": {"sapphire": 1.0}})
>>> round(float(expected_npv(Programme((trial,), (world,)), deal, {"sapphire": 0.10}).values["sapphire"]), 3)
752.479
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from gamecore.valuation.checking import Checker
from gamecore.valuation.discounting import Discounting
from gamecore.valuation.flows import Flow, flows_of
from gamecore.valuation.paths import Event, Paths
from gamecore.valuation.programme import Deal, Number, Programme

__all__ = ["Valuation", "expected_npv"]


@dataclass(frozen=True, eq=False)
class Valuation:
    """What a programme under a deal is worth to each player, and all that it was computed from.

    Attributes
    ----------
    values
        Player -> eNPV on day zero, money; a float, or shape (draw,) where it rests on an array.
    goes_on
        Phase with a gate -> 1 where its holder goes on, 0 where it stops; a float or shape (draw,).
    if_happens
        Player -> event -> what all that rests on the event is worth on day zero, if the event happens.
    clipped
        Quantity -> share of draws that lay outside its bounds and were moved to the nearest.
    programme, deal, rates
        What was valued, with draws within bounds.
    flows
        Every flow of money.
    paths
        How likely each event is.
    """

    values: Mapping[str, Number]
    goes_on: Mapping[str, Number]
    if_happens: Mapping[str, Mapping[Event, Number]]
    clipped: Mapping[str, float]
    programme: Programme
    deal: Deal
    rates: Mapping[str, Number]
    flows: tuple[Flow, ...]
    paths: Paths


def expected_npv(programme: Programme, deal: Deal, rates: Mapping[str, Number]) -> Valuation:
    """Value a programme under a deal for every player.

    Parameters
    ----------
    programme, deal
        Numbers only; see `gamecore.valuation.programme`.
    rates
        Player -> own discount rate a year, above -1. These are the players of the deal.

    Raises
    ------
    InputError
        A name that does not exist, shares that do not sum to 1, numbers out of bounds; the message begins with the
        dotted place (`deal.cost_share.phase_3: ...`).
    TooLargeError
        A term on the sales of markets opened by more than `flows.MOST_LAUNCHES` phases.
    """
    checker = Checker(rates)
    rates = checker.rates(rates)
    programme = checker.programme(programme)
    deal = checker.deal(deal)
    flows = flows_of(programme, deal)
    paths, discounting = Paths(programme.phases), Discounting(rates)
    worth: dict[str, dict[Event, Number]] = {player: {} for player in rates}
    for flow in flows:
        for player in (flow.payer, flow.receiver):
            if player is not None:
                value = flow.sign(player) * flow.scale * discounting.value(player, flow.pieces)
                worth[player][flow.event] = worth[player].get(flow.event, 0.0) + value
    goes_on = _choices(deal, paths, worth)
    chances = {flow.event: paths.chance(flow.event, goes_on) for flow in flows}
    values: dict[str, Number] = {}
    for player, parts in worth.items():
        total: Number = 0.0
        for event, value in parts.items():
            total = total + chances[event] * value
        values[player] = total
    return Valuation(values, goes_on, worth, checker.clipped, programme, deal, rates, flows, paths)


def _choices(deal: Deal, paths: Paths, worth: Mapping[str, Mapping[Event, Number]]) -> dict[str, Number]:
    """What the holder of each gate does in each draw: backward, the latest gates first.

    What a holder gains by going on is what it gains seen from day zero too: the two differ by the chance of getting
    there and by discounting, both positive.
    """
    goes_on: dict[str, Number] = {}
    gates = {gate.phase: gate for gate in deal.gates}
    for name in reversed(paths.names):
        if name not in gates:
            continue
        concerned = paths.below[name] | {name}
        gain: Number = 0.0
        for event, value in worth[gates[name].holder].items():
            if event.names & concerned:
                going = paths.chance(event, {**goes_on, name: 1.0})
                gain = gain + (going - paths.chance(event, {**goes_on, name: 0.0})) * value
        goes_on[name] = np.where(np.asarray(gain) >= 0, 1.0, 0.0)[()]
    return goes_on
