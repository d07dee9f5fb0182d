"""Advice on agreements: who accepts what, whose offer decides, and what happens if talks fail. All by hand."""

from __future__ import annotations

import pytest

from gamecore.advice.analysis import Kind
from gamecore.pipeline import Settings, analyse
from gamecore.scenario import apply_levers
from tests.advice.small import accepted, advised, holding, noted, options, read, shares, values, why

THREE_SIDES = """
players: {ann: {name: Ann}, ben: {name: Ben}, cid: {name: Cid}}
decisions:
  plan:
    by: [ann, ben, cid]
    options: {steep: A steep plan, fast: A fast plan, safe: A safe plan}
    no_agreement: Everybody goes alone
baseline: {plan: fast}
timing: {plan: 0}
payoffs:
  worth:
    rows:
      - {when: {plan: steep}, ann: 9, ben: 5, cid: -1}
      - {when: {plan: fast}, ann: 5, ben: 1, cid: 1}
      - {when: {plan: safe}, ann: 3, ben: 4, cid: 2}
      - {when: {plan: no_agreement}, ann: 0, ben: 0, cid: 0}
"""


def test_of_three_sides_each_proposes_the_best_plan_that_both_others_accept() -> None:
    found = advised(THREE_SIDES)
    assert found.protocols == ("ann proposes", "ben proposes", "cid proposes")
    assert accepted(found)["plan=steep"] == ("ann", "ben")  # Cid loses 1
    assert holding(found) == {"plan=fast": ("ann proposes",), "plan=safe": ("ben proposes", "cid proposes")}
    assert shares(found) == [{"plan=fast": 1}, {"plan=safe": 1}, {"plan=safe": 1}]


def test_a_plan_that_holds_only_if_the_advised_side_proposes_is_advised_with_that_condition() -> None:
    found = advised(THREE_SIDES)
    assert found.recommendation.candidate == "plan=fast"
    assert [(reason.kind, reason.player) for reason in found.recommendation.holds_if] == [(Kind.IF_PROPOSES, "ann")]
    assert Kind.WHOEVER_PROPOSES not in why(found)
    # it is the plan as it stood, so two alternatives stand beside it: accepted by three, then by two
    assert options(found) == [("recommended", "plan=fast"), ("alternative", "plan=safe"), ("alternative", "plan=steep")]
    assert Kind.RECOMMENDED_IS_BASELINE in noted(found)


def test_an_alliance_is_advised_the_largest_product_of_gains_among_plans_that_can_hold() -> None:
    found = advised("advise: alliance" + THREE_SIDES)
    assert found.recommendation.candidate == "plan=safe"  # 3 x 4 x 2 = 24 against 5 x 1 x 1
    assert [reason.player for reason in found.recommendation.holds_if] == ["ben"]
    assert options(found)[0] == ("baseline", "plan=fast")


def test_the_condition_of_an_alliance_goes_with_the_plan_that_wins_the_tie() -> None:
    """Products tie at 8; `sharp` is fairer (its smallest share is 1/2 against 1/4) and holds if Ann proposes."""
    found = advised(
        """
        advise: alliance
        players: {ann: {name: Ann}, ben: {name: Ben}, cid: {name: Cid}}
        decisions:
          plan: {by: [ann, ben, cid], options: {even: Even, sharp: Sharp}, no_agreement: Nothing}
        baseline: {plan: even}
        timing: {plan: 0}
        payoffs:
          worth:
            rows:
              - {when: {plan: even}, ann: 2, ben: 2, cid: 2}
              - {when: {plan: sharp}, ann: 8, ben: 1, cid: 1}
              - {when: otherwise, all: 0}
        """
    )
    assert {item.key: item.fairness for item in found.candidates} == {"plan=even": 0.25, "plan=sharp": 0.5}
    assert found.recommendation.candidate == "plan=sharp"
    assert [reason.player for reason in found.recommendation.holds_if] == ["ann"]
    (tie,) = (reason for reason in found.recommendation.reasons if reason.kind is Kind.TIE_BROKEN)
    assert tie.refers_to == ("fairness", "plan=even")


