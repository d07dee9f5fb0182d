"""Question 2: what are their options? Decisions with options or terms, what is impossible, and the baseline."""

from __future__ import annotations

from fractions import Fraction
from typing import Final

from gamecore.model import ALWAYS, Condition, Decision, Level, NoAgreement, Option, Term
from gamecore.scenario.anytime import read_leads_to
from gamecore.scenario.declaring import read_levels
from gamecore.scenario.reader import Fields, Reader, listed, near, spoken
from gamecore.scenario.tree import Mapping, Scalar, Sequence, Tree, below, item
from gamecore.scenario.voting import read_needs, read_parties, read_payments

_COUNTED: Final = {2: "two", 3: "three", 4: "four", 5: "five", 6: "six"}


def read_decisions(reader: Reader) -> dict[str, Decision]:
    """The decisions in file order."""
    node = reader.root.get("decisions")
    decisions = {}
    for key, value in reader.entries(node, "decisions"):
        path = below("decisions", key.text)
        fields = reader.fields(value, path, "decision")
        if fields is not None:
            decisions[key.text] = _decision(reader, key, fields)
        else:
            reader.spoil("decisions")
    if isinstance(node, Mapping) and not node.entries:
        reader.fault(node, "decisions", "a game needs at least one decision")
    return decisions


def _decision(reader: Reader, key: Scalar, fields: Fields) -> Decision:
    path = fields.path
    by = _by(reader, fields.get("by"), below(path, "by"))
    options: tuple[Option, ...] = ()
    terms: tuple[Term, ...] = ()
    if "options" in fields and "terms" in fields:
        reader.fault(fields.place("terms"), path, "either 'options' or 'terms', not both")
    elif "options" in fields:
        options = _options(reader, fields.get("options"), below(path, "options"), decision=key.text, by=by)
    elif "terms" in fields:
        terms = _terms(reader, fields.get("terms"), below(path, "terms"))
        if len(by) == 1:
            reader.fault(fields.place("terms"), path, "terms are agreed between several players; list them after 'by'")
    elif fields.node.key("options") is None and fields.node.key("terms") is None:
        reader.fault(key, path, "say what can be chosen: add 'options: ...'")
    return Decision(
        name=key.text,
        label=reader.text(fields.get("label"), below(path, "label")) or spoken(key.text),
        by=by,
        options=options,
        terms=terms,
        when=reader.existing(fields.get("when"), below(path, "when"), "decisions"),
        no_agreement=_no_agreement(reader, key, fields, by),
        needs=read_needs(reader, fields, by, options),
        payments=read_payments(reader, fields, by),
        confidential=reader.yes_no(fields.get("confidential"), below(path, "confidential")),
        note=reader.text(fields.get("note"), below(path, "note")),
        place=key.place,
    )


def _by(reader: Reader, node: Tree | None, path: str) -> tuple[str, ...]:
    if node is None:
        return ()
    parts = node.items if isinstance(node, Sequence) else (node,)
    if not parts:
        reader.fault(node, path, "say who decides")
    found: list[str] = []
    for part in parts:
        word = reader.player(part, path)
        if word in found:
            reader.fault(part, path, f"'{word}' stands twice")
        elif word is not None:
            found.append(word)
    return tuple(found)


def _options(
    reader: Reader, node: Tree | None, path: str, decision: str | None = None, by: tuple[str, ...] = ()
) -> tuple[Option, ...]:
    options = []
    if not isinstance(node, Mapping):
        reader.spoil("decisions")
    for key, value in reader.entries(node, path):
        here = below(path, key.text)
        if isinstance(value, Scalar):
            options.append(Option(key.text, reader.text(value, here) or key.text, place=key.place))
            continue
        fields = reader.fields(value, here, "option")
        if fields is None:
            continue
        options.append(
            Option(
                name=key.text,
                label=reader.text(fields.get("label"), below(here, "label")) or key.text,
                pros=reader.texts(fields.get("pros"), below(here, "pros")),
                cons=reader.texts(fields.get("cons"), below(here, "cons")),
                when=reader.existing(fields.get("when"), below(here, "when"), "decisions"),
                available=reader.yes_no(fields.get("available"), below(here, "available")) is not False,
                same_as=_same_as(reader, decision, fields.get("same_as"), below(here, "same_as")),
                leads_to=read_leads_to(reader, decision, fields),
                parties=read_parties(reader, fields, decision, by),
                confidential=reader.yes_no(fields.get("confidential"), below(here, "confidential")),
                note=reader.text(fields.get("note"), below(here, "note")),
                place=key.place,
            )
        )
    if isinstance(node, Mapping) and not node.entries:
        reader.fault(node, path, "a decision needs at least one option")
    elif options and not any(option.available for option in options):
        reader.fault(node or options[0].place, path, "no option is available; at least one must be")
    return tuple(options)


