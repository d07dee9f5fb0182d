"""Published negotiations over several issues, as data, and what hypothesis draws.

The figures to expect were computed by full enumeration when the cases were collected, not by this project.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import product

from hypothesis import strategies as st

from gamecore.compromises.deals.space import DealSpace, Exclusion, Interaction, Issue, Point, Reading

ITEX_CYPRESS: Mapping[str, Mapping[str, Sequence[float]]] = {
    "Price": {
        "$4.37": [1.0, 2.846725704167068e-18],
        "$4.12": [0.6551724137931034, 0.23076923076923075],
        "$3.98": [0.31034482758620685, 0.6153846153846154],
        "$3.71": [0.13793103448275862, 0.8205128205128205],
        "$3.47": [0.0, 1.0],
    },
    "Delivery": {
        "60 days": [0.0, 4.6259292692714846e-18],
        "45 days": [1.0, 0.37499999999999994],
        "30 days": [0.4736842105263158, 0.7499999999999999],
        "20 days": [0.2105263157894737, 0.9999999999999999],
    },
    "Payment": {
        "Upon delivery": [0.37500000000000006, 1.0],
        "30 days after delivery": [1.0, 0.35714285714285715],
        "60 days after delivery": [0.0, 7.930164461608262e-18],
    },
    "Returns": {
        "Full price": [0.0, 1.0],
        "5% spoilage allowed": [1.0, 0.31578947368421056],
        "10% spoilage allowed": [0.13793103448275862, 5.8432790769745086e-18],
    },
}
"""Kersten & Noronha 1999 (the Inspire system); profile files as kept among the tests of NegMAS."""
ITEX_CYPRESS_WEIGHTS = {
    "Price": [0.3229356917969803, 0.6517705426248839],
    "Delivery": [0.14064468440843098, 0.10417861501120933],
    "Payment": [0.22458839302513572, 0.08824301787904465],
    "Returns": [0.3118312307694531, 0.15580782448486208],
}
ITEX_CYPRESS_NO_AGREEMENT = (-0.03864871609160703, -0.03555632534161568)
ITEX_CYPRESS_FRONTIER = [
    (1.0, 0.119785),
    (0.925976, 0.158852),
    (0.888965, 0.184896),
    (0.888643, 0.270193),
    (0.814619, 0.30926),
    (0.777608, 0.335305),
    (0.777286, 0.520874),
    (0.721607, 0.654571),
    (0.677064, 0.771555),
    (0.603041, 0.810622),
    (0.566029, 0.836667),
    (0.462673, 0.86735),
    (0.425661, 0.893395),
    (0.29121, 0.917228),
    (0.254198, 0.943272),
    (0.150842, 0.973955),
    (0.11383, 1.0),
]
ITEX_CYPRESS_NASH = ("$3.47", "45 days", "30 days after delivery", "5% spoilage allowed")

THOMPSON: Mapping[str, Mapping[str, Sequence[float]]] = {
    "Signing bonus": {
        "10%": [0.0, 100.0],
        "8%": [25.0, 75.0],
        "6%": [50.0, 50.0],
        "4%": [75.0, 25.0],
        "2%": [100.0, 0.0],
    },
    "Job assignment": {
        "Division A": [0.0, 0.0],
        "Division B": [25.0, 25.0],
        "Division C": [50.0, 50.0],
        "Division D": [75.0, 75.0],
        "Division E": [100.0, 100.0],
    },
    "Moving expense coverage": {
        "100%": [0.0, 100.0],
        "90%": [25.0, 75.0],
        "80%": [50.0, 50.0],
        "70%": [75.0, 25.0],
        "60%": [100.0, 0.0],
    },
    "Insurance coverage": {
        "100%": [0.0, 100.0],
        "80%": [25.0, 75.0],
        "60%": [50.0, 50.0],
        "20%": [75.0, 25.0],
        "0%": [100.0, 0.0],
    },
    "Salary": {
        "$40,000": [0.0, 100.0],
        "$38,000": [25.0, 75.0],
        "$36,000": [50.0, 50.0],
        "$34,000": [75.0, 25.0],
        "$32,000": [100.0, 0.0],
    },
}
"""L. Thompson's employment contract; GENIUS encoding, templates/thompson."""
THOMPSON_WEIGHTS = {
    "Signing bonus": [0.17, 0.41],
    "Job assignment": [0.08, 0.08],
    "Moving expense coverage": [0.06, 0.28],
    "Insurance coverage": [0.28, 0.06],
    "Salary": [0.41, 0.17],
}
THOMPSON_NO_AGREEMENT = (0.0, 0.0)
THOMPSON_FRONTIER = [
    (100.0, 8.0),
    (98.5, 15.0),
    (97.0, 22.0),
    (95.5, 29.0),
    (94.0, 36.0),
    (91.25, 39.25),
    (89.75, 46.25),
    (87.0, 49.5),
    (85.5, 56.5),
    (82.75, 59.75),
    (81.25, 66.75),
    (78.5, 70.0),
    (77.0, 77.0),
    (70.0, 78.5),
    (66.75, 81.25),
    (59.75, 82.75),
    (56.5, 85.5),
    (49.5, 87.0),
    (46.25, 89.75),
    (39.25, 91.25),
    (36.0, 94.0),
    (29.0, 95.5),
    (22.0, 97.0),
    (15.0, 98.5),
    (8.0, 100.0),
]
THOMPSON_NASH = ("10%", "Division E", "100%", "0%", "$32,000")