def test_only_those_who_sign_can_refuse() -> None:
    """The town loses by every plan, but nobody asks it; it can secure no more than the worst of them."""
    found = advised(
        """
        players: {ann: {name: Ann}, ben: {name: Ben}, town: {name: The town}}
        decisions:
          plan: {by: [ann, ben], options: {build: Build, grow: Grow}, no_agreement: Leave it}
        baseline: {plan: grow}
        timing: {plan: 0}
        payoffs:
          worth:
            rows:
              - {when: {plan: build}, ann: 5, ben: 5, town: -10}
              - {when: {plan: grow}, ann: 2, ben: 3, town: -4}
              - {when: otherwise, all: 0}
        """
    )
    assert [(item.kind, item.value.base) for item in found.walk_aways] == [
        ("no_agreement", 0),
        ("no_agreement", 0),
        ("security", -10),
    ]
    assert found.recommendation.candidate == "plan=build"
    assert len(found.candidate("plan=build").acceptable_to) == 3


def test_of_deals_on_terms_those_that_cannot_occur_are_no_candidates() -> None:
    """Ann offers: Ben takes every deal worth 0 or more to him, so Ann asks for the most that is left to her."""
    found = advised(
        """
        decisions:
          deal:
            by: [ann, ben]
            terms:
              fee: {levels: [10, 20], unit: USD m, label: Fee}
              place: {options: {north: In the north, south: In the south}}
            no_agreement: No deal
        impossible: [{fee: 20, place: south}]
        baseline: {deal: no_agreement}
        timing: {deal: {at: 0, proposes: ann}}
        payoffs:
          price: {when: {deal: agreed}, ann: fee, ben: 15 - fee}
          site: {when: {place: south}, ann: -2, ben: 4}
          alone: {when: {deal: no_agreement}, ann: 0, ben: 0}
        """
    )
    assert values(found) == {
        "fee=10,place=north": (10, 5),
        "fee=10,place=south": (8, 9),
        "fee=20,place=north": (20, -5),
        "deal=no_agreement": (0, 0),
    }
    assert found.declared_protocol
    assert holding(found) == {"fee=10,place=north": ("ann proposes",)}
    assert options(found) == [
        ("baseline", "deal=no_agreement"),
        ("recommended", "fee=10,place=north"),
        ("alternative", "fee=10,place=south"),
    ]
    assert [item.label for item in found.candidates] == [
        "Fee 10, In the north",
        "Fee 10, In the south",
        "Fee 20, In the north",
        "No deal",
    ]
    chosen = found.candidate("fee=10,place=north")
    assert [(step.decision, step.choice, step.choice_label) for step in chosen.steps] == [
        ("fee", "10", "10 USD m"),
        ("place", "north", "In the north"),
    ]


def test_if_every_plan_is_worse_for_somebody_no_agreement_is_advised_and_says_why() -> None:
    found = advised(
        """
        decisions:
          plan: {by: [ann, ben], options: {left: Left, right: Right}, no_agreement: Part as friends}
        baseline: {plan: left}
        timing: {plan: 0}
        payoffs:
          worth:
            rows:
              - {when: {plan: left}, ann: 3, ben: -4}
              - {when: {plan: right}, ann: -5, ben: 4}
              - {when: otherwise, all: 0}
        """
    )
    assert (
        found.recommendation.candidate is None
    )  # nor could the one pay the other: both plans cost more than they bring
    assert why(found) == [Kind.NOTHING_ACCEPTABLE, Kind.BELOW_WALK_AWAY, Kind.BELOW_WALK_AWAY]
    assert [(reason.player, reason.refers_to) for reason in found.recommendation.reasons[1:]] == [
        ("ben", ("plan=left",)),
        ("ann", ("plan=right",)),
    ]
    assert options(found) == [("baseline", "plan=left"), ("alternative", "plan=right")]
    assert Kind.FEWER_THAN_THREE in noted(found)
    assert all(rule.candidates == () for rule in found.compromises)
    assert shares(found) == [{"no_agreement": 1}, {"no_agreement": 1}]


