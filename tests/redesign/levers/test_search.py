"""Every change is solved again: a game of options solved by hand agrees with the search, payments over all amounts too.

The oracle knows one kind of game, two sides that agree on an option or do not, and solves it from the definition: who
proposes picks the best for itself of what the other takes at least as gladly as no agreement.
"""

from __future__ import annotations

import random
from fractions import Fraction
from itertools import pairwise

import pytest

from gamecore.model import Scenario
from gamecore.redesign.levers.amounts import pieces, slope_of
from gamecore.redesign.levers.derived import every_step
from gamecore.redesign.levers.ranking import Drawing, accepted, gains_of, proposals, size_of
from gamecore.redesign.levers.search import Budget, Found, Tried, search
from gamecore.redesign.levers.standing import Yardstick, standing_of
from gamecore.redesign.levers.steps import Step, changed
from gamecore.redesign.levers.worths import shared_worth
from gamecore.scenario import apply_levers, read_scenario
from tests.advice.small import read

Point = tuple[Fraction, Fraction]
Menu = dict[str, Point]
OPTIONS = ("a", "b", "c", "d")
AGREEMENT = """
decisions:
  plan: {{by: [ann, ben], options: {{a: Option a, b: Option b, c: Option c, d: {{label: Option d, available: {d}}}}},
          no_agreement: Nothing}}
baseline: {{plan: a}}
timing: {{plan: 0}}
payoffs:
  v:
    rows:
      {rows}
"""


def random_menu(seed: int) -> Menu:
    """Values to Ann and Ben, no two alike: ties are another matter."""
    rng = random.Random(seed)
    numbers = rng.sample(range(-40, 60), 10)
    return {name: (Fraction(numbers[i]), Fraction(numbers[5 + i])) for i, name in enumerate((*OPTIONS, "no_agreement"))}


def written(menu: Menu, *, fourth: bool) -> Scenario:
    rows = "\n      ".join(f"- {{when: {{plan: {name}}}, ann: {ann}, ben: {ben}}}" for name, (ann, ben) in menu.items())
    return read(AGREEMENT.format(d="yes" if fourth else "no", rows=rows))


def by_hand(options: Menu, disagreement: Point, proposer: int) -> Point:
    """What one round of an offer and an answer leads to."""
    other = 1 - proposer
    taken = [point for point in options.values() if point[other] >= disagreement[other]]
    best = max(taken, key=lambda point: point[proposer], default=disagreement)
    return best if best[proposer] > disagreement[proposer] else disagreement


def expected(menu: Menu, step: Step, *, fourth: bool) -> list[Point] | None:
    """What a change leads to under each protocol, by hand; None for changes the oracle does not know."""
    options = {name: menu[name] for name in OPTIONS if name != "d" or fourth}
    point, proposers = menu["no_agreement"], [0, 1]
    if step.lever.startswith("drop_plan_"):
        del options[step.lever[-1]]
    elif step.lever == "offer_d":
        options["d"] = menu["d"]
    elif step.lever.startswith("without_plan_"):
        point = options[step.lever[-1]]
    elif step.lever.endswith("_proposes_plan"):
        proposers = [("ann", "ben").index(step.after)]
    elif step.final_say is not None:
        place = ("ann", "ben").index(step.final_say[1])
        return [max(options.values(), key=lambda value: value[place])]
    elif step.kind != "date":
        return None
    return [by_hand(options, point, proposer) for proposer in proposers]


@pytest.mark.parametrize("seed", range(6))
def test_every_single_change_comes_to_what_the_game_by_hand_comes_to(seed: int) -> None:
    menu, fourth = random_menu(seed), seed % 2 == 0
    found = search(written(menu, fourth=fourth), Budget(pairs=0))
    known = 0
    for item in found.singles:
        wanted = expected(menu, item.steps[0], fourth=fourth)
        if wanted is None or item.interval is not None:
            continue
        known += 1
        got = [sorted(happens.values for happens in plays) for plays in item.standing.outcomes.values()]
        assert sorted(got) == sorted([value] for value in wanted), item.steps[0].lever
        assert item.standing.settled == (len(set(wanted)) == 1)
        assert item.standing.counts.values[0] == min(value[0] for value in wanted)  # Ann is advised
    assert known >= 10


