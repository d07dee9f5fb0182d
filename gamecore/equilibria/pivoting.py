"""Polytopes in dictionary form, exact: pivots in integers, optimal faces, all vertices.

A *dictionary* writes the basic variables of a polytope `{z >= 0, M z <= b}` (slacks are variables too) through the
others, the cobasic ones, which are 0 at the vertex it stands for:

    denominator * basic[r] + sum over c of rows[r][c] * cobasic[c] = rows[r][-1]

All entries are integers and every division in a pivot is exact (Edmonds 1967, Bareiss 1968). Where more constraints
meet in a vertex than it needs, the right-hand sides are thought of as raised by powers of an infinitely small number
(the lexicographic rule, Dantzig, Orden & Wolfe 1955): the raised polytope is simple, its vertices are the feasible
bases that are visited, and each vertex of the polytope is the limit of at least one of them (Avis 2000). So ties cost
no more than their absence, and nothing cycles.

>>> triangle = polytope([[1, 2], [3, 1]])
>>> sorted({tuple(map(str, point(found, 2))) for found in lexicographic_bases(triangle, Budget(10**6))})
[('0', '0'), ('0', '1/2'), ('1/3', '0'), ('1/5', '2/5')]
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

__all__ = [
    "Budget",
    "Dictionary",
    "leaving_row",
    "lexicographic_bases",
    "maximise",
    "optimal_face",
    "pivot",
    "point",
    "polytope",
]

WORD = 128
"""Bits of an entry up to which a multiplication costs about the same."""

REMEMBERED = 2_000_000
"""Entries of dictionaries kept along the way of a search: about 100 MB. Beyond, a step back is a pivot."""


class Budget:
    """The work a search may do, in entries of dictionaries computed (long integers count more), and a reason to stop.

    One is shared by all parts of a search; once exhausted it stays so.
    """

    def __init__(self, limit: int, should_stop: Callable[[], bool] | None = None) -> None:
        self.limit = limit
        self.spent = 0
        self.exhausted = False
        self.asked_to_stop = False
        self._should_stop = should_stop

    def allows(self, work: int) -> bool:
        """Spend `work` if there is enough left and nobody asks to stop."""
        if not self.exhausted:
            self.spent += work
            self.asked_to_stop = self._should_stop is not None and self._should_stop()
            self.exhausted = self.asked_to_stop or self.spent > self.limit
        return not self.exhausted


@dataclass(frozen=True, slots=True)
class Dictionary:
    """See the module. `rows` may hold further rows below those of the basic variables: objectives."""

    rows: list[list[int]]
    basic: tuple[int, ...]
    cobasic: tuple[int, ...]
    denominator: int = 1

    @property
    def work(self) -> int:
        """What the next pivot costs, in the units of `Budget`."""
        return len(self.rows) * (len(self.cobasic) + 1) * (1 + self.denominator.bit_length() // WORD)


def polytope(coefficients: Sequence[Sequence[int]]) -> Dictionary:
    """`{z >= 0, M z <= 1}` at the vertex 0: variables are numbered first, then the slacks of the rows of `M`."""
    width = len(coefficients[0])
    return Dictionary(
        rows=[[*row, 1] for row in coefficients],
        basic=tuple(range(width, width + len(coefficients))),
        cobasic=tuple(range(width)),
    )


def point(dictionary: Dictionary, count: int) -> tuple[Fraction, ...]:
    """The first `count` variables at the vertex."""
    values = [Fraction(0)] * count
    for row, variable in zip(dictionary.rows, dictionary.basic, strict=False):
        if variable < count:
            values[variable] = Fraction(row[-1], dictionary.denominator)
    return tuple(values)


def pivot(dictionary: Dictionary, leaving: int, entering: int) -> Dictionary:
    """The dictionary in which row `leaving` and column `entering` have changed places; their entry must be positive."""
    last, lead = dictionary.denominator, dictionary.rows[leaving]
    head = lead[entering]
    rows = []
    for row in dictionary.rows:
        factor = row[entering]
        if row is lead:
            changed = row.copy()
            changed[entering] = last
        elif factor:
            changed = [(head * value - factor * other) // last for value, other in zip(row, lead, strict=True)]
            changed[entering] = -factor
        elif head == last:
            changed = row
        else:
            changed = [head * value // last for value in row]
        rows.append(changed)
    basic, cobasic = list(dictionary.basic), list(dictionary.cobasic)
    basic[leaving], cobasic[entering] = cobasic[entering], basic[leaving]
    return Dictionary(rows, tuple(basic), tuple(cobasic), head)


def leaving_row(dictionary: Dictionary, entering: int, raised: Sequence[int]) -> int | None:
    """The row that first reaches 0 when the column grows; None if none does.

    Ties are broken as if the right-hand sides of the variables `raised`, the basis the search began with, were
    larger by `e > e^2 > e^3 ...`.
    """
    rows = dictionary.rows
    tied: list[int] = []
    side, head = 0, 0
    for place in range(len(dictionary.basic)):
        row = rows[place]
        entry = row[entering]
        if entry > 0:
            if not tied:
                tied, side, head = [place], row[-1], entry
                continue
            mine, best = row[-1] * head, side * entry
            if mine < best:
                tied, side, head = [place], row[-1], entry
            elif mine == best:
                tied.append(place)
    if len(tied) > 1:
        return _lexicographic_least(dictionary, entering, tied, raised)
    return tied[0] if tied else None


def _lexicographic_least(dictionary: Dictionary, entering: int, tied: list[int], raised: Sequence[int]) -> int:
    """Of rows with equal ratios the one whose raised right-hand side has the least ratio."""
    rows, places = dictionary.rows, {variable: place for place, variable in enumerate(dictionary.basic)}
    columns = {variable: place for place, variable in enumerate(dictionary.cobasic)}
    left: dict[int, None] = dict.fromkeys(tied)
    for variable in raised:
        if len(left) == 1:
            break
        home = places.get(variable)
        if home is not None:
            left.pop(home, None)  # its own right-hand side is raised, the others' are not
            continue
        column = columns.get(variable)
        if column is None or column == entering:
            continue
        least: list[int] = []
        for place in left:
            difference = 0
            if least:
                best = rows[least[0]]
                difference = rows[place][column] * best[entering] - best[column] * rows[place][entering]
            if difference < 0:
                least = [place]
            elif difference == 0:
                least.append(place)
        left = dict.fromkeys(least)
    return min(left)


@dataclass(slots=True)
class _Visit:
    """A basis on the way: its dictionary (None: to be found again by pivoting back) and the pivot that led to it.

    `moves` are the rows and columns of the pivots left to try, with the basis each leads to.
    """

    origin: Dictionary | None
    row: int
    column: int
    moves: list[tuple[int, int, int]]

    def next_move(self, seen: set[int]) -> tuple[int, int, int] | None:
        """A move to a basis that was not seen yet."""
        while self.moves:
            move = self.moves.pop()
            if move[2] not in seen:
                return move
        return None


def lexicographic_bases(start: Dictionary, budget: Budget) -> Iterator[Dictionary]:
    """Every basis that is feasible in the raised polytope, from a feasible one; each vertex at least once.

    Depth first, one pivot a basis, and one more on the way back where the way was too long to be remembered. Ends
    early if the budget is exhausted, which the caller asks the budget.
    """
    raised = start.basic
    current, mask = start, sum(1 << variable for variable in raised)
    seen = {mask}
    visit = _Visit(start, -1, -1, _moves(start, mask, raised, seen))
    trail: list[_Visit] = []
    yield start
    while True:
        move = visit.next_move(seen)
        if move is not None:
            if not budget.allows(current.work):
                return
            row, column, mask = move
            seen.add(mask)
            if len(trail) * current.work > REMEMBERED:
                visit.origin = None
            trail.append(visit)
            current = pivot(current, row, column)
            visit = _Visit(current, row, column, _moves(current, mask, raised, seen))
            yield current
        elif trail:
            back = trail.pop()
            if back.origin is None:
                if not budget.allows(current.work):
                    return
                back.origin = pivot(current, visit.row, visit.column)
            current, visit = back.origin, back
        else:
            return


def _moves(current: Dictionary, mask: int, raised: Sequence[int], seen: set[int]) -> list[tuple[int, int, int]]:
    """Row, column and basis of each pivot to a feasible basis that was not seen yet."""
    moves = []
    for column, variable in enumerate(current.cobasic):
        row = leaving_row(current, column, raised)
        if row is not None:
            neighbour = mask ^ (1 << current.basic[row]) ^ (1 << variable)
            if neighbour not in seen:
                moves.append((row, column, neighbour))
    return moves


def maximise(start: Dictionary, objective: Sequence[int], budget: Budget) -> Dictionary | None:
    """The dictionary of a vertex at which `objective` (one coefficient per column of `start`) is largest.

    Its last row is the objective: no entry is negative, and the largest value is the last entry over the denominator.
    None if the budget is exhausted first. The polytope must be bounded and `start` feasible.
    """
    raised = start.basic
    costs = [-coefficient * start.denominator for coefficient in objective]
    current = Dictionary([*start.rows, [*costs, 0]], start.basic, start.cobasic, start.denominator)
    while (lowest := min(costs, default=0)) < 0:
        column = costs.index(lowest)
        row = leaving_row(current, column, raised)
        if row is None or not budget.allows(current.work):
            return None
        current = pivot(current, row, column)
        costs = current.rows[-1][:-1]
    return current


def optimal_face(optimum: Dictionary) -> Dictionary:
    """The face of optimal points as a polytope of its own: columns that cost something are fixed to 0 and left out."""
    free = [column for column, cost in enumerate(optimum.rows[-1][:-1]) if not cost]
    return Dictionary(
        rows=[[*(row[column] for column in free), row[-1]] for row in optimum.rows[:-1]],
        basic=optimum.basic,
        cobasic=tuple(optimum.cobasic[column] for column in free),
        denominator=optimum.denominator,
    )
