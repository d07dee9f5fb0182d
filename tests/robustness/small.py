"""A small game whose outcomes and thresholds are found by hand.

No agreement is worth 2 to A and 3 to B, the large deal 6 to A and `x`, 4 at base, to B, the small one 3 and 7. A
proposing offers the large deal as long as B takes it (`x` at least 3), else the small one. B proposing offers the small
one; only if x is above 7 the large one. `y` adds to what no agreement is worth to A, 0 at base.
"""

from __future__ import annotations

TALKS = """
gamecore: 1
title: Talks
question: Which deal?
advise: a
players: {a: {name: A}, b: {name: B}}
decisions: {deal: {by: [a, b], options: {large: Large, small: Small}, no_agreement: None}}
baseline: {deal: small}
timing: {deal: 0}
inputs:
  x: {value: 2 .. 4 .. 4.8, label: What the large deal brings B, unit: USD m}
  y: {value: -1 .. 0 .. 0.5, label: What A has elsewhere}
payoffs:
  worth:
    rows:
      - {when: {deal: large}, a: 6, b: x}
      - {when: {deal: small}, a: 3, b: 7}
      - {when: {deal: no_agreement}, a: 2 + y, b: 3}
"""