def _same_as(reader: Reader, decision: str | None, node: Tree | None, path: str) -> str | None:
    """The option of another decision that an option repeats."""
    word = reader.text(node, path)
    if node is None or word is None:
        return None
    if decision is None:
        reader.fault(node, path, "'same_as' names the plan an option repeats later; a level of a term repeats none")
        return None
    others = [
        thing.values
        for name, thing in reader.names.things.items()
        if name != decision and thing.kind in {"decision", "agreement"}
    ]
    if any(values is None or word in values for values in others):
        return word
    options = list(dict.fromkeys(option for values in others for option in values or ()))
    known = f" ({listed(options)})" if options else ""
    reader.fault(node, path, f"'{word[:60]}' is not an option of another decision{known}{near(word, options)}")
    return None


def _terms(reader: Reader, node: Tree | None, path: str) -> tuple[Term, ...]:
    terms = []
    for key, value in reader.entries(node, path):
        here = below(path, key.text)
        fields = reader.fields(value, here, "term")
        if fields is None:
            continue
        levels, continuous = _levels(reader, key, fields)
        terms.append(
            Term(
                name=key.text,
                label=reader.text(fields.get("label"), below(here, "label")) or spoken(key.text),
                levels=levels,
                unit=reader.text(fields.get("unit"), below(here, "unit")),
                continuous=continuous,
                confidential=reader.yes_no(fields.get("confidential"), below(here, "confidential")),
                place=key.place,
            )
        )
    if isinstance(node, Mapping) and not node.entries:
        reader.fault(node, path, "an agreement on terms needs at least one term")
    return tuple(terms)


def _levels(reader: Reader, key: Scalar, fields: Fields) -> tuple[tuple[Level, ...], tuple[Fraction, Fraction] | None]:
    path = fields.path
    if ("levels" in fields) == ("options" in fields):
        if fields.node.key("levels") is None or fields.node.key("options") is not None:
            reader.fault(key, path, "a term has either 'levels' (numbers) or 'options' (names)")
        return (), None
    if "options" in fields:
        options = _options(reader, fields.get("options"), below(path, "options"))
        return tuple(Level(o.name, o.label, None, o.available, o.confidential) for o in options), None
    node = fields.get("levels")
    found = read_levels(node) if node is not None else "levels are missing"
    if isinstance(found, str):
        reader.fault(node or key, below(path, "levels"), found)
        reader.spoil("decisions")
        return (), None
    values, continuous = found
    return tuple(Level(name, name, value) for name, value in values), continuous


def _no_agreement(reader: Reader, key: Scalar, fields: Fields, by: tuple[str, ...]) -> NoAgreement | None:
    path = below(fields.path, "no_agreement")
    node = fields.get("no_agreement")
    if node is None:
        if len(by) > 1 and fields.node.key("no_agreement") is None:
            count = _COUNTED.get(len(by), str(len(by)))
            told = f"{count} players decide, so say what happens if they do not agree: add 'no_agreement: ...'"
            reader.fault(key, fields.path, told)
        return None
    written = fields.get("by")
    if len(by) == 1 and not isinstance(written, Sequence):
        reader.fault(fields.place("no_agreement"), fields.path, "one player decides, so there is nothing to agree on")
        return None
    if isinstance(node, Scalar):
        return NoAgreement(reader.text(node, path) or "", place=node.place)
    inside = reader.fields(node, path, "no_agreement")
    if inside is None:
        return None
    return NoAgreement(
        label=reader.text(inside.get("label"), below(path, "label")) or "",
        means=_means(reader, key.text, inside.get("means"), below(path, "means")),
        confidential=reader.yes_no(inside.get("confidential"), below(path, "confidential")),
        place=fields.place("no_agreement"),
    )


def _means(reader: Reader, decision: str, node: Tree | None, path: str) -> str | None:
    word = reader.text(node, path)
    if node is None or word is None:
        return None
    thing = reader.names.things.get(decision)
    if thing is not None and thing.kind == "deal":
        reader.fault(node, path, "'means' names an option; an agreement on terms has none")
        return None
    options = tuple(thing.values or ()) if thing is not None else ()
    if word in options or thing is None or thing.values is None:
        return word
    reader.fault(node, path, f"'{word[:60]}' is not an option of '{decision}' ({listed(options)}){near(word, options)}")
    return None


def read_impossible(reader: Reader) -> tuple[Condition, ...]:
    """Combinations that cannot occur."""
    node = reader.root.get("impossible")
    if node is None:
        return ()
    if not isinstance(node, Sequence):
        reader.fault(node, "impossible", "a list of combinations is expected here: - {duration: 5, making: both}")
        return ()
    found = []
    for index, part in enumerate(node.items):
        path = item("impossible", index, "entry")
        condition = reader.plain_condition(part, path)
        if condition is None:
            reader.spoil("decisions")
            continue
        events = [name for name in sorted(condition.names) if reader.names.things[name].kind == "event"]
        if events:
            reader.fault(part, path, f"'{events[0]}' is an event: what can happen is said by its chances, not here")
            continue
        found.append(condition)
    return tuple(found)


def read_baseline(reader: Reader) -> Condition:
    """The plan as it stood."""
    return reader.plain_condition(reader.root.get("baseline"), "baseline") or ALWAYS
