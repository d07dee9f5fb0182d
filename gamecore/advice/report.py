"""Equilibria, the naming game, what becomes known and the tree, in labels.

Every equilibrium reported here has passed `certify_play` or the certificate of its strategic form; what does not pass
is left out and told.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Final

from gamecore.advice.analysis import (
    Certificate,
    Equilibrium,
    KnownFact,
    NamingGame,
    TreePicture,
    TreePictureNode,
)
from gamecore.advice.assess import Case, dated
from gamecore.advice.plans import Plan
from gamecore.equilibria.agreement import MOST_WAYS_TO_NAME, naming_game
from gamecore.equilibria.dominance import weakly_dominated
from gamecore.equilibria.following import best_play, follow, policy_of
from gamecore.equilibria.play import Play, Round, Settlement
from gamecore.equilibria.protocols import Solved
from gamecore.equilibria.pure import pure_equilibria
from gamecore.equilibria.result import Certificate as Ledger
from gamecore.equilibria.tree_certificate import certify_play
from gamecore.equilibria.two_player import two_player_equilibria
from gamecore.games.agreement import Bargaining
from gamecore.games.translate import Game
from gamecore.games.tree import NodeKind
from gamecore.robustness.frequencies import compatible_ends
from gamecore.scenario.confidential import confidential_names

__all__ = ["choices_of", "known_facts", "naming_report", "subgame_perfect_report", "tree_picture", "where_of"]

MOST_NAMED: Final = 12  # options of a naming game reported cell by cell
MOST_REPORTED: Final = 200  # equilibria listed per protocol


def in_short(ledger: Ledger) -> Certificate:
    """A certificate's summary."""
    gain = ledger.max_gain
    return Certificate(len(ledger.deviations), str(gain), float(gain))


# ---- subgame-perfect equilibria ------------------------------------------------------------------------------------


def subgame_perfect_report(case: Case) -> tuple[tuple[Equilibrium, ...], int]:
    """Every certified subgame-perfect equilibrium of every protocol, and how many failed their certificate."""
    found: list[Equilibrium] = []
    failed = 0
    for solved in case.solved:
        for play in solved.perfect.plays[0][:MOST_REPORTED]:
            ledger = certify_play(case.game.tree, case.numbers.payoffs, play, solved.bargaining)
            if ledger.holds:
                found.append(_equilibrium(case, solved, play, ledger))
            else:
                failed += 1
    return tuple(found), failed


def _equilibrium(case: Case, solved: Solved, play: Play, ledger: Ledger) -> Equilibrium:
    game = case.game
    reached = set(follow(game.tree, policy_of(game.tree, play, solved.bargaining)))
    plans = [*case.plans, *([case.disagreement] if case.disagreement is not None else [])]
    fitting = (plan for plan in plans if reached <= compatible_ends(game.tree, plan.forced))
    outcome = next(("no_agreement" if plan.fails else plan.key for plan in fitting), None)
    strategies: dict[str, list[tuple[str, str]]] = {player: [] for player in game.players}
    for who, where, what in choices_of(game, play):
        strategies[who].append((where, what))
    values = case.numbers.equivalents(play.values)
    return Equilibrium(
        protocol=solved.talks.name,
        method="set-valued backward induction",
        pure=play.pure,
        subgame_perfect=True,
        outcome=outcome,
        payoffs=tuple(float(value) for value in values),
        payoffs_exact=tuple(str(value) for value in values),
        strategies={player: tuple(dict.fromkeys(choices)) for player, choices in strategies.items()},
        certificate=in_short(ledger),
    )


def choices_of(game: Game, play: Play) -> Iterator[tuple[str, str, str]]:
    """(player, where, what) for every choice of a play, reached or not."""
    seen: set[int] = set()
    queue = [play]
    while queue:
        item = queue.pop(0)
        if item.node in seen:
            continue
        seen.add(item.node)
        yield from _moves(game, item)
        if item.settlement is not None:
            yield from _settling(game, item.node, item.settlement)
            queue.extend(item.settlement.options)
            for turn in item.settlement.rounds:
                queue.extend(response.agreed for response in turn.responses)
            queue.append(item.settlement.none)
        queue.extend(item.below.values())