def test_with_only_one_plan_there_is_only_one_option_and_a_note() -> None:
    found = advised(
        """
        decisions:
          plan: {by: [ann, ben], options: {go: Go on}, no_agreement: Stop}
        baseline: {plan: go}
        timing: {plan: 0}
        payoffs:
          worth: {rows: [{when: {plan: go}, ann: 1, ben: 2}, {when: otherwise, all: 0}]}
        """
    )
    assert options(found) == [("recommended", "plan=go")]
    (note,) = (note for note in found.notes if note.kind is Kind.FEWER_THAN_THREE)
    assert note.numbers == {"options": 1}


def test_what_happens_by_itself_without_agreement_is_worth_what_the_option_is() -> None:
    found = advised(
        """
        decisions:
          plan: {by: [ann, ben], options: {start: Start, wait: Wait}, no_agreement: {label: Drift, means: start}}
        baseline: {plan: start}
        timing: {plan: 0}
        payoffs:
          worth:
            rows:
              - {when: {plan: start}, ann: 5, ben: 1}
              - {when: {plan: wait}, ann: 4, ben: 4}
        """
    )
    assert found.disagreement is not None
    assert [item.base for item in found.disagreement.values] == [5, 1]
    assert found.disagreement.means == "plan=start"
    assert accepted(found) == {"plan=start": ("ann", "ben"), "plan=wait": ("ben",)}
    assert found.recommendation.candidate == "plan=start"
    assert options(found) == [("recommended", "plan=start"), ("alternative", "plan=wait")]


def test_after_a_move_the_plan_that_no_agreement_means_is_named_with_that_move() -> None:
    found = advised(
        """
        decisions:
          exit: {by: ann, options: {leave: Leave, stay: Stay}}
          terms: {by: [ann, ben], when: {exit: leave}, options: {old: Old terms, new: New terms},
                  no_agreement: {label: Quarrel, means: old}}
        baseline: {exit: stay}
        timing: {count_from: 2030-01-01, exit: 0, terms: {at: 1 month, proposes: ann}}
        payoffs:
          worth:
            rows:
              - {when: {terms: old}, ann: 2, ben: 2}
              - {when: {terms: new}, ann: 4, ben: 3}
              - {when: {exit: stay}, ann: 1, ben: 1}
        """
    )
    assert found.disagreement is not None
    assert found.disagreement.means == "exit=leave,terms=old"
    assert found.recommendation.candidate == "exit=leave,terms=new"


BREAKING = """
decisions:
  split: {{by: [ann, ben], options: {{hers: Hers, his: His, half: Half}}, no_agreement: Nothing}}
baseline: {{split: no_agreement}}
timing: {{split: {{at: 0, proposes: [ann, ben], rounds: 2, breakdown: {breakdown}}}}}
payoffs:
  worth:
    rows:
      - {{when: {{split: hers}}, ann: 8, ben: 2}}
      - {{when: {{split: his}}, ann: 2, ben: 8}}
      - {{when: {{split: half}}, ann: 5, ben: 5}}
      - {{when: otherwise, all: 0}}
"""


@pytest.mark.parametrize(("breakdown", "outcome"), [("50%", "split=half"), ("0%", "split=his"), ("80%", "split=hers")])
def test_the_risk_that_talks_break_down_decides_what_the_first_offer_must_leave(breakdown: str, outcome: str) -> None:
    """In the last round Ben takes 8, so going on is worth 8 (1 - breakdown) to him in the first."""
    found = advised(BREAKING.format(breakdown=breakdown))
    assert holding(found) == {outcome: ("ann and ben offer in turn",)}
    assert found.recommendation.candidate == outcome
    assert shares(found) == [{outcome: 1}]