@pytest.mark.parametrize("seed", range(4))
def test_a_payment_brings_about_at_every_amount_what_the_game_by_hand_says(seed: int) -> None:
    menu = random_menu(seed)
    scenario = written(menu, fourth=True)
    extended, steps = every_step(scenario)
    worth = shared_worth(extended)
    base = standing_of(extended, worth=worth)
    for step in (step for step in steps if step.kind == "payment"):
        payment = extended.levers[step.lever].payments[0]
        option = step.lever[-1]
        slope = slope_of(base, worth, payment.giver, payment.receiver, payment.condition)
        cut = pieces(base, slope, Fraction(0), Fraction(50), Yardstick(0, menu["no_agreement"]))
        assert cut[0].low == 0
        assert cut[-1].high == 50
        assert all(one.high == other.low for one, other in pairwise(cut))
        sign = -1 if payment.giver == "ann" else 1
        for amount in (Fraction(number, 3) for number in range(1, 150, 7)):
            piece = next(piece for piece in cut if piece.low <= amount <= piece.high)
            if amount in {piece.low, piece.high}:
                continue
            moved = dict(menu)
            moved[option] = (menu[option][0] + sign * amount, menu[option][1] - sign * amount)
            options = {name: moved[name] for name in OPTIONS}
            for plays, proposer in zip(piece.standing.outcomes.values(), (0, 1), strict=True):
                wanted = by_hand(options, menu["no_agreement"], proposer)
                keys = [name for name, value in moved.items() if value == wanted]
                assert [happens.key for happens in plays] == [f"plan={keys[0]}"], (step.lever, amount)


@pytest.mark.parametrize("seed", range(3))
def test_no_change_that_is_better_for_the_advised_side_is_left_out(seed: int) -> None:
    """Over all singles and pairs: the best gain among what is accepted is that of the first proposal."""
    found = search(written(random_menu(seed), fourth=False), Budget(pairs=10_000))
    assert found.pairs_left == 0
    begun = found.search
    best = max(
        (gains_of(begun, item)[0] for item in (*found.singles, *found.pairs) if _takes_nothing_back(found, item)),
        default=Fraction(0),
    )
    listed = proposals(found, Drawing(1, most=0), most=1_000)
    good = [item for item in listed if item.accepted and not item.nature]
    if best <= 0:
        assert all(item.gains["ann"] <= 1e-9 for item in good)
        return
    assert good[0].gains["ann"] == pytest.approx(float(best))
    gains = [item.gains["ann"] for item in good]
    assert gains == sorted(gains, reverse=True)
    outcomes = [
        (item.outcome_label, tuple(round(value, 9) for value in item.values.values()), item.settled) for item in listed
    ]
    assert len(outcomes) == len(set(outcomes))  # of two that come to the same one is told


def _takes_nothing_back(found: Found, item: Tried) -> bool:
    """Whether a change is accepted, and as good for everybody as each of its parts that is so alone."""
    begun = found.search
    if not accepted(begun, item):
        return False
    for single in found.singles:
        part = single.steps[0]
        if len(item.steps) < 2 or part not in item.steps or single.interval is not None:
            continue
        alone = gains_of(begun, single)
        proposed = alone[0] > 0 or (single.standing.settled and not begun.base.settled)
        less = any(gain < was for gain, was in zip(gains_of(begun, item), alone, strict=True))
        if proposed and less and accepted(begun, single):
            return False
    return True


@pytest.mark.parametrize("seed", range(2))
def test_every_proposal_gives_the_numbers_it_tells_when_it_is_pulled_as_a_lever_of_a_file(seed: int) -> None:
    scenario = written(random_menu(seed), fourth=True)
    found = search(scenario, Budget(pairs=60))
    listed = proposals(found, Drawing(1, most=0), most=12)
    extended = found.search.scenario
    for item in listed:
        if any(change.lever.startswith("final_say") for change in item.changes):
            continue  # no lever can say it
        amounts = {c.lever: Fraction(c.amount).limit_denominator(10**6) for c in item.changes if c.amount is not None}
        pulled = apply_levers(extended, [change.lever for change in item.changes], amounts)
        again = standing_of(pulled, found.search.yardstick)
        assert again.counts.label == item.outcome_label
        assert dict(zip(again.game.players, map(float, again.counts.values), strict=True)) == pytest.approx(item.values)


def test_the_final_say_makes_an_agreement_a_move_and_takes_away_what_followed_its_failure() -> None:
    scenario = written(random_menu(3), fourth=True)
    extended, steps = every_step(scenario)
    say = next(step for step in steps if step.lever == "final_say_plan_ben")
    after = changed(extended, [say])
    assert after is not None
    assert after.decisions["plan"].by == ("ben",)
    assert [row.when.clauses[0].terms for row in after.payoffs["v"].rows if row.when] == [
        (("plan", (name,)),) for name in OPTIONS
    ]


PRISONERS = """
decisions:
  ann_does: {by: ann, options: {share: Share, hold: Hold back}}
  ben_does: {by: ben, options: {give: Give, keep: Keep}}
baseline: {ann_does: hold, ben_does: keep}
timing: {ann_does: 0, ben_does: 0}
payoffs:
  v:
    rows:
      - {when: {ann_does: share, ben_does: give}, ann: 6, ben: 6}
      - {when: {ann_does: share, ben_does: keep}, ann: 0, ben: 8}
      - {when: {ann_does: hold, ben_does: give}, ann: 8, ben: 0}
      - {when: {ann_does: hold, ben_does: keep}, ann: 2, ben: 2}
"""