def _moves(game: Game, item: Play) -> Iterator[tuple[str, str, str]]:
    for key, mix in item.actions.items():
        node = game.tree.information_sets[key][0]
        labels = [action.name for action in game.actions[node]]
        player = game.players[game.tree.nodes[node].player]
        if max(mix) == 1:
            what = labels[mix.index(Fraction(1))]
        else:
            what = ", ".join(f"{label}: {chance}" for label, chance in zip(labels, mix, strict=True) if chance)
        yield player, where_of(game, node), what


def where_of(game: Game, node: int) -> str:
    """A decision with what its mover knows."""
    known = game.knowledge[game.tree.nodes[node].information_set] if game.tree.nodes[node].kind is NodeKind.MOVE else ()
    given = ", ".join(f"{name}: {value}" for name, value in known if not name.endswith("!failed"))
    return f"{game.names[node]} | {given}" if given else str(game.names[node])


def _settling(game: Game, node: int, settlement: Settlement) -> Iterator[tuple[str, str, str]]:
    labels = [action.name for action in game.actions[node]]
    where = str(game.names[node])
    by = game.tree.nodes[node].by
    for player, name in zip(by, settlement.named, strict=False):
        yield game.players[player], where, f"names {labels[name]}"
    for player, mix in zip(by, settlement.mixes, strict=False):
        chances = ", ".join(f"{label}: {chance}" for label, chance in zip(labels, mix, strict=False) if chance)
        yield game.players[player], where, f"names {chances}"
    for number, turn in enumerate(settlement.rounds):
        place = where if len(settlement.rounds) == 1 else f"{where}, round {number + 1}"
        offer = "offers nothing" if turn.offer is None else f"offers {labels[turn.offer]}"
        yield game.players[turn.proposer], place, offer
        for player in by:
            if player != turn.proposer:
                options = (
                    option for option in range(len(turn.responses)) if _says_yes(game, node, turn, option, player)
                )
                taken = ", ".join(labels[option] for option in options)
                yield game.players[player], place, f"accepts {taken or 'nothing'}"


def _says_yes(game: Game, node: int, turn: Round, option: int, player: int) -> bool:
    """Whether a player says yes to an option; one that passes against its vote it does not accept."""
    response, quorums = turn.responses[option], game.tree.nodes[node].quorums
    if not response.accepted or not quorums:
        return response.accepted
    quorum = quorums[option]
    paid = game.scenario.decisions[game.name_of(node)].payments
    if quorum.votes == len(quorum.signers) or paid or response.refused is None:
        return player in quorum.signers
    return player in quorum.signers and response.agreed.values[player] >= response.refused.values[player]


# ---- naming at once ------------------------------------------------------------------------------------------------


