"""The one home of tolerances: what floats need to be compared.

At base values everything is a `Fraction` and needs none. Only where thousands of draws are solved at once, in floats,
must nearly equal count as equal.
"""

from __future__ import annotations

__all__ = ["PROPOSAL_TOLERANCE", "RELATIVE_TIE_TOLERANCE"]

RELATIVE_TIE_TOLERANCE = 1e-9
"""Two float payoffs of a player tie if they differ by at most this share of the player's largest payoff (in absolute
value) in the same draw. Sums of a few thousand terms are off by 1e-12 of that at most; differences people would act on
are far larger (three dollars in three billion)."""

PROPOSAL_TOLERANCE = 1e-7
"""Below it a probability or payoff difference proposed in floats (payoffs between 1 and 2) counts as 0. It only chooses
the exact system that is solved next; a wrong choice can lose a proposal, never admit one that the certificate would
refuse."""