def test_a_pair_is_found_where_no_single_change_helps_both() -> None:
    """Either side's promise alone is exploited; both together are worth 4 to each."""
    found = search(read(PRISONERS), Budget(pairs=10_000, payments=False))
    listed = proposals(found, Drawing(1, most=0))
    good = [item for item in listed if item.accepted]
    promises = {"commit_ann_does_share", "commit_ben_does_give"}
    assert good[0].gains == {"ann": 4.0, "ben": 4.0}
    assert {change.lever for change in good[0].changes} <= promises
    assert len(good[0].changes) == 2
    alone = [item for item in listed if len(item.changes) == 1]
    assert alone  # Ben's promise alone would be worth 6 to Ann, and he would have 2 less
    assert not any(item.accepted and item.gains["ben"] >= 0 for item in alone)


def test_the_search_ends_where_its_count_ends_and_says_what_is_left() -> None:
    scenario = written(random_menu(1), fourth=True)
    every = search(scenario, Budget(pairs=10_000))
    few = search(scenario, Budget(pairs=5))
    assert few.pairs_left + 5 == len(_pairs_of(every))
    assert [item.steps[0].lever for item in few.singles] == [item.steps[0].lever for item in every.singles]


def _pairs_of(found: Found) -> list[int]:
    from gamecore.redesign.levers.search import _pairs

    begun = found.search
    alone = {
        number: item
        for number, step in enumerate(begun.steps)
        for item in found.singles
        if item.interval is None and item.steps[0] is step
    }
    return [one for one, _ in _pairs(begun, begun.steps, alone)]


def test_the_same_scenario_gives_the_same_answer() -> None:
    scenario = written(random_menu(2), fourth=True)
    first, second = (proposals(search(scenario, Budget(pairs=40)), Drawing(50, most=3)) for _ in range(2))
    assert first == second


def test_a_smaller_change_has_a_smaller_size() -> None:
    found = search(written(random_menu(5), fourth=True), Budget(pairs=30))
    begun = found.search
    for item in found.pairs:
        if all(step.amount is None for step in item.steps):
            assert size_of(begun, item.steps) == sum(size_of(begun, (step,)) for step in item.steps)
            assert size_of(begun, item.steps) > max(size_of(begun, (step,)) for step in item.steps)


def test_levers_of_a_file_are_tried_value_by_value() -> None:
    text = PRISONERS + (
        "inputs: {fine: 0}\nlevers:\n  fines: {set: {inputs.fine: 0 to 6 by 2}, cost: {ann: 1}}\n"
        "  lists: {set: {inputs.fine: [1, 5]}}\n"
    )
    scenario = read_scenario_with_fines(text)
    found = search(scenario, Budget(pairs=0, payments=False))
    tried = [item for item in found.singles if item.steps[0].lever == "fines"]
    assert [item.steps[0].after for item in tried] == ["0", "2", "4", "6"]
    values = {item.steps[0].after: item.standing.counts.values for item in tried}
    assert values["0"] == (Fraction(1), Fraction(2))  # nothing changes and it costs Ann 1
    assert values["6"] == (Fraction(5), Fraction(6))  # both do what is good for both, and it costs Ann 1
    assert [item.steps[0].after for item in found.singles if item.steps[0].lever == "lists"] == ["1", "5"]


def read_scenario_with_fines(text: str) -> Scenario:
    line = "  fined:\n    rows:\n"
    line += "      - {when: {ann_does: hold, ben_does: keep}, all: -fine}\n"
    line += "      - {when: {ann_does: hold, ben_does: give}, ann: -fine, ben: 0}\n"
    line += "      - {when: {ann_does: share, ben_does: keep}, ann: 0, ben: -fine}\n"
    line += "      - {when: otherwise, all: 0}\n"
    return read(text.replace("inputs:", line + "inputs:"))


def test_a_change_the_reader_refuses_is_no_change() -> None:
    scenario = read_scenario(
        """
{gamecore: 1, title: T, question: Q, advise: a, players: {a: {name: A}, b: {name: B}},
 decisions: {first: {by: a, options: {in: In, out: Out}}, second: {by: b, when: {first: in}, options: {x: X, y: Y}}},
 baseline: {first: in}, timing: {first: 0, second: 1 month},
 payoffs: {v: {rows: [{when: {second: x}, a: 1, b: 2}, {when: {second: y}, a: 2, b: 1}, {when: otherwise, all: 0}]}}}"""
    )
    extended, steps = every_step(scenario)
    refused = {step.lever for step in steps if step.kind in {"order", "date"} and changed(extended, [step]) is None}
    assert "swap_first_second" in refused  # the second decision exists only after the first
    assert "first_1_later" in refused
    assert "second_1_later" not in refused