def naming_report(case: Case) -> NamingGame | None:
    """The first agreement played by naming at once; None if there is none, if it comes after news (then it is another
    game for every piece of it), or if there are too many options or ways to name them.
    """
    game, tree = case.game, case.game.tree
    if case.disagreement is None or not case.disagreement.path or tree.nodes[0].kind is NodeKind.CHANCE:
        return None
    node, _ = case.disagreement.path[-1]
    item = tree.nodes[node]
    if item.kind is not NodeKind.AGREEMENT or len(item.children) - 1 > MOST_NAMED or len(item.children) < 2:
        return None
    if game.scenario.decisions[game.name_of(node)].payments:
        return None  # who only names an option offers no money
    if (len(item.children) - 1) ** len(item.by) > MOST_WAYS_TO_NAME:
        return None
    *options, none = item.children
    plays = case.solved[0].perfect.plays
    reach = _reach(case, node)
    agreed = [_per_head(_best_values(plays[child]), reach) for child in options]
    quiet = _per_head(_best_values(plays[none]), reach)
    rules = Bargaining(item.by, quorums=item.quorums)
    form = naming_game(agreed, quiet, rules)
    solution = pure_equilibria(form)
    dominated = weakly_dominated(form)
    deadlocks = tuple(found.profile for found in solution.equilibria if rules.settled_by(found.profile) is None)
    mixed = 0
    if not solution.equilibria and form.players == 2 and len(options) <= 6:
        mixed = sum(not found.pure for found in two_player_equilibria(form).equilibria)
    actions = game.actions[node][: len(options)]
    return NamingGame(
        decision=str(game.names[node]),
        by=tuple(game.players[player] for player in item.by),
        options=tuple(action.name for action in actions),
        labels=tuple(action.label for action in actions),
        agreement_payoffs=tuple(tuple(map(float, case.numbers.equivalents(values))) for values in agreed),
        disagreement_payoffs=tuple(map(float, case.numbers.equivalents(quiet))),
        equilibria=tuple(found.profile for found in solution.equilibria),
        deadlocks=deadlocks,
        undominated_deadlocks=tuple(
            profile
            for profile in deadlocks
            if not any(option in dominated[seat] for seat, option in enumerate(profile))
        ),
        certificates=tuple(in_short(found.certificate) for found in solution.equilibria),
        mixed=mixed,
        status=solution.status.value,
    )


def _best_values(plays: tuple[Play, ...]) -> tuple[Fraction, ...]:
    return best_play(plays).values


def _reach(case: Case, node: int) -> tuple[Fraction, ...]:
    """The chance of getting to a node if everybody goes there, in each player's own view."""
    tree = case.game.tree
    while tree.nodes[node].kind is not NodeKind.END:
        kind = tree.nodes[node].kind
        if kind is NodeKind.CHANCE:
            parts = [_reach(case, child) for child in tree.nodes[node].children]
            return tuple(sum(column, Fraction(0)) for column in zip(*parts, strict=True))
        node = tree.nodes[node].children[0]
    return tuple(case.numbers.reach[:, tree.nodes[node].end])


def _per_head(values: tuple[Fraction, ...], reach: tuple[Fraction, ...]) -> tuple[Fraction, ...]:
    """Values given that the node is reached."""
    return tuple(value / weight if weight else Fraction(0) for value, weight in zip(values, reach, strict=False))


# ---- what becomes known --------------------------------------------------------------------------------------------


def known_facts(case: Case, plan: Plan | None) -> tuple[KnownFact, ...]:
    """The events that inform somebody under a plan (or under play as usual), with their chances at base values."""
    game, tree = case.game, case.game.tree
    forced = plan.forced if plan is not None else {}
    weights = follow(tree, case.policy, forced)
    secret = confidential_names(game.scenario)
    chances: dict[str, dict[str, Fraction]] = {}
    for number, node in enumerate(tree.nodes):
        if node.kind is not NodeKind.CHANCE:
            continue
        for child, action in zip(node.children, game.actions[number], strict=True):
            mass = sum(
                (weights[e] * case.numbers.reach[-1, e] for e in tree.ends_below(child) if e in weights), Fraction(0)
            )
            if mass:
                row = chances.setdefault(str(game.names[number]), {})
                row[action.name] = row.get(action.name, Fraction(0)) + mass
    facts = []
    for name, row in chances.items():
        event = game.scenario.events[name]
        moment = game.scenario.timing.moments[name]
        at, day = dated(game, name)
        total = sum(row.values())
        facts.append(
            KnownFact(
                event=name,
                label=event.label,
                at=at,
                date=day,
                seen_by=tuple(moment.seen_by) if moment.seen_by is not None else (),
                outcomes=tuple(
                    (outcome, label, float(row[outcome] / total)) for outcome, label in event.outcomes if outcome in row
                ),
                reaches=case.chance_traces,
                confidential=f"events.{name}" in secret,
            )
        )
    return tuple(sorted(facts, key=lambda fact: fact.at if fact.at is not None else float("inf")))


# ---- the tree ------------------------------------------------------------------------------------------------------


