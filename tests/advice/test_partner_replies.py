"""What the other player does after each of our moves, against payoffs looked up by hand."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gamecore.advice.building import build_case
from gamecore.advice.partner import openings
from gamecore.advice.partner_facts import Reply
from gamecore.advice.partner_replies import narrowed, replies
from gamecore.equilibria.protocols import solved_game
from gamecore.games.tree import Node, NodeKind, Tree

from .small import read

OURS, THEIRS = ("a", "b", "c"), ("x", "y", "z")


def answered(text: str) -> dict[str, Reply]:
    """Ben's replies to Ann's moves."""
    game, numbers, solved = solved_game(read(text))
    case = build_case(game, numbers, solved, draws=1, seed=1)
    found, _ = replies(case, "ann", "ben")
    return {item.move: item for item in found}


def two_moves(table: dict[tuple[str, str], tuple[int, int]], *, seen: bool) -> str:
    """Ann chooses, then Ben, who sees it or not."""
    rows = "\n".join(
        f"      - {{when: {{mine: {a}, theirs: {b}}}, ann: {ann}, ben: {ben}}}" for (a, b), (ann, ben) in table.items()
    )
    return f"""
decisions:
  mine: {{by: ann, options: {{a: Do a, b: Do b, c: Do c}}}}
  theirs: {{by: ben, options: {{x: Do x, y: Do y, z: Do z}}}}
baseline: {{mine: a, theirs: x}}
timing: {{mine: 0, theirs: {"1 month" if seen else "0"}}}
payoffs:
  worth:
    rows:
{rows}
"""


payoff = st.integers(-3, 3)
tables = st.fixed_dictionaries({(a, b): st.tuples(payoff, payoff) for a in OURS for b in THEIRS})


@settings(max_examples=20, deadline=None)
@given(table=tables, seen=st.booleans())
def test_a_reply_is_the_best_there_is_whether_our_move_is_seen_or_not(
    table: dict[tuple[str, str], tuple[int, int]], seen: bool
) -> None:
    found = answered(two_moves(table, seen=seen))
    assert list(found) == [f"mine={a}" for a in OURS]
    for a in OURS:
        reply = found[f"mine={a}"]
        best = max(table[a, b][1] for b in THEIRS)
        assert reply.values["ben"] == best
        (choice,) = reply.does
        assert table[a, choice.choice] == (reply.values["ann"], best)
        # of replies that are as good, the one told is worst for nobody
        assert reply.values["ann"] == max(table[a, b][0] for b in THEIRS if table[a, b][1] == best)
        assert reply.accepted is None
        assert reply.settled == (len({table[a, b] for b in THEIRS if table[a, b][1] == best}) == 1)


@settings(max_examples=20, deadline=None)
@given(
    deals=st.lists(st.tuples(payoff, payoff), min_size=2, max_size=4),
    nothing=st.tuples(payoff, payoff),
    mode=st.sampled_from(["", "ann", "ben", "at_once", "both"]),
)
def test_an_offer_is_taken_exactly_if_it_is_worth_a_no_to_whoever_is_asked(
    deals: list[tuple[int, int]], nothing: tuple[int, int], mode: str
) -> None:
    rows = "\n".join(f"      - {{when: {{deal: o{n}}}, ann: {ann}, ben: {ben}}}" for n, (ann, ben) in enumerate(deals))
    rounds = {"both": "[ann, ben], rounds: 2, breakdown: 10%"}.get(mode, mode)
    found = answered(f"""
decisions:
  deal:
    by: [ann, ben]
    options: {{{", ".join(f"o{n}: Offer {n}" for n in range(len(deals)))}}}
    no_agreement: Nothing
baseline: {{deal: o0}}
timing: {{deal: {"{at: 0, proposes: " + rounds + "}" if mode else "0"}}}
payoffs:
  worth:
    rows:
{rows}
      - {{when: {{deal: no_agreement}}, ann: {nothing[0]}, ben: {nothing[1]}}}
""")
    for n, (ann, ben) in enumerate(deals):
        reply = found[f"deal=o{n}"]
        assert reply.accepted == float(ben >= nothing[1])  # also where Ann would rather have nothing
        assert reply.margin == ben - nothing[1]
        then = (ann, ben) if reply.accepted else nothing
        assert (reply.values["ann"], reply.values["ben"]) == then


@settings(max_examples=25, deadline=None)
@given(
    deals=st.lists(st.tuples(payoff, payoff, payoff), min_size=1, max_size=3),
    votes=st.integers(1, 3),
    veto=st.sets(st.sampled_from(["ann", "ben", "cy"]), max_size=2),
)
def test_an_offer_that_is_voted_on_passes_with_the_votes_of_those_who_do_not_lose(
    deals: list[tuple[int, int, int]], votes: int, veto: set[str]
) -> None:
    rows = "\n".join(
        f"      - {{when: {{deal: o{n}}}, ann: {a}, ben: {b}, cy: {c}}}" for n, (a, b, c) in enumerate(deals)
    )
    spare = ", spare: {label: Spare, parties: [ben, cy]}" if "ann" not in veto and votes < 3 else ""
    vetoes = f", veto: [{', '.join(sorted(veto))}]" if veto else ""
    found = answered(f"""