PORT_PARTIES = (
    "Department of Tourism",
    "SportCo",
    "Environmental League",
    "Mayor",
    "Other cities",
    "Local Labour Union",
)
"""The scorable game "base" of Abdelnabi et al. 2024 (LLM-Deliberation), after the teaching case Harborco."""
PORT_SCORES = {
    "A": {"A1": (0, 14, 0, 14, 0, 15), "A2": (11, 8, 22, 8, 4, 20), "A3": (5, 0, 45, 0, 10, 0)},
    "B": {"B1": (0, 11, 0, 12, 0, 0), "B2": (20, 7, 25, 8, 0, 0), "B3": (25, 0, 55, 0, 0, 0)},
    "C": {
        "C1": (0, 0, 0, 24, 12, 42),
        "C2": (2, 5, 0, 18, 8, 35),
        "C3": (4, 10, 0, 12, 6, 25),
        "C4": (9, 17, 0, 0, 0, 0),
    },
    "D": {
        "D1": (10, 35, 0, 40, 0, 30),
        "D2": (26, 29, 0, 30, 8, 20),
        "D3": (40, 20, 0, 23, 13, 10),
        "D4": (0, 0, 0, 0, 18, 0),
    },
    "E": {
        "E1": (4, 0, 0, 0, 60, 2),
        "E2": (8, 5, 0, 2, 45, 4),
        "E3": (15, 10, 0, 4, 30, 6),
        "E4": (12, 15, 0, 7, 15, 8),
        "E5": (0, 23, 0, 10, 0, 0),
    },
}
PORT_LEAST = (65, 55, 55, 30, 31, 50)
PORT_UNANIMOUS = (
    ("A1", "B3", "C2", "D2", "E3"),
    ("A1", "B3", "C2", "D2", "E4"),
    ("A1", "B3", "C3", "D2", "E3"),
    ("A1", "B3", "C3", "D3", "E4"),
    ("A2", "B3", "C2", "D2", "E4"),
    ("A2", "B3", "C3", "D1", "E3"),
    ("A2", "B3", "C3", "D2", "E3"),
    ("A2", "B3", "C3", "D2", "E4"),
    ("A2", "B3", "C4", "D1", "E3"),
    ("A3", "B2", "C2", "D2", "E4"),
    ("A3", "B2", "C3", "D2", "E3"),
    ("A3", "B2", "C3", "D2", "E4"),
)

CAMP_DAVID = {
    "Sinai": (35, 55),
    "Diplomatic recognition": (10, 5),
    "West Bank/Gaza": (20, 10),
    "Formal linkage": (10, 5),
    "Palestinian rights": (5, 20),
    "Jerusalem": (20, 5),
}
"""Brams & Togman 1996: points of Israel and of Egypt."""


