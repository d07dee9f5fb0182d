"""How long conflicts take: `python benchmarks/conflicts.py [--decisions 12]`.

Decision makers with two options per decision, no order of moves, random rankings; 12 decisions make 4,096 states. For
each number of decision makers the time of building the moves, of each stability for all decision makers and states,
and of the ways from the first state to all others.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from functools import partial

import numpy as np

from gamecore.compromises.stability.concepts import Concept, equilibria, stabilities
from gamecore.compromises.stability.reachable import shortest_paths
from gamecore.games.conflict import Conflict
from gamecore.games.conflict_options import Decision, conflict_from_options, option_form
from gamecore.games.conflict_preferences import from_ranks

AIM = 10.0
"""Seconds for all four stabilities of 4,096 states and three decision makers, the moves built."""
AIMED_AT = (12, 3)  # decisions, decision makers

CONCEPTS = (Concept.NASH, Concept.GMR, Concept.SMR, Concept.SEQ)


def random_conflict(decisions: int, decision_makers: int, levels: int, seed: int) -> Conflict:
    """All states of binary decisions, dealt out in turn; every fourth decision cannot be taken back."""
    generator = np.random.default_rng(seed)
    form = option_form(
        [
            Decision(f"d{d}", d % decision_makers, ("no", "yes"), {"yes": ()} if d % 4 == 0 else {})
            for d in range(decisions)
        ]
    )
    ranks = generator.integers(0, levels, size=(decision_makers, len(form.states)))
    names = [f"DM {number}" for number in range(decision_makers)]
    return conflict_from_options(names, form, [from_ranks(row.tolist()) for row in ranks])


def seconds(work: Callable[[], object]) -> float:
    """How long one call takes."""
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def report(decisions: int, decision_makers: int, levels: int) -> None:
    """One line per measurement of one conflict."""
    begun = time.perf_counter()
    conflict = random_conflict(decisions, decision_makers, levels, seed=1)
    built = time.perf_counter() - begun
    print(f"{len(conflict.states)} states, {decision_makers} decision makers: built in {built:.2f} s")
    for concept in CONCEPTS:
        found = equilibria(conflict, concept).bit_count()
        print(f"  {concept:5} {seconds(partial(equilibria, conflict, concept)):6.2f} s, {found} equilibria")
    together = seconds(partial(stabilities, conflict))
    print(f"  all four together {together:6.2f} s")
    if (decisions, decision_makers) == AIMED_AT:
        total = built + together
        print(f"  built and all four {total:.2f} s, aim {AIM:g} s: {'kept' if total <= AIM else 'MISSED'}")
    print(f"  ways from the first state {seconds(partial(shortest_paths, conflict.reachable, 0)):6.2f} s")


def main() -> None:
    """Measure conflicts of two, three and four decision makers."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--decisions", type=int, default=12)
    parser.add_argument("--levels", type=int, default=1000, help="different ranks at most")
    decisions, levels = parser.parse_args().decisions, parser.parse_args().levels
    for decision_makers in (2, 3, 4):
        report(decisions, decision_makers, levels)


if __name__ == "__main__":
    main()
