"""Who has to say yes: `needs` (votes and vetoes), `parties` (who signs an option), and `payments` between them.

`needs: {votes: 2, veto: [clinical]}` asks for two of those who decide, clinical among them; an option with `parties:
[diamond, sapphire]` is put to these two alone; with `payments: yes` they may pass on in money what an option gives.
"""

from __future__ import annotations

from gamecore.model import Decision, Needs, Option, Protocol, Scenario
from gamecore.scenario.expressions import parse_number
from gamecore.scenario.reader import Fields, Reader, listed, near
from gamecore.scenario.tree import Mapping, Scalar, Sequence, Tree, below

__all__ = ["check_payments", "read_needs", "read_parties", "read_payments"]


def read_needs(reader: Reader, fields: Fields, by: tuple[str, ...], options: tuple[Option, ...]) -> Needs | None:
    """`needs: {votes: 2, veto: [clinical]}`; every option has to be within reach of it."""
    node = fields.get("needs")
    if node is None:
        return None
    path = below(fields.path, "needs")
    if _of_one(reader, fields, "needs", by):
        return None
    inside = reader.fields(node, path, "needs")
    if inside is None:
        return None
    if isinstance(node, Mapping) and not inside.values:
        reader.fault(node, path, f"say how many votes are enough: {{votes: {max(1, len(by) - 1)}}}")
        return None
    votes = _votes(reader, inside.get("votes"), below(path, "votes"), by)
    veto = _among(reader, inside.get("veto"), below(path, "veto"), by)
    if votes is None or veto is None:
        return None
    needs = Needs(votes, veto, fields.place("needs"))
    _within_parties(reader, fields, needs, options)
    return needs


def read_parties(reader: Reader, fields: Fields, decision: str | None, by: tuple[str, ...]) -> tuple[str, ...]:
    """`parties: [diamond, sapphire]`: who signs an option, within those who decide."""
    node = fields.get("parties")
    if node is None:
        return ()
    path = below(fields.path, "parties")
    if decision is None:
        reader.fault(fields.place("parties"), fields.path, "'parties' sign an option; a level of a term has none")
        return ()
    if _of_one(reader, fields, "parties", by):
        return ()
    found = _among(reader, node, path, by)
    if found == ():
        reader.fault(node, path, "say who signs it, or leave 'parties' out: then everyone who decides does")
    return found or ()


def read_payments(reader: Reader, fields: Fields, by: tuple[str, ...]) -> bool:
    """`payments: yes`: those who agree can share money in any way."""
    node = fields.get("payments")
    wanted = reader.yes_no(node, below(fields.path, "payments")) is True
    return wanted and not _of_one(reader, fields, "payments", by)


def _of_one(reader: Reader, fields: Fields, key: str, by: tuple[str, ...]) -> bool:
    """Whether a key of agreements stands at the move of one player, which is told."""
    if len(by) != 1:
        return not by  # who decides could not be read: that is told
    told = f"'{key}' belongs to an agreement, and '{by[0]}' decides alone; list the others after 'by'"
    reader.fault(fields.place(key), fields.path, told)
    return True


def _votes(reader: Reader, node: Tree | None, path: str, by: tuple[str, ...]) -> int | None:
    if node is None:
        return len(by)
    number = parse_number(node.text) if isinstance(node, Scalar) else None
    if number is None or number.denominator != 1 or (isinstance(node, Scalar) and "%" in node.text):
        reader.fault(node, path, f"a number of votes is expected here, from 1 to {len(by)}")
        return None
    if number < 1:
        reader.fault(node, path, "at least 1 vote is needed; without any vote nothing is agreed")
        return None
    if number > len(by):
        reader.fault(node, path, f"{number} votes, but only {len(by)} decide ({listed(by)}); write at most {len(by)}")
        return None
    return int(number)


