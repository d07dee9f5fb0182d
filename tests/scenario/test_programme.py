"""The programme and the deal: what is read, how rows change them, and every fault with its place."""

# ruff: noqa: E501 - one mistake a line, with the whole sentence it gets

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import pytest

from gamecore.model import DateOf, Due, DueKind, Formula, Verb, Words
from gamecore.scenario import apply_levers, read_scenario
from gamecore.scenario.effective import BlockInOutcomes
from gamecore.scenario.reference import published
from tests.scenario.conftest import FILES, faults_of
from tests.valuation.small_programme import TEXT, small

Mistaken = Callable[..., list[str]]


def constant(leaf: object) -> Fraction | None:
    assert isinstance(leaf, Formula)
    return leaf.constant


def told(*changes: tuple[str, str]) -> list[str]:
    """The faults of the small scenario after texts in it are replaced, without their places."""
    text = TEXT
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    return [fault.split(": ", 1)[1] for fault in faults_of(text)]


# ---- what is read ----------------------------------------------------------------------------------------------------


def test_a_block_is_held_by_path_with_its_places() -> None:
    scenario = read_scenario((FILES / "terms.yaml").read_bytes())
    deal = scenario.deal
    assert deal is not None
    assert deal.names("milestones") == ("upfront", "phase_3", "approval", "big_sales")
    assert constant(deal.leaves[("royalties", "main", "tiers", "0")]) == Fraction(6, 100)
    assert deal.leaves[("royalties", "main", "markets")] == Words(("main", "china"))
    due = deal.leaves[("milestones", "big_sales", "due")]
    assert isinstance(due, Due)
    assert (due.kind, due.above and due.above.text, due.place.line) == (DueKind.YEARLY_SALES, "500", 79)
    row = deal.changes[3]
    assert [(edit.path, edit.verb) for edit in row.edits] == [
        (("profit_share", "china"), Verb.SET),
        (("royalties", "main", "markets"), Verb.SET),
    ]


@pytest.mark.parametrize(
    ("written", "kind", "of"),
    [
        ("signature", DueKind.SIGNATURE, None),
        ("launch", DueKind.LAUNCH, None),
        ("launch of world", DueKind.LAUNCH, "world"),
        ("start of review", DueKind.START, "review"),
        ("success of trial", DueKind.SUCCESS, "trial"),
        ("yearly sales above 100 * p", DueKind.YEARLY_SALES, None),
        ("total sales above 900", DueKind.TOTAL_SALES, None),
        ("2031-01-01", DueKind.DATE, None),
        ("18 months", DueKind.DATE, None),
        ("date of news", DueKind.DATE, None),
        ("loe", DueKind.DATE, None),
    ],
)
def test_a_milestone_is_due_at_a_point_of_the_programme(written: str, kind: DueKind, of: str | None) -> None:
    deal = small(("due: launch", f"due: {written}")).deal
    assert deal is not None
    due = deal.leaves[("milestones", "launch", "due")]
    assert isinstance(due, Due)
    assert (due.kind, due.of) == (kind, of)


def test_published_figures_fill_what_is_not_written_and_stand_with_their_source() -> None:
    programme = small(("lasts: 2 years, success: p", "reference: oncology phase_2, lasts: 4 years")).programme
    assert programme is not None
    assert constant(programme.leaves[("phases", "trial", "success")]) == Fraction(246, 1000)
    assert constant(programme.leaves[("phases", "trial", "lasts")]) == 4
    assert "2011-2020" in programme.sources[("phases", "trial")]
    review = small(("lasts: 1 year, success: 90%", "reference: Haematology")).programme
    assert review is not None
    assert constant(review.leaves[("phases", "review", "lasts")]) == Fraction(3, 2)


def test_published_tables_are_those_that_are_valued_with() -> None:
    from gamecore.valuation.references import areas_with_success_rates, success_rate

    for area in areas_with_success_rates():
        found = published(area, "phase_3")
        assert found is not None
        assert float(found.success) == success_rate(area, "phase_3").value