def test_talks_without_an_end_list_every_outcome_that_repeats_itself_and_say_so() -> None:
    """A round costs 3 of 13. To Ann's 5 of 10 Ben's answer is 4 for her, and to that hers is 5 again; so with 6 and 5.
    Long talks with an end lead to 5; Rubinstein's share of a pie that is cut finely is 5.65.
    """
    found = advised(
        """
        players: {ann: {name: Ann, discount_rate: 30%}, ben: {name: Ben, discount_rate: 30%}}
        decisions:
          split: {by: [ann, ben], terms: {hers: {levels: 0 to 10 by 1}}, no_agreement: Nothing}
        baseline: {split: no_agreement}
        timing:
          count_from: 2030-01-01
          split: {at: 0, proposes: [ann, ben], rounds: unlimited, every: 1 year}
        payoffs:
          worth: {rows: [{when: {split: agreed}, ann: hers, ben: 10 - hers}, {when: otherwise, all: 0}]}
        """
    )
    assert set(holding(found)) == {"hers=5", "hers=6"}
    assert found.equilibria[0].outcome == "hers=5"
    assert found.recommendation.candidate == "hers=6"
    (note,) = (note for note in found.notes if note.kind is Kind.INCOMPLETE)
    assert "without an end" in note.refers_to[1]
    assert found.status == "partial"


def test_where_talks_without_an_end_have_two_outcomes_draws_take_what_long_talks_lead_to() -> None:
    found = advised(
        """
        players: {ann: {name: Ann, discount_rate: 29% .. 30% .. 31%}, ben: {name: Ben, discount_rate: 30%}}
        decisions:
          split: {by: [ann, ben], terms: {hers: {levels: 0 to 10 by 1}}, no_agreement: Nothing}
        baseline: {split: no_agreement}
        timing:
          count_from: 2030-01-01
          split: {at: 0, proposes: [ann, ben], rounds: unlimited, every: 1 year}
        payoffs:
          worth: {rows: [{when: {split: agreed}, ann: hers, ben: 10 - hers}, {when: otherwise, all: 0}]}
        """
    )
    (share,) = shares(found)
    assert sum(share.values()) == pytest.approx(1)
    assert share["hers=5"] + share["hers=6"] == pytest.approx(1)


def test_naming_at_once_can_end_on_either_plan_and_the_better_one_is_advised() -> None:
    found = advised(
        """
        decisions:
          plan: {by: [ann, ben], options: {plain: Plain, good: Good}, no_agreement: Nothing}
        baseline: {plan: plain}
        timing: {plan: {at: 0, proposes: at_once}}
        payoffs:
          worth:
            rows:
              - {when: {plan: plain}, ann: 2, ben: 2}
              - {when: {plan: good}, ann: 3, ben: 3}
              - {when: otherwise, all: 0}
        """
    )
    assert holding(found) == {"plan=plain": ("each names an option",), "plan=good": ("each names an option",)}
    assert found.naming_game is not None
    assert found.naming_game.equilibria == ((0, 0), (1, 1))
    assert found.naming_game.deadlocks == ()
    assert found.naming_game.mixed == 0  # asked for only where nobody can name for sure
    assert options(found) == [("baseline", "plan=plain"), ("recommended", "plan=good")]
    assert shares(found) == [{"plan=good": 1}]  # better for both than the other equilibrium
    assert Kind.SEVERAL_OUTCOMES in noted(found)


def test_naming_at_once_where_sides_disagree_counts_both_outcomes_in_equal_parts() -> None:
    found = advised(
        """
        decisions:
          plan: {by: [ann, ben], options: {hers: Hers, his: His}, no_agreement: Nothing}
        baseline: {plan: hers}
        timing: {plan: {at: 0, proposes: at_once}}
        payoffs:
          worth:
            rows:
              - {when: {plan: hers}, ann: 3, ben: 2}
              - {when: {plan: his}, ann: 2, ben: 3}
              - {when: otherwise, all: 0}
        """
    )
    assert shares(found) == [{"plan=hers": 0.5, "plan=his": 0.5}]
    assert found.recommendation.candidate == "plan=hers"


