"""What the page has to survive: each function gives an analysis that strains it in one way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from gamecore.advice.analysis import (
    Analysis,
    Kind,
    KnownFact,
    PlayerFacts,
    Reason,
    Recommendation,
    Role,
    Spread,
    Standing,
    Step,
    WalkAway,
)
from tests.brief.cases import LITERAL, plan, sapphire_diamond, spread, standings

COMPANIES = ("Sapphire", "Diamond", "Cobalt", "Registry", "Ruby", "Topaz", "Opal")


def map_values(analysis: Analysis, change: Callable[[float], float]) -> Analysis:
    """Every value of the analysis put through a function."""

    def moved(item: Spread) -> Spread:
        return Spread(*(change(value) for value in (item.base, item.mean, item.p10, item.p90)))

    def stood(item: Standing) -> Standing:
        unit = change(1.0) - change(0.0)
        return replace(item, value=moved(item.value), gain=item.gain * unit, regret=item.regret * unit)

    assert analysis.disagreement is not None
    return replace(
        analysis,
        candidates=tuple(
            replace(item, standings=tuple(stood(one) for one in item.standings), joint=moved(item.joint))
            for item in analysis.candidates
        ),
        disagreement=replace(
            analysis.disagreement,
            values=tuple(moved(item) for item in analysis.disagreement.values),
            joint=moved(analysis.disagreement.joint),
        ),
        walk_aways=tuple(replace(item, value=moved(item.value)) for item in analysis.walk_aways),
    )


def companies(count: int) -> Analysis:
    """The case with more companies."""
    base = sapphire_diamond()
    keys = tuple(name.lower() for name in COMPANIES[:count])
    players = tuple(PlayerFacts(name.lower(), name, None, f"Lead {name}", None) for name in COMPANIES[:count])
    table = {
        "plan=start": ("Start on 1 July as planned", [51.8, 9.7, 12.0, 3.0, -4.0, 8.0, 2.0]),
        "plan=wait": ("Wait six months, then Diamond decides", [47.4, 25.8, 14.0, 2.0, 6.0, 7.0, 1.0]),
        "plan=hybrid": ("Start a smaller hybrid trial now", [42.2, 18.1, 16.0, 1.0, -2.0, 9.0, 3.0]),
    }
    floors = [43.0, 16.0, 11.0, 0.5, 1.0, 6.0, 0.5][:count]
    best = [max(values[i] for _, values in table.values()) for i in range(count)]
    candidates = []
    for key, (label, values) in table.items():
        ranks = [1 + sum(other[i] > values[i] for _, other in table.values()) for i in range(count)]
        spreads = [spread(value, value - 12 - 2 * i, value + 20 + i) for i, value in enumerate(values[:count])]
        old = base.candidate(key)
        made = plan(key, label, keys, standings(keys, spreads, ranks, floors, best), pros=old.pros, cons=old.cons)
        candidates.append(
            replace(made, is_baseline=old.is_baseline, follows=old.follows, self_enforcing=old.self_enforcing)
        )
    assert base.disagreement is not None
    assert base.tree is not None
    nodes = tuple(replace(node, values=(*node.values, *floors[2:])) for node in base.tree.nodes)
    return replace(
        base,
        tree=replace(base.tree, nodes=nodes),
        scenario=replace(base.scenario, players=players),
        candidates=tuple(candidates),
        disagreement=replace(
            base.disagreement,
            values=tuple(spread(value) for value in floors),
            joint=spread(sum(floors)),
            reaches=(frozenset(),) * count,
        ),
        walk_aways=tuple(WalkAway(key, "no_agreement", spread(value)) for key, value in zip(keys, floors, strict=True)),
        naming_game=None,
    )


def negative() -> Analysis:
    return map_values(sapphire_diamond(), lambda value: value - 60)


def thousands() -> Analysis:
    return map_values(sapphire_diamond(), lambda value: 123.4 * value)


def hundredths() -> Analysis:
    return map_values(sapphire_diamond(), lambda value: value / 5000)


def cut_whiskers() -> Analysis:
    base = sapphire_diamond()
    wait = base.candidate("plan=wait")
    wild = replace(wait.standings[1], value=replace(wait.standings[1].value, p10=-900.0, p90=2500.0))
    changed = replace(wait, standings=(wait.standings[0], wild))
    return replace(base, candidates=tuple(changed if item.key == wait.key else item for item in base.candidates))


def no_unit() -> Analysis:
    base = sapphire_diamond()
    return replace(base, scenario=replace(base.scenario, unit=None, decide_by=None, note=None, context=()))


def two_options() -> Analysis:
    base = sapphire_diamond()
    return replace(
        base,
        options=base.options[:2],
        candidates=base.candidates[:2],
        notes=(Reason(Kind.FEWER_THAN_THREE),),
        naming_game=None,
    )


def one_option() -> Analysis:
    base = sapphire_diamond()
    only = replace(base.options[1], letter="A")
    return replace(
        base,
        options=(only,),
        candidates=(base.candidate("plan=wait"),),
        notes=(Reason(Kind.FEWER_THAN_THREE),),
        naming_game=None,
    )


def nothing_acceptable() -> Analysis:
    base = sapphire_diamond()
    wait = base.candidate("plan=wait")
    poor = replace(wait.standings[0], value=spread(40.0, 1.0, 75.0), acceptable=False, gain=-3.0, rank=3, mean_rank=3)
    changed = replace(wait, standings=(poor, wait.standings[1]), self_enforcing=False, acceptable_to=("diamond",))
    options = tuple(
        replace(option, role=Role.ALTERNATIVE) if option.role is Role.RECOMMENDED else option for option in base.options
    )
    return replace(
        base,
        candidates=tuple(changed if item.key == wait.key else item for item in base.candidates),
        options=options,
        recommendation=Recommendation(None, (Reason(Kind.NOTHING_ACCEPTABLE),), (), ()),
    )


def moves_only(kind: str = "security") -> Analysis:
    base = sapphire_diamond()
    worth = (51.812, 9.699) if kind == "baseline" else (33.0, -4.0)
    floors = tuple(
        WalkAway(key, kind, spread(value)) for key, value in zip(("sapphire", "diamond"), worth, strict=True)
    )
    candidates = []
    for item in base.candidates:
        judged = tuple(
            replace(one, acceptable=one.value.base >= floor, gain=one.value.base - floor)
            for one, floor in zip(item.standings, worth, strict=True)
        )
        candidates.append(replace(item, standings=judged))
    return replace(
        base,
        candidates=tuple(candidates),
        disagreement=None,
        walk_aways=floors,
        naming_game=None,
        recommendation=replace(
            base.recommendation, reasons=(Reason(Kind.ACCEPTABLE_TO_ALL), Reason(Kind.BEST_FOR_ADVISED))
        ),
    )


def certain() -> Analysis:
    base = sapphire_diamond()

    def flat(item: Spread) -> Spread:
        return spread(item.base)

    candidates = tuple(
        replace(
            item, standings=tuple(replace(one, value=flat(one.value), mean_rank=one.rank) for one in item.standings)
        )
        for item in base.candidates
    )
    return replace(base, candidates=candidates, frequencies=(), draws=0, notes=(Reason(Kind.NOTHING_UNCERTAIN),))


def long_names() -> Analysis:
    base = sapphire_diamond()
    label = "Start a considerably smaller, mostly remote hybrid trial in nine countries now"
    players = (
        PlayerFacts(
            "sapphire",
            "Sapphire Biotherapeutics International Holdings",
            "Sapphire BTI",
            "Alexandra-Sandra von Hohenstein",
            None,
        ),
        PlayerFacts("diamond", "Diamond Pharmaceuticals Aktiengesellschaft", None, "Michael", None),
    )
    candidates = tuple(replace(item, label=label) if item.key == "plan=hybrid" else item for item in base.candidates)
    facts = replace(
        base.scenario,
        players=players,
        title="Phase II start of SD-101 in chronic bowel disease under the COVID-19 pandemic",
    )
    return replace(base, scenario=facts, candidates=candidates)


def more_context(words: int) -> Analysis:
    base = sapphire_diamond()
    more = ("More was written here than the page needs. " * (words // 8 + 1)).split()[:words]
    return replace(base, scenario=replace(base.scenario, context=(*base.scenario.context, " ".join(more))))


def literal(text: str = LITERAL) -> Analysis:
    """The text of a hostile author in every field that reaches the page."""
    base = sapphire_diamond()
    facts = replace(
        base.scenario,
        title=f"Title {text}",
        question=f"Question {text}",
        context=(f"Context {text}",),
        note=f"Note {text}",
        players=(replace(base.scenario.players[0], lead=f"Lead {text}"), base.scenario.players[1]),
    )
    wait = base.candidate("plan=wait")
    named = replace(wait, label=f"Option {text}", pros=(text,), cons=(text,))
    assert base.disagreement is not None
    assert base.tree is not None
    root = base.tree.nodes[0]
    branches = tuple(
        (f"Option {text}" if place == 1 else name, child, chance, here)
        for place, (name, child, chance, here) in enumerate(root.branches)
    )
    return replace(
        base,
        scenario=facts,
        candidates=tuple(named if item.key == wait.key else item for item in base.candidates),
        disagreement=replace(base.disagreement, label=text),
        known=(replace(base.known[0], label=f"News {text}"),),
        tree=replace(base.tree, nodes=(replace(root, branches=branches), *base.tree.nodes[1:])),
    )


def released(*, reached: bool = False) -> Analysis:
    """Both companies released their values; `reached`: something confidential reaches one of them all the same."""
    base = sapphire_diamond()
    if reached:
        start = base.candidate("plan=start")
        secret = replace(start.standings[0], reaches=frozenset({"inputs.second_bid"}))
        base = replace(
            base,
            candidates=tuple(
                replace(item, standings=(secret, item.standings[1])) if item.key == start.key else item
                for item in base.candidates
            ),
        )
    return replace(base, released=frozenset({"sapphire", "diamond"}))


def confidential_parts() -> Analysis:
    """A confidential option, step and fact beside public ones."""
    base = sapphire_diamond()
    hybrid = replace(base.candidate("plan=hybrid"), label="SECRET option", confidential=True)
    wait = base.candidate("plan=wait")
    hidden = Step(
        "side", "SECRET side letter", "yes", "SECRET side letter", ("diamond",), 0.0, "2020-07-01", confidential=True
    )
    wait = replace(wait, steps=(*wait.steps, hidden), label="Wait six months, then Diamond decides; SECRET side letter")
    rumour = KnownFact(
        "rumour", "SECRET rumour", 0.25, "2020-10-01", ("diamond",), (("yes", "yes", 0.5),), confidential=True
    )
    changed = {hybrid.key: hybrid, wait.key: wait}
    options = (base.options[0], replace(base.options[2], letter="B"), replace(base.options[1], letter="C"))
    return replace(
        base,
        candidates=tuple(changed.get(item.key, item) for item in base.candidates),
        known=(rumour, *base.known),
        options=options,
    )


ALL: dict[str, Callable[[], Analysis]] = {
    "three companies": lambda: companies(3),
    "four companies": lambda: companies(4),
    "six companies": lambda: companies(6),
    "alliance": lambda: sapphire_diamond("alliance"),
    "negative": negative,
    "thousands": thousands,
    "hundredths": hundredths,
    "cut whiskers": cut_whiskers,
    "no unit": no_unit,
    "two options": two_options,
    "one option": one_option,
    "nothing acceptable": nothing_acceptable,
    "moves only": moves_only,
    "baseline as walk-away": lambda: moves_only("baseline"),
    "certain": certain,
    "long names": long_names,
    "more context": lambda: more_context(20),
    "literal": literal,
    "released": released,
    "confidential parts": confidential_parts,
}