def test_a_date_in_the_blocks_moves_with_what_it_follows() -> None:
    text = TEXT + "levers:\n  sooner: {set: {timing.news: 2 months}}\n"
    pulled = apply_levers(read_scenario(text), ["sooner"])
    programme = pulled.programme
    assert programme is not None
    after = BlockInOutcomes(programme).after((1,))
    assert after.leaves[("start",)] == DateOf("news")


def test_a_set_replaces_all_below_its_path_and_leaves_the_rest() -> None:
    scenario = read_scenario((FILES / "overrun.yaml").read_bytes())
    assert scenario.deal is not None
    block = BlockInOutcomes(scenario.deal)
    before, after = block.after(()), block.after(block.fitting({"excess": "opt_out"}))
    assert before.names("royalties") == ()
    assert after.names("royalties") == ("world",)
    assert after.below(("royalties", "world", "tiers")) == ("0", "100", "200")
    assert ("cost_share", "review", "sapphire") in before.leaves
    assert ("cost_share", "review", "sapphire") not in after.leaves
    assert ("cost_share", "phase_3", "sapphire") in after.leaves


# ---- faults ----------------------------------------------------------------------------------------------------------

PLACED = [
    ("model", "{value: 14 .. 15 .. 16", "{value: 4 .. 5 .. 6", "62:89: programme.sales.world.until: nothing would be sold: exclusivity is lost at 5 years, before the launch at 5.75 years"),
    ("model", "{value: 14 .. 15 .. 16", "{value: 5 .. 6 .. 7", "62:89: programme.sales.world.until: nothing would be sold: exclusivity is lost at 6 years, before the launch at 6.25 years when plan: start, pandemic: prolonged"),
    ("overrun", "      royalties.world: {from", "      milestones.exit: {from: diamond, to: sapphire, amount: 5%, due: launch}\n      royalties.world: {from", "77:62: deal.changes, row 1: 5% is a share, and an amount in USD m is needed here"),
    ("model", "{budget: 150,", "{budget: 15%,", "59:23: programme.phases.phase_3.budget: 15% is a share, and an amount in USD m is needed here"),
    ("model", "{budget: 150,", "{budget: drift,", "59:23: programme.phases.phase_3.budget: 'drift' is a length of time, and an amount in USD m is needed here"),
    ("model", "amount: 25, due: start of phase_3", "amount: p2, due: start of phase_3", "90:58: deal.milestones.phase_3_start.amount: 'p2' is a share, and an amount in USD m is needed here"),
    ("model", "success: 58%}", "success: drift}", "59:56: programme.phases.phase_3.success: 'drift' is a length of time, and a share is needed here"),
    ("model", "amount: 25, due: start of phase_3", "amount: 25, due: 1 year", "90:67: deal.milestones.phase_3_start.due: write 'start of phase_3'; this is due at 1 year, before phase_3 starts at 2 years"),
    ("model", "deal:\n", "deal:\n  signed: 6 months\n", "90:67: deal.milestones.phase_2_start.due: due at 0 years, before the deal is signed at 0.5 years when plan: start, pandemic: contained"),
    ("model", "    review:  {sapphire: 30%, diamond: 70%}\n", "", "81:1: deal.cost_share: nobody pays for review; add 'deal.cost_share.review: {diamond: 100%}'"),
    ("model", "phase_2.success: times 0.70}", "phase_2.success: times 3}", "66:144: programme.phases.phase_2.success: a share or chance is at most 100%; this is 105% at base values when plan: start, pandemic: severe"),
    ("model", "all: enpv}  ", "all: 2 * enpv}  ", "51:36: payoffs.programme, row 3: 'enpv' is a whole value, not part of a formula; add to it by another payoff line"),
    ("model", "all: enpv}  ", "at: 1 year, all: enpv}  ", "51:44: payoffs.programme: 'enpv' is worth what it is worth on day zero already; leave 'at' out, or give it a row of its own"),
    ("overrun", "{value: 110%, label", "{value: 90%, label", "68:49: deal.cost_share.phase_3.cap: a cap is at least 100% of the budget; this is 90% at base values when excess: share, go_on: continue, overrun: none"),
    ("overrun", "sapphire: 0%, diamond: 100%}", "sapphire: 0%, diamond: 90%}", "74:27: deal.changes, row 1: 0% + 90% = 90%, not 100%"),
    ("terms", "royalties.main.tiers: {0: 6%, 200", "royalties.man.tiers: {0: 6%, 200", "81:33: deal.changes, row 1: nothing under 'royalties' is called 'man'; did you mean 'main'?"),
]  # fmt: skip


