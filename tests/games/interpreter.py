"""What a sketch means: every way things can go, in order of time, by plain enumeration. Knows nothing of trees.

`run` plays a sketch with a *policy*: a function of a question, what the one who is asked knows, and the answers that
can be given. Each player's expected payoff is summed over all events by that player's own beliefs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from itertools import product

from tests.games.sketches import Choice, Clauses, Happening, PayoffRow, Sketch, Value, knows

History = dict[str, str]
Known = frozenset[tuple[str, str]]
Policy = Callable[[tuple[str, ...], Known, tuple[str, ...]], str]

FAILED = "!failed"
OFFERED = "!offered"


def fits(clauses: Clauses | None, history: History) -> bool:
    return clauses is None or any(
        all(name in history and history[name] in values for name, values in clause.items()) for clause in clauses
    )


def in_order(sketch: Sketch) -> list[Choice | Happening]:
    """By date, events first; what is hidden as soon as all it rests on is there."""
    waiting = list(sketch.items)
    done: list[Choice | Happening] = []

    def ready(item: Choice | Happening) -> bool:
        there = {other.name for other in done}
        return all(name in there for name in _rests_on(item))

    while waiting:
        free = [item for item in waiting if ready(item)]
        item = min(free, key=lambda one: (-1 if one.at is None else one.at, isinstance(one, Choice)))
        waiting.remove(item)
        done.append(item)
    return done


def _rests_on(item: Choice | Happening) -> set[str]:
    clauses = list(item.when or [])
    if isinstance(item, Choice):
        clauses += [clause for when in item.options.values() for clause in when or []]
    else:
        clauses += [clause for when, _ in item.rows for clause in when or []]
    names = {name for clause in clauses for name in clause}
    if isinstance(item, Happening) and item.signal_of:
        names.add(item.signal_of)
    return names


def known(sketch: Sketch, player: str, decision: Choice, history: History) -> Known:
    """What a player knows of a history when taking a decision."""
    found = set()
    for name, value in history.items():
        plain = name.removesuffix(FAILED).removesuffix(OFFERED)
        owner = next((item for item in sketch.choices if plain in item.terms), None) or sketch.item(plain)
        if owner is not decision and knows(player, owner, decision):
            found.add((name, value))
    return frozenset(found)


def deals(sketch: Sketch, item: Choice, history: History) -> dict[str, History]:
    """What can be chosen: a name for it, and what it sets."""
    if item.terms:
        found = {}
        for levels in product(*item.terms.values()):
            chosen = {name: str(level) for name, level in zip(item.terms, levels, strict=True)}
            found[",".join(f"{name}={level}" for name, level in chosen.items())] = {item.name: "agreed", **chosen}
    else:
        found = {name: {item.name: name} for name, when in item.options.items() if fits(when, history)}
    return {
        name: sets
        for name, sets in found.items()
        if not any(fits([rule], {**history, **sets}) for rule in sketch.impossible)
    }


def failed(item: Choice) -> History:
    return {item.name: item.means or "no_agreement", item.name + FAILED: "yes"}


# ---- chances and payoffs --------------------------------------------------------------------------------------------


def chances(sketch: Sketch, event: Happening, believer: str | None, history: History) -> list[Fraction]:
    if believer in event.beliefs:
        return [Fraction(chance, 100) for chance in event.beliefs[believer]]
    if event.signal_of:
        right = Fraction(event.right, 100)
        wrong = (1 - right) / (len(event.outcomes) - 1)
        return [right if history[event.signal_of] == outcome else wrong for outcome in event.outcomes]
    row = next((row for when, row in event.rows if when is not None and fits(when, history)), None)
    if row is None:
        row = next(row for when, row in event.rows if when is None)
    return [Fraction(chance, 100) for chance in row]


def happens(event: Happening, history: History) -> bool:
    return fits(event.when, history) and (event.signal_of is None or event.signal_of in history)


def worth(sketch: Sketch, player: str, history: History) -> Fraction:
    """The sum of the lines, discounted at the player's own rate."""
    total = Fraction(0)
    for line in sketch.lines:
        if not line.single and not fits(line.when, history):
            continue
        row: PayoffRow | None
        if line.single:
            row = line.rows[0] if fits(line.rows[0].when, history) else None
        else:
            row = next((row for row in line.rows if row.when is not None and fits(row.when, history)), line.rows[-1])
        if row is None:
            continue
        at = row.at if row.at is not None else line.at
        years = sketch.item(at).at if isinstance(at, str) else at
        amount = _number(sketch, row.values[player], history)
        total += amount / (1 + Fraction(sketch.players[player], 100)) ** (years or 0)
    return total


