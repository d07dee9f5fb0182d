"""What the page leaves out when it has too many words, and in which order.

>>> Part.QUESTION in ORDER, ORDER[0].value
(True, 'what to know besides')
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final

__all__ = ["ORDER", "Part"]


class Part(StrEnum):
    """A part of the page that can be left out, in the words of a note to its maker; the first goes first."""

    ASIDES = "what to know besides"
    RULES = "rules of fair division"
    SECOND_STRIP = "the second strip"
    OTHERWISE = "what happens otherwise"
    VALUES_AGAINST = "the values against other options"
    QUESTION = "the question"
    CONTENT = "who gives up nothing"
    AVERAGES = "the explanation of ranks on average"
    OTHER_OWNERS = "the other companies' owners"
    HINDSIGHT = "how often it is the best in hindsight"
    PAYING_UNASKED = "the line on a payment that is not asked for"
    AGAINST = "the reasons against other options"
    KNOWING = "what knowing more is worth"
    WAITING = "what waiting is worth"
    MARGIN = "how far values may be off"
    NO_VALUES = "what a no is worth to each"
    RISK = "the risk"
    PAYING = "the cheapest way of a payment that is asked for"
    STRIP = "the strip of a hundred cases"
    SECOND_LEVER = "the second lever"
    OWN_WORDS = "pros and cons of the analysis"
    LEVER = "the best lever"
    PAYMENT_STRIP = "the strip of payments"
    SECOND_FACT = "the second fact"


ORDER: Final = tuple(Part)