ROW = """
decisions:
  scope: {{by: [ann, ben], options: {{small: A small project, large: A large project}}, no_agreement: No project}}
  price: {{by: [ann, ben], when: {{scope: [small, large]}}, options: {{low: Low, high: High}}, no_agreement: Dispute}}
baseline: {{scope: small}}
timing: {{count_from: 2030-01-01, scope: {scope}, price: {price}}}
payoffs:
  scope:
    rows:
      - {{when: {{scope: small}}, all: 2}}
      - {{when: {{scope: large}}, all: 4}}
      - {{when: {{scope: no_agreement}}, all: 0}}
  price:
    rows:
      - {{when: {{price: low}}, ann: 1, ben: -1}}
      - {{when: {{price: high}}, ann: -1, ben: 1}}
      - {{when: {{price: no_agreement}}, all: -3}}
      - {{when: {{scope: no_agreement}}, all: 0}}
"""


def test_of_agreements_in_a_row_the_first_is_the_plan_and_the_next_follows() -> None:
    found = advised(ROW.format(scope="{at: 0, proposes: ann}", price="{at: 1 month, proposes: ben}"))
    assert values(found) == {"scope=small": (1, 3), "scope=large": (3, 5)}
    assert found.recommendation.candidate == "scope=large"
    follows = found.candidate("scope=large").follows
    assert [(item.decision, item.choice, item.chance) for item in follows] == [("price", "high", 1)]
    assert shares(found) == [{"scope=large": 1}]
    assert options(found) == [("baseline", "scope=small"), ("recommended", "scope=large")]


def test_of_agreements_in_a_row_that_leave_the_proposer_open_every_pair_is_solved() -> None:
    found = advised(ROW.format(scope="0", price="1 month"))
    assert len(found.protocols) == 4
    large = found.candidate("scope=large")
    # whoever proposes the scope; but it is worth what is told only if Ann proposes the price
    assert large.self_enforcing_under == (
        "scope: ann proposes; price: ann proposes",
        "scope: ben proposes; price: ann proposes",
    )
    assert not large.self_enforcing
    assert [item.player for item in found.recommendation.holds_if] == ["ann"]
    assert values(found)["scope=large"] == (5, 3)
    assert all(item.shares["scope=large"] == 1 for item in found.frequencies)


def test_an_agreement_after_a_move_belongs_to_the_plan_of_that_move() -> None:
    found = advised(
        """
        decisions:
          go: {by: ann, options: {invite: Invite Ben, stop: Stop}}
          deal: {by: [ann, ben], when: {go: invite}, options: {yes_deal: Sign}, no_agreement: Part in anger}
        baseline: {go: stop}
        timing: {count_from: 2030-01-01, go: 0, deal: 1 month}
        payoffs:
          worth:
            rows:
              - {when: {deal: yes_deal}, ann: 5, ben: 4}
              - {when: {deal: no_agreement}, ann: -1, ben: 0}
              - {when: {go: stop}, ann: 1, ben: 1}
        """
    )
    assert values(found) == {"go=invite,deal=yes_deal": (5, 4), "go=stop": (1, 1)}
    assert found.disagreement is not None
    assert found.disagreement.label == "Part in anger"
    assert [item.value.base for item in found.walk_aways] == [-1, 0]
    assert options(found) == [("baseline", "go=stop"), ("recommended", "go=invite,deal=yes_deal")]
    assert found.candidate("go=invite,deal=yes_deal").label == "Invite Ben; Sign"


def test_talks_that_play_never_comes_to_are_nobodys_walk_away() -> None:
    """Ben sues. That Ann would have 3 if they talked and failed does not make his suit something she can refuse."""
    found = advised(
        """
        decisions:
          first: {by: ben, options: {talk: Talk, sue: Sue}}
          deal: {by: [ann, ben], when: {first: talk}, options: {sign: Sign}, no_agreement: Part}
        baseline: {first: talk, deal: sign}
        timing: {count_from: 2030-01-01, first: 0, deal: 1 month}
        payoffs:
          worth:
            rows:
              - {when: {deal: sign}, ann: 5, ben: 5}
              - {when: {deal: no_agreement}, ann: 3, ben: 3}
              - {when: {first: sue}, ann: 0, ben: 10}
        """
    )
    assert [(item.kind, item.value.base) for item in found.walk_aways] == [("security", 0), ("security", 10)]
    assert found.recommendation.candidate == "first=sue"
    assert options(found) == [("baseline", "first=talk,deal=sign"), ("recommended", "first=sue")]