def tree_picture(case: Case, plan: Plan | None) -> TreePicture:
    """The game tree with what each node is worth as it will be played; the expected path follows the plan."""
    game, tree = case.game, case.game.tree
    forced = plan.forced if plan is not None else {}
    expected = set(follow(tree, case.policy, forced))
    places = _places(game)
    order = sorted({place for place in places if place is not None})
    columns: list[tuple[float | None, str | None]] = []
    for place in order:
        node = places.index(place)
        columns.append(dated(game, game.name_of(node)))
    nodes = tuple(
        _picture_node(case, number, expected, len(order) if place is None else order.index(place))
        for number, place in enumerate(places)
    )
    return TreePicture(nodes, tuple(columns))


Place = tuple[Fraction, int, int, int]


def _places(game: Game) -> list[Place | None]:
    """Where each node stands in time: by date, chance before decisions, one place a name; later than its parent.

    An event nobody uses before a decision is laid out after that decision, whatever its date; an agreement laid out as
    offer and answers takes a place for each. Ends have no place.
    """
    names = list(game.times)
    places: list[Place | None] = []
    for number, node in enumerate(game.tree.nodes):
        if node.kind is NodeKind.END:
            places.append(None)
            continue
        name, parent = game.name_of(number), game.tree.parents[number]
        above = places[parent] if parent >= 0 else None
        own = game.times[name]
        place: Place = (
            Fraction(0) if own is None else own,
            int(node.kind is not NodeKind.CHANCE),
            names.index(name),
            0,
        )
        if above is not None and place <= above:
            again = above[3] + 1 if game.names[parent] == name else 0
            place = (above[0], max(above[1], 2) if place[2] != above[2] else above[1], place[2], again)
        places.append(place)
    return places


def _picture_node(case: Case, number: int, expected: set[int], column: int) -> TreePictureNode:
    game, tree = case.game, case.game.tree
    node, name = tree.nodes[number], game.names[number]
    reach = _reach(case, number)
    ends = follow(tree, case.policy, start=number)
    totals = [
        sum((weight * case.numbers.payoffs[player, end] for end, weight in ends.items()), Fraction(0))
        for player in range(tree.players)
    ]
    values = tuple(map(float, case.numbers.equivalents(_per_head(tuple(totals), reach))))
    branches = []
    for child, action in zip(node.children, game.actions[number], strict=True):
        chance = None
        if node.kind is NodeKind.CHANCE and reach[-1]:
            chance = float(_reach(case, child)[-1] / reach[-1])
        on_path = any(end in expected for end in tree.ends_below(child))
        branches.append((action.label, child, chance, on_path))
    kinds: Mapping[NodeKind, str] = {
        NodeKind.END: "end",
        NodeKind.CHANCE: "chance",
        NodeKind.MOVE: "move",
        NodeKind.AGREEMENT: "agreement",
    }
    return TreePictureNode(
        kind=kinds[node.kind],
        name=name,
        label=_label(game, name),
        by=_deciders(game, number),
        column=column,
        values=values,
        branches=tuple(branches),
        hidden_states=_hidden_states(game, number),
        information_set=node.information_set if node.kind is NodeKind.MOVE else None,
    )


def _label(game: Game, name: str | None) -> str | None:
    if name is None:
        return None
    decision = game.scenario.decisions.get(name)
    return decision.label if decision is not None else game.scenario.events[name].label


def _deciders(game: Game, number: int) -> tuple[str, ...]:
    node = game.tree.nodes[number]
    if node.kind is NodeKind.MOVE:
        return (game.players[node.player],)
    return tuple(game.players[player] for player in node.by)


def _hidden_states(game: Game, number: int) -> int:
    """How many states of the hidden events the mover at a node cannot tell apart."""
    if game.tree.nodes[number].kind is not NodeKind.MOVE:
        return 1
    visible = set(game.histories[number])
    end = next(iter(game.tree.ends_below(number)))
    before = {name for name, at in game.times.items() if at is None and name not in visible}
    return len({tuple(case.assignment.get(name) for name in sorted(before)) for case in game.cases[end]}) or 1
