"""Advice where each side moves for itself: ties, hidden moves, news, beliefs, secrets. All by hand."""

from __future__ import annotations

import pytest

from gamecore.advice.analysis import Kind
from gamecore.pipeline import analysis_document
from tests.advice.small import accepted, advised, holding, noted, options, shares, values, why

TIE = """
decisions:
  first: {by: ann, options: {left: Left, right: Right}}
  second: {by: ben, when: {first: left}, options: {mean: Be mean, kind: Be kind}}
baseline: {first: right}
timing: {count_from: 2030-01-01, first: 0, second: 1 month}
payoffs:
  worth:
    rows:
      - {when: {second: mean}, ann: 1, ben: 2}
      - {when: {second: kind}, ann: 5, ben: 2}
      - {when: {first: right}, ann: 3, ben: 1}
"""


def test_a_tie_of_the_second_mover_gives_every_outcome_it_can_lead_to() -> None:
    """Ben does not mind. If he is kind Ann goes left, if he is mean she goes right; left and mean is no outcome."""
    found = advised(TIE)
    assert set(holding(found)) == {"first=left,second=kind", "first=right"}
    assert {item.outcome for item in found.equilibria} == {"first=left,second=kind", "first=right"}
    assert found.recommendation.candidate == "first=left,second=kind"


def test_the_outcome_that_is_best_for_all_is_counted_when_a_tie_leaves_several() -> None:
    found = advised(TIE)
    assert shares(found) == [{"first=left,second=kind": 1}]
    assert Kind.SEVERAL_OUTCOMES in noted(found)


def test_where_nothing_is_uncertain_draws_say_what_base_values_say() -> None:
    found = advised(TIE)
    assert Kind.NOTHING_UNCERTAIN in noted(found)
    for candidate in found.candidates:
        for standing in candidate.standings:
            value = standing.value
            assert value.base == value.mean == value.p10 == value.p90
            assert standing.acceptable_chance == float(standing.acceptable)
            assert standing.mean_rank == standing.rank


AT_ONCE = """
decisions:
  hers: {{by: ann, options: {{up: Up, down: Down}}}}
  his: {{by: ben, options: {{up: Up, down: Down}}}}
baseline: {{hers: up, his: {his}}}
timing: {{hers: 0, his: 0}}
payoffs:
  worth:
    rows:
      - {{when: {{hers: up, his: up}}, {same}}}
      - {{when: {{hers: down, his: down}}, {other}}}
      - {{when: {{hers: up, his: down}}, {mixed}}}
      - {{when: {{hers: down, his: up}}, {mixed}}}
"""


def test_two_equilibria_of_simultaneous_moves_count_in_equal_parts() -> None:
    found = advised(AT_ONCE.format(his="up", same="ann: 3, ben: 2", other="ann: 2, ben: 3", mixed="all: 0"))
    assert set(holding(found)) == {"hers=up,his=up", "hers=down,his=down"}
    assert shares(found) == [{"hers=up,his=up": 0.5, "hers=down,his=down": 0.5}]
    # the plan as it stood holds, so Ann measures against it
    assert [(item.kind, item.value.base) for item in found.walk_aways] == [("baseline", 3), ("baseline", 2)]
    assert found.recommendation.candidate == "hers=up,his=up"
    assert Kind.IS_BASELINE in why(found)
    (note,) = (note for note in found.notes if note.kind is Kind.SEVERAL_OUTCOMES)
    assert note.numbers == {"share": 1}


def test_without_a_pure_equilibrium_no_plan_is_advised_and_no_draw_is_counted_for_one() -> None:
    """Matching pennies: whatever is agreed, one of them would change."""
    found = advised(
        AT_ONCE.format(his="down", same="ann: 1, ben: -1", other="ann: 1, ben: -1", mixed="ann: -1, ben: 1")
    )
    assert holding(found) == {}
    (mixed,) = found.equilibria
    assert not mixed.pure
    assert mixed.payoffs == (0, 0)
    assert shares(found) == [{"undecided": 1}]
    assert found.recommendation.candidate is None
    assert why(found)[0] is Kind.NOTHING_SELF_ENFORCING
    assert analysis_document(found)["recommendation"]["label"] == "No plan holds by itself"
    assert options(found)[0] == ("baseline", "hers=up,his=down")
    assert len(found.options) == 3