def test_a_plan_with_a_confidential_option_is_marked_and_its_free_text_kept_out() -> None:
    found = advised(
        """
        decisions:
          plan:
            by: [ann, ben]
            options:
              open: {label: Open plan, pros: [Known to all.]}
              secret: {label: Secret plan, pros: [Known to nobody.], confidential: yes}
            no_agreement: {label: Nothing, confidential: no}
        baseline: {plan: open}
        timing: {plan: 0}
        payoffs:
          worth:
            rows:
              - {when: {plan: open}, ann: 1, ben: 1}
              - {when: {plan: secret}, ann: 2, ben: 2}
              - {when: otherwise, all: 0}
        """
    )
    assert found.recommendation.candidate == "plan=secret"
    assert {item.key: (item.confidential, item.pros) for item in found.candidates} == {
        "plan=open": (False, ("Known to all.",)),
        "plan=secret": (True, ()),
    }


NEWS_OF_ANN = """
decisions:
  plan: {{by: [ann, ben], options: {{go: Go, stay: Stay}}, no_agreement: Nothing}}
events: {{news: {{chances: {{good: 60%, bad: rest}}}}}}
baseline: {{plan: go}}
timing: {{count_from: 2030-01-01, news: {{at: 0{seen}}}, plan: {{at: 1 month, proposes: {proposes}}}}}
payoffs:
  worth:
    rows:
      - {{when: {{plan: go, news: good}}, ann: 10, ben: 3}}
      - {{when: {{plan: go, news: bad}}, ann: -10, ben: 3}}
      - {{when: {{plan: stay}}, all: 1}}
      - {{when: {{plan: no_agreement}}, all: 0}}
"""


def test_an_agreement_after_news_can_be_on_what_the_news_suggests() -> None:
    found = advised(NEWS_OF_ANN.format(seen="", proposes="each"))
    suggested = "plan=as the news suggests"
    assert values(found) == {"plan=go": (2, 3), "plan=stay": (1, 1), suggested: (6.4, 2.2)}
    assert found.candidate(suggested).self_enforcing
    assert [(item.choice, item.given) for item in found.candidate(suggested).follows] == [
        ("go", (("news", "good"),)),
        ("stay", (("news", "bad"),)),
    ]
    assert found.candidate("plan=go").follows == ()  # whatever the news
    assert found.naming_game is None


def test_naming_at_once_under_private_information_can_end_without_agreement() -> None:
    """Ann names staying on bad news, Ben does not know and names going: then there is no agreement."""
    found = advised(NEWS_OF_ANN.format(seen=", seen_by: ann", proposes="at_once"))
    assert {item.kind for item in found.walk_aways} == {"no_agreement"}
    assert found.disagreement is not None
    assert found.disagreement.label == "Nothing"
    suggested = found.candidate("plan=as the news suggests")
    assert suggested.label == "As the news suggests: Go or Nothing"
    assert values(found)[suggested.key] == (6, 1.8)
    assert holding(found) == {"plan=stay": found.protocols, suggested.key: found.protocols}


def test_an_offer_under_private_information_follows_without_its_answers_repeated() -> None:
    found = advised(NEWS_OF_ANN.format(seen=", seen_by: ann", proposes="ann"))
    assert [item.choice for item in found.candidate("plan=as the news suggests").follows] == ["go", "stay"]
    assert found.candidate("plan=stay").follows == ()