players: {{ann: {{name: Ann}}, ben: {{name: Ben}}, cy: {{name: Cy}}}}
decisions:
  deal:
    by: [ann, ben, cy]
    needs: {{votes: {max(votes, len(veto))}{vetoes}}}
    options: {{{", ".join(f"o{n}: Offer {n}" for n in range(len(deals)))}{spare}}}
    no_agreement: Nothing
baseline: {{deal: o0}}
timing: {{deal: 0}}
payoffs:
  worth:
    rows:
{rows}
      - {{when: otherwise, all: 0}}
""")
    assert "deal=spare" not in found  # Ann does not sign it, so it is not hers to offer
    for n, (_, ben, cy) in enumerate(deals):
        yes = {"ann"} | ({"ben"} if ben >= 0 else set()) | ({"cy"} if cy >= 0 else set())
        passes = len(yes) >= max(votes, len(veto)) and veto <= yes
        assert found[f"deal=o{n}"].accepted == float(passes)
        assert tuple(found[f"deal=o{n}"].values.values()) == (deals[n] if passes else (0, 0, 0))


def test_money_that_passes_with_the_partners_offer_is_in_its_values() -> None:
    """Ben needs Ann's yes and pays her what she would lose: 4 of his 10."""
    game, numbers, solved = solved_game(
        read("""
decisions:
  deal: {by: [ann, ben], payments: yes, options: {go: Go, stay: Stay}, no_agreement: Nothing}
baseline: {deal: stay}
timing: {deal: 0}
payoffs:
  worth:
    rows:
      - {when: {deal: go}, ann: -4, ben: 10}
      - {when: {deal: stay}, ann: 1, ben: 1}
      - {when: {deal: no_agreement}, all: 0}
""")
    )
    (opening,) = openings(build_case(game, numbers, solved, draws=1, seed=1), "ben")
    assert (opening.outcome, opening.paid, opening.values) == ("deal=go", True, {"ann": 0.0, "ben": 6.0})


def test_a_reply_foresees_what_we_do_later() -> None:
    """Ben would stop after `go` if Ann could not be trusted to share: her own last choice is foreseen."""
    found = answered("""
decisions:
  first: {by: ann, options: {go: Go, stay: Stay}}
  second: {by: ben, when: {first: go}, options: {trust: Trust, stop: Stop}}
  third: {by: ann, when: {second: trust}, options: {share: Share, keep: Keep}}
baseline: {first: stay}
timing: {first: 0, second: 1 month, third: 2 months}
payoffs:
  worth:
    rows:
      - {when: {first: stay}, ann: 1, ben: 1}
      - {when: {second: stop}, ann: 0, ben: 2}
      - {when: {third: share}, ann: 3, ben: 3}
      - {when: {third: keep}, ann: 4, ben: 0}
""")
    assert [(item.decision, item.choice) for item in found["first=go"].does] == [("second", "stop")]
    assert found["first=go"].values == {"ann": 0.0, "ben": 2.0}
    assert found["first=stay"].does == ()


def test_answers_after_news_are_told_with_the_news() -> None:
    """Ben buys only if the test is good; the offer comes before the test."""
    found = answered("""
decisions:
  price: {by: ann, options: {high: High, low: Low}}
  buy: {by: ben, options: {take: Take, leave: Leave}}
events:
  test: {label: The test, chances: {good: 60%, bad: 40%}}
baseline: {price: high, buy: take}
timing: {price: 0, test: 1 month, buy: 2 months}
payoffs:
  worth:
    rows:
      - {when: {buy: leave}, ann: 0, ben: 0}
      - {when: {buy: take, price: high, test: good}, ann: 5, ben: 2}
      - {when: {buy: take, price: high, test: bad}, ann: 5, ben: -1}
      - {when: {buy: take, price: low, test: good}, ann: 2, ben: 5}
      - {when: {buy: take, price: low, test: bad}, ann: 2, ben: 1}
""")
    told = {(item.choice, item.given, item.chance) for item in found["price=high"].does}
    assert told == {("take", (("test", "good"),), 0.6), ("leave", (("test", "bad"),), 0.4)}
    assert found["price=high"].values["ann"] == pytest.approx(3.0)
    assert found["price=low"].values["ben"] == pytest.approx(3.4)


def test_a_narrowed_tree_keeps_the_rest_in_prefix_order() -> None:
    end = [Node(NodeKind.END, end=number) for number in range(4)]
    move = Node(NodeKind.MOVE, (1, 4), player=0, information_set=0)
    below = Node(NodeKind.MOVE, (2, 3), player=1, information_set=1)
    other = Node(NodeKind.MOVE, (5, 6), player=1, information_set=2)
    tree = Tree(2, (move, below, end[0], end[1], other, end[2], end[3]))
    less = narrowed(tree, {0: (1,)})
    assert less.nodes == (0, 4, 5, 6)
    assert less.ends == (2, 3)
    assert less.tree.nodes[1].children == (2, 3)
    assert narrowed(tree, {}).tree == tree