def test_a_plan_as_it_stood_that_somebody_would_leave_is_no_walk_away() -> None:
    """Ben is to deliver after all, but stopping is worth 2 more to him: Ann is left with what she can secure."""
    found = advised(
        """
        decisions:
          ask: {by: ann, options: {insist: Insist, give_in: Give in}}
          answer: {by: ben, when: {ask: insist}, options: {deliver: Deliver, stop: Stop}}
        baseline: {ask: insist, answer: deliver}
        timing: {count_from: 2030-01-01, ask: 0, answer: 1 month}
        payoffs:
          worth:
            rows:
              - {when: {answer: deliver}, ann: 10, ben: 1}
              - {when: {answer: stop}, ann: 2, ben: 3}
              - {when: {ask: give_in}, ann: 4, ben: 5}
        """
    )
    assert Kind.BASELINE_NOT_A_WALK_AWAY in noted(found)
    assert [(item.kind, item.value.base) for item in found.walk_aways] == [("security", 4), ("security", 3)]
    assert accepted(found)["ask=insist,answer=deliver"] == ("ann",)
    assert options(found) == [
        ("baseline", "ask=insist,answer=deliver"),
        ("recommended", "ask=give_in"),
        ("alternative", "ask=insist,answer=stop"),
    ]
    against = {option.candidate: [reason.kind for reason in option.cons] for option in found.options}
    assert Kind.NOT_SELF_ENFORCING in against["ask=insist,answer=deliver"]
    assert against["ask=insist,answer=stop"][0] is Kind.BELOW_WALK_AWAY


NEWS_FIRST = """
decisions:
  go: {by: ann, options: {out: Go out, stay: Stay in}}
events:
  weather: {chances: {fair: 60%, foul: rest}}
baseline: {go: out}
timing: {weather: 0, go: 0}
payoffs:
  worth:
    rows:
      - {when: {go: out, weather: fair}, ann: 10, ben: 1}
      - {when: {go: out, weather: foul}, ann: -10, ben: 1}
      - {when: {go: stay}, all: 0}
"""


def test_where_news_comes_first_deciding_as_it_suggests_is_a_plan_of_its_own() -> None:
    found = advised(NEWS_FIRST)
    assert values(found) == {"go=out": (2, 1), "go=stay": (0, 0), "go=as the news suggests": (6, 0.6)}
    assert [item.label for item in found.candidates][-1] == "As the news suggests: Go out or Stay in"
    assert found.recommendation.candidate == "go=as the news suggests"
    assert options(found) == [
        ("baseline", "go=out"),
        ("recommended", "go=as the news suggests"),
        ("alternative", "go=stay"),
    ]
    assert [(fact.event, fact.outcomes) for fact in found.known] == [
        ("weather", (("fair", "Fair", 0.6), ("foul", "Foul", 0.4)))
    ]


LEMONS = """
decisions:
  sale: {{by: [ann, ben], options: {{ten: Buy at 10, four: Buy at 4}}, no_agreement: Ann keeps it}}
events:
  state: {{chances: {{good: 50%, bad: rest}}}}
baseline: {{sale: no_agreement}}
timing: {{count_from: 2030-01-01, state: {{at: 0, seen_by: ann}}, sale: {{at: 1 month, proposes: ben}}}}
payoffs:
  price:
    rows:
      - {{when: {{sale: ten}}, ann: 10, ben: -10}}
      - {{when: {{sale: four}}, ann: 4, ben: -4}}
      - {{when: {{sale: no_agreement}}, all: 0}}
  thing:
    rows:
      - {{when: {{sale: no_agreement, state: good}}, ann: 8, ben: 0}}
      - {{when: {{sale: no_agreement, state: bad}}, ann: 2, ben: 0}}
      - {{when: {{sale: [ten, four], state: good}}, ann: 0, ben: {good}}}
      - {{when: {{sale: [ten, four], state: bad}}, ann: 0, ben: {bad}}}
"""


def test_what_only_the_seller_knows_can_leave_nothing_to_agree_on() -> None:
    """A market for lemons (Akerlof 1970): at 10 Ben loses 2.5 on average, at 4 only the bad thing is sold."""
    found = advised(LEMONS.format(good=12, bad=3))
    assert values(found)["sale=ten"] == (10, -2.5)
    assert values(found)["sale=four"] == (4, 3.5)  # if all took it; Ann has 5 on average without
    assert found.recommendation.candidate is None
    assert why(found)[0] is Kind.NOTHING_ACCEPTABLE
    assert shares(found) == [{"no_agreement": 1}]
    assert found.naming_game is None


def test_an_offer_that_only_one_kind_of_seller_takes_is_a_plan_that_can_be_advised() -> None:
    """Ben gains 2.5 by offering 4, which Ann takes if the thing is bad: 6 for her, 5 if she keeps it always."""
    found = advised(LEMONS.format(good=14, bad=9))
    offered = "sale=as the news suggests"
    assert values(found)[offered] == (6, 2.5)
    assert found.candidate(offered).label == "As the news suggests: Ann keeps it or Buy at 4"
    assert holding(found) == {offered: ("ben proposes",)}
    assert found.recommendation.candidate == offered
    assert shares(found) == [{offered: 1}]
    assert options(found) == [
        ("baseline", "sale=no_agreement"),
        ("recommended", offered),
        ("alternative", "sale=ten"),
    ]