def test_a_condition_on_the_first_offer_names_the_side_even_if_a_later_proposer_is_open() -> None:
    """Ann proposes the small project, Ben the large one, whoever then proposes the price."""
    text = ROW.format(scope="0", price="1 month")
    text = text.replace("{when: {scope: small}, all: 2}", "{when: {scope: small}, ann: 5, ben: 2}")
    found = advised(text)
    assert len(found.protocols) == 4
    assert [(item.key, len(item.self_enforcing_under)) for item in found.candidates] == [
        ("scope=small", 1),
        ("scope=large", 1),
    ]
    assert found.recommendation.candidate == "scope=small"
    (condition,) = found.recommendation.holds_if
    assert (condition.kind, condition.player, len(condition.refers_to)) == (Kind.IF_PROPOSES, "ann", 1)


ENTRY = """
decisions:
  enter: {by: ben, options: {enter: Enter, stay: Stay out}}
  deal: {by: [ann, ben], when: {enter: enter}, options: {x: Plan X, y: Plan Y}, no_agreement: Nothing}
events: {weather: {chances: {fine: 50%, foul: 50%}}}
baseline: {enter: stay}
timing: {count_from: 2030-01-01, enter: 0, weather: 1 month, deal: 2 months}
payoffs:
  worth:
    rows:
      - {when: {enter: stay}, all: 4}
      - {when: {deal: x, weather: fine}, ann: 11, ben: 5}
      - {when: {deal: x, weather: foul}, ann: 9, ben: 5}
      - {when: {deal: y, weather: fine}, ann: 5, ben: 11}
      - {when: {deal: y, weather: foul}, ann: 5, ben: 9}
      - {when: {deal: no_agreement}, all: 1}
"""


def test_where_the_later_proposer_decides_what_a_plan_is_worth_the_condition_names_it() -> None:
    """Ben enters whoever proposes later, but 10 is his only if he does: no page may print it as everybody's."""
    found = advised("advise: ben" + ENTRY)
    assert found.candidate("enter=enter").self_enforcing_under == ("ben proposes",)
    assert values(found)["enter=enter"] == (5, 10)
    assert [item.player for item in found.recommendation.holds_if] == ["ben"]
    assert values(advised(ENTRY))["enter=enter"] == (10, 5)


def test_talks_after_news_that_play_comes_to_give_the_walk_away() -> None:
    found = advised("advise: ben" + ENTRY)
    assert found.disagreement is not None
    assert found.disagreement.label == "Nothing"
    assert [(item.kind, item.value.base) for item in found.walk_aways] == [("no_agreement", 1), ("no_agreement", 1)]


LEVERED = """
decisions: {plan: {by: [ann, ben], options: {go: Go, wait: Wait}, no_agreement: Part}}
baseline: {plan: go}
timing: {count_from: 2030-01-01, plan: 1 month}
payoffs:
  worth:
    rows:
      - {when: {plan: go}, ann: 5 * size, ben: 3}
      - {when: {plan: wait}, ann: 4, ben: 4}
      - {when: {plan: no_agreement}, ann: size, ben: outside}
inputs: {size: 1, outside: 1}
levers:
  larger: {set: {inputs.size: 2}, label: A larger pie}
  weaker: {set: {inputs.outside: 0}, label: A worse way out}
  later: {set: {timing.plan: 2 months}, label: Talk later}
"""


def test_the_answer_says_that_a_lever_moves_no_agreement_too_and_that_amounts_stay_when_a_date_moves() -> None:
    def kinds(*levers: str) -> dict[Kind, tuple[str, ...]]:
        found = analyse(apply_levers(read(LEVERED), list(levers)), Settings(draws=50))
        wanted = {Kind.MOVES_NO_AGREEMENT, Kind.AMOUNTS_STAY}
        return {reason.kind: reason.refers_to for reason in found.notes if reason.kind in wanted}

    assert kinds() == {}
    assert kinds("larger", "weaker") == {Kind.MOVES_NO_AGREEMENT: ("larger", "weaker")}
    assert kinds("later") == {Kind.AMOUNTS_STAY: ("later",)}