@pytest.mark.parametrize(("file", "old", "new", "fault"), PLACED)
def test_mistakes_in_the_blocks_are_told_at_their_place(
    mistaken: Mistaken, file: str, old: str, new: str, fault: str
) -> None:
    assert f"{file}.yaml:{fault}" in mistaken(file, old, new)


_TRIAL = "trial:  {budget: 80 .. 100 .. 130, lasts: 2 years, success: p}"
_WORLD = "world: {peak: 400, ramp: 3 years, margin: 50%, until: loe}"
_CHANGE = "trial.cost: times 1.5"
_LAUNCH = "{from: a, to: b, amount: fee_at_launch, due: launch}"
FAULTS = [
    (_TRIAL, "trial: {lasts: 2 years, success: p}", "programme.phases.trial: 'budget' is missing; add 'budget: ...'"),
    (_TRIAL, "trial: {budget: 5}", "programme.phases.trial: 'success' is missing; add 'success: 35%', or published figures by 'reference: oncology'"),
    (_TRIAL, "trial: {budget: 5, reference: onclogy}", "programme.phases.trial.reference: nothing is published here for 'onclogy'; did you mean 'oncology'?"),
    (_TRIAL, "trial: {budget: 5, reference: oncology}", "programme.phases.trial.reference: 'trial' is none of the published phases (phase_1, phase_2, phase_3, review)"),
    (_TRIAL, "trial: {budget: 5, reference: autoimmune phase_2}", "programme.phases.trial.reference: no length is published for 'autoimmune phase_2'; add 'lasts: 2 years'"),
    (_TRIAL, "trial: {budget: 5, lasts: 2, success: p}", "programme.phases.trial.lasts: 2 what? Write '2 months', '2 weeks' or '2 years'"),
    (_TRIAL, "trial: {budget: 5, lasts: -2 years, success: p}", "programme.phases.trial.lasts: a length of time is at least 0"),
    (_TRIAL, "trial: {budget: 5, lasts: 2 years, success: 120%}", "programme.phases.trial.success: a chance lies between 0% and 100%, not at 120%"),
    (_TRIAL, "trial: {budget: 5, lasts: 2 years, success: p, after: trial}", "programme.phases.trial.after: a phase cannot follow itself; name the one whose success opens 'trial', or 'start'"),
    (_TRIAL, "trial: {budget: -5, lasts: 2 years, success: p}", "programme.phases.trial.budget: this is -5 at base values, below 0"),
    (_TRIAL, "trial: {budget: 5, lasts: 2 years, success: p, after: review}", "programme.phases.trial.after: 'trial' follows 'review', so it must stand after it"),
    (_WORLD, "world: {ramp: 3 years, margin: 50%, until: loe}", "programme.sales.world: say what is sold a year: add 'peak', or 'patients', 'share' and 'price'"),
    (_WORLD, "world: {patients: 5, margin: 50%, until: loe}", "programme.sales.world: say what is sold a year: add 'peak', or share, price"),
    (_WORLD, "world: {peak: 4, price: 1, margin: 50%, until: loe}", "programme.sales.world: either 'peak' or 'patients', 'share' and 'price'; 'price' is one too many"),
    (_WORLD, "world: {peak: 400, margin: 50%}", "programme.sales.world: say when exclusivity is lost: 'until: 15 years' in the calendar, or 'exclusivity: 12 years' from approval"),
    (_WORLD, "world: {peak: 400, margin: 50%, until: loe, after_loe: 30%}", "programme.sales.world: 'after_loe' needs 'tail' beside it, or nothing is sold after exclusivity: add 'tail: 3 years'"),
    (_WORLD, "world: {peak: 400, margin: 50%, until: loe, tail: 3 years}", "programme.sales.world: 'tail' needs 'after_loe' beside it, or nothing is sold after exclusivity: add 'after_loe: 20%'"),
    (_WORLD, "world: {peak: 400, margin: 50%, exclusivity: 1 year, delay: 2 years}", "programme.sales.world.exclusivity: nothing would be sold: exclusivity is lost at 4 years, before the launch at 5 years"),
    (_WORLD, "world: {peak: 400, margin: 50%, until: loe, after: reveiw}", "programme.sales.world.after: no phase is called 'reveiw'; did you mean 'review'?"),
    (_CHANGE, "trail.cost: times 1.5", "programme.changes, row 1: the programme has no 'trail'; did you mean 'trial'?"),
    (_CHANGE, "trial.cost: +5", "programme.changes, row 1: say how: 'times 1.05' (5% more) or 'plus 5' (5 more)"),
    (_CHANGE, "trial.cost: minus 5%", "programme.changes, row 1: say how: 'times 0.95' (5% less) or 'minus 5' (5 less)"),
    (_CHANGE, "trial.success: plus 5", "programme.changes, row 1: 5 means 500%; did you mean plus 5%?"),
    (_CHANGE, "trial: times 2", "programme.changes, row 1: 'trial' holds several values; name one of them: trial.cost: times 1.2"),
    (_CHANGE, "trial.after: times 2", "programme.changes, row 1: 'trial.after' is no number; 'times' cannot be said of it"),
    (_CHANGE, "sales.world.exclusivity: plus 1 year", "programme.changes, row 1: 'sales.world.exclusivity' is not written, so there is nothing to compute with; write it, or set it"),
    (_LAUNCH, "{from: a, to: a, amount: 1, due: launch}", "deal.milestones.launch: 'from' and 'to' are the same"),
    (_LAUNCH, "{from: a, to: c, amount: 1, due: launch}", "deal.milestones.launch.to: no player is called 'c'; the players are a, b"),
    (_LAUNCH, "{from: a, to: b, amount: 1, due: lunch}", "deal.milestones.launch.due: 'lunch' is no point of the programme; write signature, launch, start of a phase, success of a phase, yearly sales above, total sales above, or a date"),
    (_LAUNCH, "{from: a, to: b, amount: 1, due: sales above 500}", "deal.milestones.launch.due: write 'yearly sales above 500', or 'total sales above 2000' since launch"),
    (_LAUNCH, "{from: a, to: b, amount: 1, due: yearly sales above -5}", "deal.milestones.launch.due: sales are never below 0; '-5' would be passed at once"),
    (_LAUNCH, "{from: a, to: b, amount: 1, due: end of trial}", "deal.milestones.launch.due: write 'success of trial': a phase that fails pays nothing"),
    (_LAUNCH, "{from: a, to: b, amount: 1, due: launch, each_year: yes}", "deal.milestones.launch: 'each_year' goes with 'due: yearly sales above ...'"),
    (_LAUNCH, "{from: a, to: b, amount: 1, due: signature, markets: [world]}", "deal.milestones.launch: 'markets' says whose sales or launch count; 'signature' needs none"),
    ("review: {a: 100%}", "revue: {a: 100%}", "deal.cost_share.revue: no phase is called 'revue'; did you mean 'review'?"),
    ("review: {a: 100%}", "review: {a: 100%, cap: 110%}", "deal.cost_share.review: 'cap' needs 'above_cap' beside it: add 'above_cap: {a: 100%}'"),
    ("review: {a: 100%}", "review: {a: p, b: p}", "deal.cost_share.review: 40% + 40% = 80%, not 100%"),
    ("review: {a: 100%}", "review: {a: 30% .. 40% .. 50%, b: 60%}", "deal.cost_share.review: these sum to 100% only at base values; write one of them as 1 less the others, so that every draw does"),
    ("world: {a: 60%, b: 40%}", "world: {}", "deal.profit_share.world: give every player's share: {a: 60%, b: 40%}"),
    ("  milestones:", "  royalties:\n    world: {from: a, to: b, tiers: {10: 5%}}\n  milestones:", "deal.royalties.world.tiers: the first tier begins at 0: {0: 8%, 200: 11%}"),
    ("  milestones:", "  royalties:\n    world: {from: a, to: b, tiers: {0: 5%, 0.0: 6%}}\n  milestones:", "deal.royalties.world.tiers: tiers rise, and 0.0 does not come after what stands before it"),
    ("loe: {value: 14, unit: years}", "loe: {value: 14, unit: USD}", "programme.sales.world.until: the input 'loe' is no length of time: its 'unit' must be years, months, weeks or days"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "fault"), FAULTS)