def test_each_side_prices_a_dispute_by_its_own_beliefs() -> None:
    """Ann expects 0.8 x 10 - 0.2 x 5 = 7 in court, Ben to pay 2.5: in sum more than there is to have."""
    found = advised(
        """
        decisions:
          claim: {by: ann, options: {sue: Sue, settle: Settle}}
        events:
          award:
            when: {claim: sue}
            chances: {won: 50%, lost: rest}
            beliefs: {ann: {won: 80%, lost: rest}}
        baseline: {claim: settle}
        timing: {count_from: 2030-01-01, claim: 0, award: 1 year}
        payoffs:
          worth:
            rows:
              - {when: {award: won}, ann: 10, ben: -10}
              - {when: {award: lost}, ann: -5, ben: 5}
              - {when: {claim: settle}, ann: 4, ben: -4}
        """
    )
    assert values(found) == {"claim=sue": (7, -2.5), "claim=settle": (4, -4)}
    (note,) = (note for note in found.notes if note.kind is Kind.PRIVATE_BELIEFS)
    assert note.refers_to == ("ann",)
    assert found.recommendation.candidate == "claim=sue"
    assert Kind.BETTER_THAN_BASELINE in why(found)


def test_a_hidden_move_is_answered_by_what_is_best_on_average() -> None:
    """Ben does not see Ann's offer in time; both firm is the only equilibrium (each gains 1 by it whatever happens)."""
    found = advised(
        """
        decisions:
          offer: {by: ann, options: {firm: Firm, soft: Soft}}
          reply: {by: ben, options: {hard: Hard, mild: Mild}}
        baseline: {offer: soft, reply: mild}
        timing: {count_from: 2030-01-01, offer: {at: 0, seen_by: ann}, reply: 1 month}
        payoffs:
          hers: {rows: [{when: {offer: firm}, ann: 1, ben: -2}, {when: {offer: soft}, all: 0}]}
          his: {rows: [{when: {reply: hard}, ann: -2, ben: 1}, {when: {reply: mild}, all: 0}]}
        """
    )
    assert holding(found) == {"offer=firm,reply=hard": ("moves in turn",)}
    assert found.recommendation.candidate == "offer=firm,reply=hard"
    base = found.candidate("offer=soft,reply=mild")
    assert (base.is_baseline, base.fairness is not None, base.on_frontier) == (True, True, True)


def test_the_alternative_is_not_the_plan_as_it_stood_without_the_hope() -> None:
    """The same choice today as in the baseline comes last, even where it is accepted and fairer."""
    found = advised(
        """
        decisions:
          plan: {by: [ann, ben], options: {share: Share it, split: Split it, sell: Sell it}, no_agreement: Nothing}
          later: {by: ben, when: {plan: share}, options: {keep: Keep to it, cheat: Cheat}}
        events:
          market: {chances: {up: 50%, down: 50%}}
        baseline: {plan: share, later: keep}
        timing: {count_from: 2030-01-01, plan: {at: 0, proposes: ann}, market: 1 year, later: 1 year}
        payoffs:
          worth:
            rows:
              - {when: {later: keep}, ann: 6, ben: 4}
              - {when: {later: cheat}, ann: 3, ben: 5}
              - {when: {plan: split}, ann: 5, ben: 3}
              - {when: {plan: sell}, ann: 1, ben: 7}
              - {when: {plan: no_agreement}, all: 0}
        """
    )
    assert options(found) == [
        ("baseline", "plan=share,later=keep"),
        ("recommended", "plan=split"),
        ("alternative", "plan=sell"),
    ]
    assert found.candidate("plan=share,later=keep").forced == ("later",)
    (frequency,) = found.frequencies
    assert sum(frequency.shares.values()) == pytest.approx(1)


def test_ranges_move_the_chances_and_never_the_base_values() -> None:
    """Going is worth a normal of 10th percentile -10 and 90th 20 around 5: above 0 in about two cases of three."""
    found = advised(
        """
        decisions:
          plan: {by: [ann, ben], options: {go: Go, stay: Stay}, no_agreement: Nothing}
        baseline: {plan: stay}
        timing: {plan: {at: 0, proposes: ann}}
        payoffs:
          worth:
            rows:
              - {when: {plan: go}, ann: gain, ben: 1}
              - {when: {plan: stay}, ann: 0, ben: 1}
              - {when: {plan: no_agreement}, ann: 0, ben: 0}
        inputs:
          gain: -10 .. 5 .. 20
        """,
        draws=2000,
    )
    value = found.candidate("plan=go").standing("ann").value
    assert value.base == 5
    assert value.p10 == pytest.approx(-10, abs=0.1)
    assert value.p90 == pytest.approx(20, abs=0.1)
    # z = -5 / 15 x 1.2816 = -0.427: 66.5 of 100
    (frequency,) = found.frequencies
    assert frequency.shares["plan=go"] == pytest.approx(0.665, abs=0.002)
    assert found.candidate("plan=go").standing("ann").acceptable_chance == pytest.approx(0.665, abs=0.002)