def _number(sketch: Sketch, value: Value, history: History) -> Fraction:
    if not value.name:
        return Fraction(value.number)
    said = sketch.inputs.get(value.name)
    if said is None:
        return Fraction(value.number * int(history[value.name]))
    if isinstance(said, int):
        return Fraction(value.number * said)
    clauses, yes, no = said
    return Fraction(value.number * (yes if fits(clauses, history) else no))


# ---- playing --------------------------------------------------------------------------------------------------------


def decide(sketch: Sketch, item: Choice, history: History, policy: Policy, *, laid_out: bool) -> History:
    """What a decision sets when the policy takes it."""
    found = deals(sketch, item, history)
    if not item.joint:
        return found[policy((item.name, "move"), known(sketch, item.by[0], item, history), tuple(found))]
    if not laid_out:
        everyone = known(sketch, item.by[0], item, history)
        answer = policy((item.name, "settle"), everyone, (*found, "no_agreement"))
        return failed(item) if answer == "no_agreement" else found[answer]
    if item.proposes == "at_once":
        named = {
            policy((item.name, "name", player), known(sketch, player, item, history), tuple(found))
            for player in item.by
        }
        return found[named.pop()] if len(named) == 1 else failed(item)
    first = item.by[0] if item.proposes == "each" else item.proposes
    offer = policy((item.name, "offer"), known(sketch, first, item, history), (*found, "no_agreement"))
    if offer == "no_agreement":
        return failed(item)
    for player in item.by:
        seen = known(sketch, player, item, history)
        if player != first and policy((item.name, "answer", player, offer), seen, ("yes", "no")) == "no":
            return {**failed(item), item.name + OFFERED: f"{offer}, {player} refuses"}
    return {**found[offer], item.name + OFFERED: offer}


def run(sketch: Sketch, policy: Policy, *, laid_out: frozenset[str] = frozenset()) -> dict[str, Fraction]:
    """Each player's expected payoff; agreements named in `laid_out` are played as offers and answers."""
    order = in_order(sketch)
    totals = dict.fromkeys(sketch.players, Fraction(0))

    def walk(place: int, history: History, weights: dict[str, Fraction]) -> None:
        if place == len(order):
            for player, weight in weights.items():
                totals[player] += weight * worth(sketch, player, history)
            return
        item = order[place]
        if isinstance(item, Choice):
            if fits(item.when, history):
                sets = decide(sketch, item, history, policy, laid_out=item.name in laid_out)
                history = {**history, **sets}
            walk(place + 1, history, weights)
        elif not happens(item, history):
            walk(place + 1, history, weights)
        else:
            seen = {player: chances(sketch, item, player, history) for player in weights}
            for number, outcome in enumerate(item.outcomes):
                onward = {player: weight * seen[player][number] for player, weight in weights.items()}
                walk(place + 1, {**history, item.name: outcome}, onward)

    walk(0, {}, dict.fromkeys(sketch.players, Fraction(1)))
    return totals


def all_knowledge(sketch: Sketch) -> Iterator[tuple[str, Known, History]]:
    """Every move of one player in every history: its name, what its mover knows, and what has happened."""
    order = in_order(sketch)

    def walk(place: int, history: History) -> Iterator[tuple[str, Known, History]]:
        if place == len(order):
            return
        item = order[place]
        if isinstance(item, Choice):
            if not fits(item.when, history):
                yield from walk(place + 1, history)
                return
            if not item.joint:
                yield item.name, known(sketch, item.by[0], item, history), history
            ways = [*deals(sketch, item, history).values(), *([failed(item)] if item.joint else [])]
            for sets in ways:
                yield from walk(place + 1, {**history, **sets})
        elif not happens(item, history):
            yield from walk(place + 1, history)
        else:
            for outcome in item.outcomes:
                yield from walk(place + 1, {**history, item.name: outcome})

    return walk(0, {})
