"""Units of numbers: which amounts are converted into the file's unit, and by which rate.

The head's `unit` (`USD m`) is that of every amount. An input or term with a `unit` of its own is converted where a
formula names it: between currencies by the head's `rates` (`{EUR: 1.08}`: 1 EUR is 1.08 of the file's currency),
between the scale words k, m and bn by themselves. A currency without a scale word is taken as it stands, so that a
price in USD times a number in millions is an amount in USD m; as an amount it must be scaled.

A rate is an input like any other, named `rate_eur`: it may be a range or a formula, have a source and an owner, and be
changed by a lever.

>>> money_of("EUR k a year")
Money(currency='EUR', scale='k', per='year')
>>> money_of("m packs") is None
True
"""

from __future__ import annotations

import re
from collections.abc import Mapping as Lookup
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from gamecore.model import Arithmetic, Call, Comparison, Name, Negate, Node, Number
from gamecore.scenario.tree import Mapping, Scalar

__all__ = ["Money", "converted", "factor", "money_of", "rate_name", "with_rates"]

# Codes of ISO 4217 in use; other three letters, such as FTE, are no currency.
_CODES: Final = """
    AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF
    CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL
    HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL
    MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON
    RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH
    UGX USD UYU UZS VED VES VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG
"""
CURRENCIES: Final = frozenset(_CODES.split())
_SIGNS: Final = {"$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY"}
SCALES: Final = {"": 0, "k": 3, "m": 6, "bn": 9}
_SCALE_WORDS: Final = {
    **dict.fromkeys(("k", "thousand", "thousands"), "k"),
    **dict.fromkeys(("m", "mn", "mio", "million", "millions"), "m"),
    **dict.fromkeys(("bn", "billion", "billions"), "bn"),
}
_UNIT: Final = re.compile(r"([A-Z]{3}|[$€£¥])(?:\s*\b([A-Za-z]+))??(?:\s*(?:\ba\b|\ban\b|\bper\b|/)\s*(\w.*))?")


@dataclass(frozen=True)
class Money:
    """A unit of money: a currency, a scale word ("", k, m or bn) and what an amount counts for ("year", "pack")."""

    currency: str
    scale: str = ""
    per: str | None = None


def money_of(unit: str | None) -> Money | None:
    """The money a unit speaks of, or None."""
    match = _UNIT.fullmatch((unit or "").strip())
    if match is None:
        return None
    currency = _SIGNS.get(match[1], match[1])
    scale = _SCALE_WORDS.get((match[2] or "").lower()) if match[2] else ""
    if currency not in CURRENCIES or scale is None:
        return None
    return Money(currency, scale, match[3].strip() if match[3] else None)


def rate_name(currency: str) -> str:
    """The name of the input that holds a currency's rate."""
    return f"rate_{currency.lower()}"


def with_rates(root: Mapping) -> Mapping:
    """The file with the head's `rates` among the inputs, unless they stand there already (a lever may put one)."""
    rates, inputs = root.get("rates"), root.get("inputs")
    if not isinstance(rates, Mapping) or not isinstance(inputs, Mapping | None):
        return root
    for key, value in rates.entries:
        name = rate_name(key.text)
        known = root.get("inputs")
        if key.text in CURRENCIES and not (isinstance(known, Mapping) and known.key(name)):
            entry = (Scalar(name, place=key.place), value)
            held = known.entries if isinstance(known, Mapping) else ()
            root = root.put(("inputs",), Mapping((*held, entry), place=known.place if known else rates.place))
    return root


def factor(unit: str | None, home: str | None) -> tuple[Fraction, str | None] | None:
    """What an amount in `unit` is multiplied with in a file in `home`: a number, and the currency whose rate comes on
    top; None where the units are no money that could be converted.
    """
    money, own = money_of(unit), money_of(home)
    if money is None or own is None:
        return None
    power = SCALES[money.scale] - SCALES[own.scale] if money.scale else 0
    return Fraction(10) ** power, None if money.currency == own.currency else money.currency


def converted(node: Node, units: Lookup[str, str | None], home: str | None, known: Lookup[str, object]) -> Node:
    """A formula with every name that has a unit of its own converted; `known` are the names the file declares."""

    def walk(node: Node) -> Node:
        match node:
            case Name(name):
                return _in_home(node, factor(units.get(name), home), known)
            case Negate(operand):
                return Negate(walk(operand))
            case Arithmetic(operator, left, right):
                return Arithmetic(operator, walk(left), walk(right))
            case Comparison(operator, left, right):
                return Comparison(operator, walk(left), walk(right))
            case Call(function, arguments):
                return Call(function, tuple(map(walk, arguments)))
            case _:
                return node

    return walk(node)


def _in_home(node: Name, found: tuple[Fraction, str | None] | None, known: Lookup[str, object]) -> Node:
    result: Node = node
    if found is not None and found[1] is not None and rate_name(found[1]) in known:
        result = Arithmetic("*", result, Name(rate_name(found[1])))
    if found is not None and found[0] != 1:
        result = Arithmetic("*", result, Number(found[0]))
    return result