def itex_cypress(reading: str = "raw") -> DealSpace:
    return DealSpace.from_points(
        ("Itex", "Cypress"),
        ITEX_CYPRESS,
        weights=ITEX_CYPRESS_WEIGHTS,
        no_agreement=ITEX_CYPRESS_NO_AGREEMENT,
        reading=reading,
    )


def thompson_space(reading: str = "raw") -> DealSpace:
    return DealSpace.from_points(
        ("employer", "employee"),
        THOMPSON,
        weights=THOMPSON_WEIGHTS,
        no_agreement=THOMPSON_NO_AGREEMENT,
        reading=reading,
    )


def port() -> DealSpace:
    return DealSpace.from_points(PORT_PARTIES, PORT_SCORES, no_agreement=PORT_LEAST)


def barter() -> DealSpace:
    """Nash 1950: Bill owns the first five things, Jack the rest; every thing can stay or go."""
    bill = {"book": 2, "whip": 2, "ball": 2, "bat": 2, "box": 4, "pen": 10, "toy": 4, "knife": 6, "hat": 2}
    jack = {"book": 4, "whip": 2, "ball": 1, "bat": 2, "box": 1, "pen": 1, "toy": 1, "knife": 2, "hat": 2}
    of_bill = ("book", "whip", "ball", "bat", "box")
    issues = {
        thing: {
            "stays": (0, 0),
            "goes": (-bill[thing], jack[thing]) if thing in of_bill else (bill[thing], -jack[thing]),
        }
        for thing in bill
    }
    return DealSpace.from_points(("Bill", "Jack"), issues)


# ---- second methods: the definitions, deal by deal ------------------------------------------------------------------


def all_deals(space: DealSpace) -> dict[tuple[int, ...], Point]:
    """Every possible deal and its value, added up by itself."""
    keys = product(*(range(len(issue.options)) for issue in space.issues))
    return {key: space.values_of(key) for key in keys if space.is_possible(key)}


def dominates(one: Point, other: Point) -> bool:
    return one != other and all(a >= b for a, b in zip(one, other, strict=True))


def brute_frontier(space: DealSpace) -> dict[Point, set[tuple[int, ...]]]:
    deals = all_deals(space)
    found: dict[Point, set[tuple[int, ...]]] = {}
    for key, point in deals.items():
        if not any(dominates(other, point) for other in deals.values()):
            found.setdefault(point, set()).add(key)
    return found


SMALL = st.integers(-3, 3)  # few values: many ties
FRACTIONS = st.fractions(-2, 2, max_denominator=4)
HUGE = st.integers(-(10**25), 10**25)  # beyond int64


@st.composite
def spaces(draw: st.DrawFn, *, parties: int | None = None, tied: bool = True) -> DealSpace:
    """Spaces of at most 81 deals, some with issues that interact and combinations that are impossible."""
    count = parties or draw(st.integers(2, 4))
    value = draw(st.sampled_from([SMALL, FRACTIONS, HUGE])) if tied else FRACTIONS
    point = st.tuples(*[value] * count)
    issues = []
    for k in range(draw(st.integers(1, 4))):
        options = tuple(f"o{j}" for j in range(draw(st.integers(1, 3))))
        weights = draw(st.one_of(st.just(()), st.tuples(*[st.integers(1, 3)] * count)))
        issues.append(Issue(f"i{k}", options, tuple(draw(point) for _ in options), weights))
    interactions = []
    impossible = []
    if len(issues) > 1 and draw(st.booleans()):
        some = draw(st.permutations(issues))[: draw(st.integers(2, len(issues)))]
        keys = draw(st.lists(st.tuples(*(st.sampled_from(one.options) for one in some)), min_size=1, max_size=4))
        interactions.append(Interaction(tuple(one.name for one in some), {key: draw(point) for key in keys}))
    if len(issues) > 1 and draw(st.booleans()):
        first, second = draw(st.permutations(issues))[:2]
        if len(first.options) * len(second.options) > 1:
            impossible.append(Exclusion({first.name: first.options[:1], second.name: second.options[:1]}))
    return DealSpace(
        tuple(f"p{i}" for i in range(count)),
        tuple(issues),
        tuple(interactions),
        impossible=tuple(impossible),
        no_agreement=draw(point),
        reading=Reading.RAW,
    )