def test_each_mistake_is_told_and_how_to_mend_it(old: str, new: str, fault: str) -> None:
    found = told((old, new))
    assert fault in found, found


@pytest.mark.parametrize("block", ["programme", "deal"])
def test_enpv_needs_both_blocks(block: str) -> None:
    start = TEXT.index(f"\n{block}:")
    end = min(found for found in (TEXT.find("\ndeal:", start + 1), TEXT.find("\ninputs:")) if found > start)
    found = faults_of(TEXT[:start] + TEXT[end:])
    assert any(f"the file has no '{block}'" in fault for fault in found)


def test_the_fault_of_an_input_is_told_without_what_follows_from_it() -> None:
    (fault,) = told(
        (_TRIAL, "trial: {budget: odd, lasts: 2 years, success: p}"),
        ("\ninputs:\n", "\ninputs:\n  odd: {value: 1 .. 2}\n"),
    )
    assert fault.startswith("inputs.odd.value: a range needs three numbers")


def test_what_is_computed_moves_with_what_it_is_computed_of() -> None:
    (fault,) = told(
        ("\ninputs:\n", "\ninputs:\n  odd: {value: 1 .. 2 .. 3, moves_with: {twice: 0.5}}\n  twice: 2 * p\n")
    )
    assert fault == (
        "inputs.odd.moves_with: 'twice' is no range of its own; say with which of the ranges behind it this one moves"
    )


