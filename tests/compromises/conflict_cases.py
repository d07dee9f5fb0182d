"""Published conflicts as data, random ones, and the stabilities straight from their definitions with plain sets."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import chain, combinations

import numpy as np

from gamecore.compromises.stability.concepts import Concept
from gamecore.games.conflict import Conflict, conflict_from_arcs
from gamecore.games.conflict_options import Condition, Decision, conflict_from_options, option_form
from gamecore.games.conflict_preferences import Preference, from_ranking, from_ranks, from_statements
from gamecore.games.conflict_relations import StateSet, members

YES_NO = ("N", "Y")
BOTH_FLIP = [[(0, 2), (2, 0), (1, 3), (3, 1)], [(0, 1), (1, 0), (2, 3), (3, 2)]]


def from_one(states: StateSet) -> list[int]:
    """The states of a set, counted from 1 as papers do."""
    return [state + 1 for state in members(states)]


def two_by_two(first: Sequence[int], second: Sequence[int]) -> Conflict:
    """States CC, CD, DC, DD; each of two decision makers switches its own letter."""
    form = option_form((Decision("A", 0, ("C", "D")), Decision("B", 1, ("C", "D"))))
    return conflict_from_options(("A", "B"), form, (from_ranks(first), from_ranks(second)), ("CC", "CD", "DC", "DD"))


def chicken() -> Conflict:
    """Fang, Hipel & Kilgour 1993, chapter 3."""
    return two_by_two([3, 2, 4, 1], [3, 4, 2, 1])


def prisoners() -> Conflict:
    """Fang, Hipel & Kilgour 1993, chapter 3."""
    return two_by_two([3, 1, 4, 2], [3, 4, 1, 2])


def elmira() -> Conflict:
    """The groundwater of Elmira, nine states (Hipel, Fang, Kilgour & Haight 1993; Kilgour & Hipel 2005)."""
    arcs = [
        [(1, 2), (3, 4), (5, 6), (7, 8)],
        [(1, 3), (2, 4), (5, 7), (6, 8), *((state, 9) for state in range(1, 9))],
        [(1, 5), (5, 1), (2, 6), (6, 2), (7, 3), (3, 7), (4, 8), (8, 4)],
    ]
    ranks = ([4, 3, 8, 7, 5, 2, 9, 6, 1], [9, 2, 4, 8, 6, 1, 3, 7, 5], [6, 2, 8, 3, 7, 4, 9, 5, 1])
    return conflict_from_arcs(
        ("MoE", "Uniroyal", "Local Government"),
        tuple(f"s{number}" for number in range(1, 10)),
        [[(start - 1, end - 1) for start, end in own] for own in arcs],
        [from_ranks(row) for row in ranks],
    )


def _by_binary_number(conflict: Conflict) -> list[int]:
    """The states in the order of the numbers that their options spell, the first option being the ones."""
    assert conflict.form is not None
    spelled = [sum(option << place for place, option in enumerate(state)) for state in conflict.form.states]
    return sorted(range(len(spelled)), key=spelled.__getitem__)


def numbered(conflict: Conflict, states: StateSet) -> list[int]:
    """The states as that software numbers them, from 1."""
    order = _by_binary_number(conflict)
    return sorted(order.index(state) + 1 for state in members(states))


def garrison() -> Conflict:
    """The Garrison Diversion Unit (Fraser & Hipel 1984; Fang, Hipel & Kilgour 1993), as in github.com/onp/gmcr-py."""
    names = ("full", "reduced", "appease", "legal", "treaty", "IJC full", "IJC reduced", "lonetree", "suspend")
    owners = (0, 0, 0, 1, 2, 3, 3, 3, 3)
    never: list[Condition] = [
        {one: "Y", other: "Y"} for group in (names[:3], names[5:]) for one, other in combinations(group, 2)
    ]
    never += [dict.fromkeys(names[:3], "N"), dict.fromkeys(names[5:], "N")]
    never += [{"full": "Y", "legal": "N"}, {"appease": "Y", "legal": "Y"}]
    never += [{"full": "Y", "treaty": "N", "IJC full": "N"}]
    never += [{one: "Y", "treaty": "N", two: "Y"} for one in ("reduced", "appease") for two in ("lonetree", "suspend")]
    form = option_form([Decision(name, owner, YES_NO) for name, owner in zip(names, owners, strict=True)], never)
    lines: list[list[list[int]]] = [
        [[3], [7], [1, 2], [4], [5, 6]]
        + [[state] for state in (8, 9, 12, 11, 15, 10, 13, 14, 17, 16, 18, 19, 21, 20, 22, 23)],
        [[21, 17, 13, 10, 6, 2], [23, 19]]
        + [[state] for state in (15, 11, 8, 4, 22, 18, 14, 7, 3, 20, 16, 12, 9, 5, 1)],
        [[23], [20, 21], [19], [16, 17], [11], [9, 10], [15], [12, 13], [2], [4], [1], [8], [5, 6]]
        + [[state] for state in (22, 18, 14, 3, 7)],
        [list(range(1, 24))],
    ]
    labels = [form.label(state) for state in range(len(form.states))]
    indifferent = from_ranks([0] * len(labels))
    who = ("US Support", "US Opposition", "Canadian Opposition", "IJC")
    order = _by_binary_number(conflict_from_options(who, form, [indifferent] * 4))
    rankings = [from_ranking([[order[state - 1] for state in line] for line in own], labels) for own in lines]
    return conflict_from_options(who, form, rankings)


def data_package() -> Conflict:
    """Sapphire holds back the data, Diamond the milestone; three decision makers, eight states."""
    form = option_form(
        [
            Decision("data", 0, ("hold", "share"), {"share": ()}),
            Decision("milestone", 1, ("withhold", "pay", "terminate"), {"pay": (), "terminate": ()}),
            Decision("filing", 2, ("wait", "close"), when={"milestone": ["withhold", "pay"]}),
        ],
        [{"data": "share", "filing": "close"}],
    )
    lines: list[Condition] = [
        {"data": "share", "milestone": "pay"},
        {"data": "hold", "milestone": "pay", "filing": "wait"},
        {"data": "hold", "milestone": "withhold", "filing": "wait"},
        {"data": "share", "milestone": "withhold"},
        {"data": "hold", "milestone": "pay", "filing": "close"},
        {"data": "hold", "milestone": "withhold", "filing": "close"},
        {"milestone": "terminate"},
    ]
    labels = [form.label(state) for state in range(len(form.states))]
    sapphire = from_ranking([[s for s, fits in enumerate(form.matching(line)) if fits] for line in lines], labels)
    statements: tuple[list[Condition], ...] = (
        [{"filing": "wait"}, {"data": "share"}, {"milestone": "withhold"}],
        [{"data": "share"}, {"filing": "close"}],
    )
    others = [from_statements([form.matching(one) for one in own], len(labels)) for own in statements]
    return conflict_from_options(("Sapphire", "Diamond", "Regulator"), form, [sapphire, *others])


def euphrates() -> Conflict:
    """Syria and Iraq over the Euphrates 1975, preferences by statements, as in github.com/onp/gmcr-py."""
    form = option_form(
        [Decision("release", 0, YES_NO), Decision("escalate", 0, YES_NO), Decision("attack", 1, YES_NO)],
        [{"release": "Y", "escalate": "Y"}],
    )

    def all_three(spelled: str) -> Condition:
        return dict(zip(("release", "escalate", "attack"), spelled, strict=True))

    syria: list[Condition] = [all_three("NNN"), {"escalate": "Y"}, {"attack": "N"}, {"release": "N"}]
    iraq = [all_three(spelled) for spelled in ("YNN", "NNY", "NYY", "NNN", "YNY")]
    preferences = [from_statements([form.matching(one) for one in own], 6) for own in (syria, iraq)]
    return conflict_from_options(("Syria", "Iraq"), form, preferences)


def cuba() -> Conflict:
    """The Cuban missile crisis, twelve states (Fraser & Hipel 1984), statements as in github.com/onp/gmcr-py."""
    names = ("strike", "blockade", "withdraw", "escalate")
    form = option_form(
        [
            Decision("strike", 0, YES_NO, {"Y": ()}),
            *(Decision(name, owner, YES_NO) for name, owner in zip(names[1:], (0, 1, 1), strict=True)),
        ],
        [{"withdraw": "Y", "escalate": "Y"}],
    )

    def one_of(*patterns: str) -> list[dict[str, str]]:
        """Each pattern has Y, N or - for each option."""
        return [{n: letter for n, letter in zip(names, p, strict=True) if letter != "-"} for p in patterns]

    us = [
        ["--Y-"],
        ["---N"],
        ["N-Y-"],
        ["-NY-"],
        ["Y--Y"],
        ["-Y-Y"],
        ["Y-N-", "-Y-N", "Y--N", "-YN-"],
        ["N-NN"],
        ["-NNN"],
    ]
    ussr = [
        ["---N"], ["Y--Y", "N--N", "Y--N"], ["-Y-Y", "-N-N", "-Y-N"], ["N--N"], ["-N-N"],
        ["-YY-", "-NN-", "Y-Y-"], ["-YNN"], ["YNYN"],
    ]  # fmt: skip
    preferences = [from_statements([form.matching(one_of(*one)) for one in own], 12) for own in (us, ussr)]
    return conflict_from_options(("US", "USSR"), form, preferences)


def random_preference(generator: np.random.Generator, states: int, *, unknown: bool, much: bool = False) -> Preference:
    """A weak order with ties; with `unknown` without some comparisons, with `much` the farthest greatly better."""
    ranks = generator.integers(0, states, size=states)
    plain = from_ranks(ranks.tolist())
    unsure = np.zeros((states, states), dtype=bool)
    if unknown:
        upper = np.triu(generator.random((states, states)) < 0.3, 1)
        unsure = upper | upper.T
    better = [sum(1 << q for q in members(row) if not unsure[s, q]) for s, row in enumerate(plain.better)]
    far = [
        sum(1 << q for q in members(row) if ranks[q] - ranks[s] > states // 2) if much else 0
        for s, row in enumerate(better)
    ]
    rows = tuple(sum(1 << q for q in range(states) if unsure[s, q]) for s in range(states))
    return Preference(tuple(better), rows, tuple(far))


def random_conflict(
    generator: np.random.Generator,
    *,
    states: tuple[int, int] = (2, 7),
    decision_makers: tuple[int, int] = (1, 4),
    unknown: bool = False,
    much: bool = False,
) -> Conflict:
    """Random arcs, many of them one way, and random weak orders with ties."""
    count = int(generator.integers(*states, endpoint=True))
    people = int(generator.integers(*decision_makers, endpoint=True))
    density = generator.uniform(0.1, 0.6)
    arcs = [
        [(s, q) for s in range(count) for q in range(count) if s != q and generator.random() < density]
        for _ in range(people)
    ]
    preferences = [random_preference(generator, count, unknown=unknown, much=much) for _ in range(people)]
    names = tuple(f"DM {number}" for number in range(people))
    return conflict_from_arcs(names, tuple(f"s{number}" for number in range(count)), arcs, preferences)


def random_option_conflict(generator: np.random.Generator) -> Conflict:
    """Three to five decisions of two or three options, some one way, some combinations impossible."""
    people = int(generator.integers(1, 4))
    decisions = []
    for number in range(int(generator.integers(3, 6))):
        options = tuple("abc"[: int(generator.integers(2, 4))])
        one_way = {options[-1]: ()} if generator.random() < 0.3 else {}
        decisions.append(Decision(f"d{number}", int(generator.integers(people)), options, one_way))
    never: list[Condition] = [{"d0": "b", "d1": "b"}, {"d1": "a", "d2": "b"}]
    form = option_form(decisions, never[: int(generator.integers(3))])
    ranks = generator.integers(0, len(form.states), size=(people, len(form.states)))
    names = tuple(f"DM {number}" for number in range(people))
    return conflict_from_options(names, form, [from_ranks(row.tolist()) for row in ranks])


# ------------------------------------------------------------------------------------------ straight from definitions


def by_turns(step: Callable[[int, int], Iterable[int]], movers: Sequence[int], start: int) -> set[int]:
    """Where legal sequences from `start` lead; `step(mover, state)` are the ends of one step."""
    found = {(end, mover) for mover in movers for end in step(mover, start)}
    while True:
        further = {
            (end, mover) for state, last in found for mover in movers if mover != last for end in step(mover, state)
        }
        if further <= found:
            return {end for end, _ in found}
        found |= further


class Definitions:
    """The stabilities of methods for one reading of unknown comparisons, one state at a time."""

    def __init__(self, conflict: Conflict, variant: str = "a", *, strong: bool = False) -> None:
        self.conflict, self.variant, self.strong = conflict, variant, strong
        self.people = range(len(conflict.decision_makers))

    def prefers(self, i: int, q: int, s: int) -> bool:
        return bool(self.conflict.preferences[i].better[s] >> q & 1)

    def unsure(self, i: int, q: int, s: int) -> bool:
        return bool(self.conflict.preferences[i].unknown[s] >> q & 1)

    def moves(self, i: int, s: int) -> tuple[int, ...]:
        return self.conflict.moves[i][s]

    def tempting(self, i: int, s: int) -> list[int]:
        return [
            q
            for q in self.moves(i, s)
            if self.prefers(i, q, s) or (self.variant in {"a", "c"} and self.unsure(i, q, s))
        ]

    def credible(self, j: int, s: int) -> list[int]:
        return [q for q in self.moves(j, s) if self.prefers(j, q, s) or self.unsure(j, q, s)]

    def deters(self, i: int, q: int, s: int) -> bool:
        if self.strong:
            return bool(self.conflict.preferences[i].much_better[q] >> s & 1)
        if self.unsure(i, q, s):
            return self.variant in {"c", "d"}
        return not self.prefers(i, q, s)

    def stable(self, i: int, s: int, concept: Concept) -> bool:
        others = [j for j in self.people if j != i]
        step = self.credible if concept in {Concept.SEQ, Concept.SSEQ} else self.moves
        for s1 in self.tempting(i, s):
            ends = [] if concept is Concept.NASH else [q for q in by_turns(step, others, s1) if self.deters(i, q, s)]
            if concept in {Concept.SMR, Concept.SSEQ}:
                ends = [q for q in ends if all(self.deters(i, s3, s) for s3 in self.moves(i, q))]
            if not ends:
                return False
        return True

    def simultaneously_stable(self, i: int, s: int) -> bool:
        """SIM for states made of options that are all open everywhere."""
        form = self.conflict.form
        assert form is not None
        others = [j for j in self.people if j != i]
        for s1 in self.tempting(i, s):
            mixed = [
                tuple(
                    form.states[s1 if decision.owner == i else q][place]
                    for place, decision in enumerate(form.decisions)
                )
                for q in by_turns(self.credible, others, s)
            ]
            ends = [form.states.index(options) for options in mixed if options in form.states]
            if not any(self.deters(i, end, s) for end in ends):
                return False
        return True

    # coalitions

    def coalition_tempting(self, h: Sequence[int], s: int) -> list[int]:
        return [q for q in by_turns(self.moves, h, s) if all(self.prefers(i, q, s) for i in h)]

    def coalition_deters(self, h: Sequence[int], q: int, s: int) -> bool:
        return any(not self.prefers(i, q, s) and not self.unsure(i, q, s) for i in h)

    def coalition_stable(self, h: Sequence[int], s: int, concept: Concept) -> bool:
        others = [j for j in self.people if j not in h]
        groups = subsets(others)
        for s1 in self.coalition_tempting(h, s):
            if concept is Concept.NASH:
                return False
            if concept is Concept.SEQ:
                reach = by_turns(lambda g, q: self.coalition_tempting(groups[g], q), range(len(groups)), s1)
            else:
                reach = by_turns(self.moves, others, s1)
            ends = [q for q in reach if self.coalition_deters(h, q, s)]
            if concept is Concept.SMR:
                ends = [q for q in ends if all(self.coalition_deters(h, s3, s) for s3 in by_turns(self.moves, h, q))]
            if not ends:
                return False
        return True


def subsets(people: Sequence[int]) -> list[tuple[int, ...]]:
    return list(chain.from_iterable(combinations(people, size) for size in range(1, len(people) + 1)))


def ends_of_foresight(conflict: Conflict, i: int, s: int, horizon: int) -> int:
    """L_h by plain recursion; of equals the move to the lowest number counts, and staying before moving."""
    if horizon == 0:
        return s
    worth = [row.bit_count() for row in conflict.preferences[i].worse]
    best = s
    for q in conflict.moves[i][s]:
        end = ends_of_foresight(conflict, 1 - i, q, horizon - 1)
        if worth[end] > worth[best]:
            best = end
    return best
