"""Votes and signatures laid out as moves, ballot after ballot, come to what the rule says."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gamecore.equilibria.backward_induction import backward_induction
from gamecore.errors import RefusedError
from gamecore.games.translate import compile_game, exact_numbers, protocols
from gamecore.games.tree import NodeKind
from gamecore.model import Scenario
from gamecore.scenario import read_scenario
from gamecore.valuation.payoffs import exact_worth

PLAYERS = ("a", "b", "c", "d")


def random_vote(rng: random.Random, *, more: str = "") -> Scenario:
    """An agreement with random votes, vetoes and signatures, and payoffs without ties."""
    count = rng.randint(2, 4)
    by = PLAYERS[:count]
    votes = rng.randint(1, count)
    veto = rng.sample(by, rng.randint(0, min(2, votes)))
    options, rows = [], []
    worth = {player: rng.sample(range(20), 4) for player in by}
    for number, name in enumerate(("x", "y", "z")):
        size = rng.randint(votes, count)
        rest = [player for player in by if player not in veto]
        signers = sorted([*veto, *rng.sample(rest, max(0, size - len(veto)))])
        options.append(f"      {name}: {{label: {name}, parties: [{', '.join(signers)}]}}")
        rows.append((name, number))
    rows.append(("no_agreement", 3))
    told = "\n".join(
        f"      - {{when: {{pact: {name}}}, {', '.join(f'{p}: {worth[p][number]}' for p in by)}}}"
        for name, number in rows
    )
    return read_scenario(
        f"""gamecore: 1
title: T
question: Q
advise: alliance
players: {{{", ".join(f"{p}: {{name: {p.upper()}}}" for p in by)}}}
decisions:
  pact:
    by: [{", ".join(by)}]
{more}    needs: {{votes: {votes}, veto: [{", ".join(veto)}]}}
    options:
{chr(10).join(options)}
    no_agreement: Nothing
baseline: {{pact: no_agreement}}
timing: {{pact: 0}}
payoffs:
  worth:
    rows:
{told}
"""
    )


@given(st.integers(0, 2**32))
@settings(max_examples=60, deadline=None)
def test_ballots_one_after_the_other_come_to_the_same_outcome(seed: int) -> None:
    scenario = random_vote(random.Random(seed))
    worth = exact_worth(scenario)
    for talks in protocols(scenario):
        whole = compile_game(scenario, talks=talks)
        by_rule = backward_induction(whole.tree, exact_numbers(whole).payoffs, whole.bargaining(talks, worth))
        laid_out = compile_game(scenario, talks=talks, lay_out_agreements=True)
        assert all(node.kind is not NodeKind.AGREEMENT for node in laid_out.tree.nodes)
        by_moves = backward_induction(laid_out.tree, exact_numbers(laid_out).payoffs)
        assert {play.values for play in by_rule.plays[0]} == {play.values for play in by_moves.plays[0]}


def test_offers_of_money_are_not_laid_out_as_moves() -> None:
    scenario = random_vote(random.Random(1), more="    payments: yes\n")
    with pytest.raises(RefusedError, match="offers of money"):
        compile_game(scenario, lay_out_agreements=True)