def test_a_player_without_a_rate_cannot_ask_for_enpv() -> None:
    assert told(("discount_rate: 9%", "role: pharma")) == [
        "players.a: payoffs.drug uses 'enpv', so add 'discount_rate: 9%' to discount it"
    ]


def test_the_small_scenario_has_no_fault() -> None:
    assert faults_of(TEXT) == []


# ---- criteria --------------------------------------------------------------------------------------------------------

WEIGHTED = """
gamecore: 1
title: T
question: Q
advise: alliance
players: {a: {name: A}, b: {name: B}}
decisions: {move: {by: a, options: {x: X, y: Y}}}
baseline: {move: x}
timing: {move: 0}
payoffs:
  speed: {weight: {a: 3, b: 1}, all: 5}
  cash: {weight: {a: 1, b: 1}, all: 2}
"""


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("  cash: {weight: {a: 1, b: 1}, ", "  cash: {", "12:3: payoffs.cash: the other lines have a 'weight', so this one needs one too"),
        ("{a: 3, b: 1}", "{a: 3}", "11:19: payoffs.speed.weight: no weight for 'b'; add 'b: 0' if it does not count"),
        ("{a: 3, b: 1}", "{a: 3, b: 1, c: 1}", "11:32: payoffs.speed.weight: no player is called 'c'; the players are a, b"),
        ("{a: 3, b: 1}", "{a: -3, b: 1}", "11:23: payoffs.speed.weight.a: a weight is at least 0"),
        ("{a: 3, b: 1}", "{a: 30%, b: 1}", "12:3: payoffs.cash.weight: the weights of 'a' are percentages in speed and points here; use one unit"),
        ("{a: 3, b: 1}, all: 5}\n  cash: {weight: {a: 1", "{a: 0, b: 1}, all: 5}\n  cash: {weight: {a: 0", "11:3: payoffs.speed.weight: the weights of 'a' are all zero; give at least one criterion a weight"),
        ("{a: 3, b: 1}", "[3, 1]", "11:19: payoffs.speed.weight: write what the criterion weighs for each player: {clinical: 60, finance: 10}"),
    ],
)  # fmt: skip
def test_weights_that_do_not_fit_are_told(old: str, new: str, fault: str) -> None:
    assert old in WEIGHTED
    assert f"scenario:{fault}" in faults_of(WEIGHTED.replace(old, new, 1))