def _among(reader: Reader, node: Tree | None, path: str, by: tuple[str, ...]) -> tuple[str, ...] | None:
    """Players among those who decide; None if one is not, which is told."""
    if node is None:
        return ()
    found: list[str] = []
    fine = True
    for part in node.items if isinstance(node, Sequence) else (node,):
        word = part.text.strip() if isinstance(part, Scalar) else ""
        if word in found:
            reader.fault(part, path, f"'{word}' stands twice")
            fine = False
        elif word in by:
            found.append(word)
        else:
            shown = f"'{word[:60]}'" if word else "this"
            told = f"{shown} is not among those who decide ({listed(by)})"
            reader.fault(part, path, told + near(word, by))
            fine = False
    return tuple(found) if fine else None


def _within_parties(reader: Reader, fields: Fields, needs: Needs, options: tuple[Option, ...]) -> None:
    """An option that only some sign has to be within reach of the votes: else nobody could ever agree on it."""
    for option in options:
        if not option.parties:
            continue
        path = f"{below(below(fields.path, 'options'), option.name)}.parties"
        missing = [player for player in needs.veto if player not in option.parties]
        if missing:
            told = f"'{missing[0]}' has a veto ('needs') and is missing here; add it, or take it out of 'veto'"
            reader.fault(_written(fields, option), path, told)
        elif needs.votes > len(option.parties) and "votes" in _written_needs(fields):
            told = f"{len(option.parties)} sign this option, but {needs.votes} votes are needed ('needs'); "
            reader.fault(_written(fields, option), path, told + "name more parties, or ask for fewer votes")


def _written_needs(fields: Fields) -> tuple[str, ...]:
    node = fields.get("needs")
    return tuple(key.text for key, _ in node.entries) if isinstance(node, Mapping) else ()


def _written(fields: Fields, option: Option) -> Tree:
    """Where the parties of an option stand."""
    options = fields.get("options")
    inside = options.get(option.name) if isinstance(options, Mapping) else None
    found = inside.get("parties") if isinstance(inside, Mapping) else None
    return found or fields.node


def check_payments(reader: Reader, scenario: Scenario) -> None:
    """Money can be shared only where payoffs are money and one offer settles who gets what."""
    weighted = any(line.weights for line in scenario.payoffs.values())
    payoffs = reader.root.get("payoffs")
    ranked = isinstance(payoffs, Mapping) and payoffs.key("rankings") is not None
    for decision in scenario.decisions.values():
        if not decision.payments:
            continue
        path, at = f"decisions.{decision.name}.payments", _place(reader, decision)
        if ranked:
            reader.fault(at, path, "rankings say no amounts that could be shared; leave 'payments' out")
        elif weighted:
            told = "scores of criteria have no common unit in which one side could pay another; leave 'payments' out"
            reader.fault(at, path, told)
        _one_offer(reader, scenario, decision, at)
        careful = next((held.name for held in scenario.players.values() if held.risk_tolerance is not None), None)
        if careful is not None:
            told = f"'{careful}' has a 'risk_tolerance', so that money is not worth the same to all; leave one of them"
            reader.fault(at, path, f"{told} out")


def _one_offer(reader: Reader, scenario: Scenario, decision: Decision, at: Tree) -> None:
    moment = scenario.timing.moments.get(decision.name)
    if moment is None:
        return
    path = f"decisions.{decision.name}.payments"
    proposals = moment.proposals
    if proposals.protocol is Protocol.AT_ONCE:
        reader.fault(at, path, "who pays whom is part of an offer; 'proposes: at_once' (timing) has none")
    elif proposals.protocol is Protocol.OFFERS and proposals.rounds != 1:
        reader.fault(at, path, "with payments there is one round of offers; leave 'rounds' out (timing)")


def _place(reader: Reader, decision: Decision) -> Tree:
    decisions = reader.root.get("decisions")
    inside = decisions.get(decision.name) if isinstance(decisions, Mapping) else None
    key = inside.key("payments") if isinstance(inside, Mapping) else None
    return key or reader.root
