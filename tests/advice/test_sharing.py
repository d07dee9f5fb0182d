"""Money shared in any way, from a file to what each coalition is worth, the split, and who pays whom."""

from __future__ import annotations

import random
from fractions import Fraction
from itertools import chain, combinations
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gamecore.advice.analysis import Analysis, Kind
from gamecore.advice.building import _notes_on_the_file
from gamecore.brief import page
from gamecore.compromises.sharing.scenario import Stage, coalition_worths, worths_over_draws
from gamecore.games.voting import Quorum
from gamecore.pipeline import Settings, analyse
from gamecore.scenario import apply_levers, read_scenario

COBALT = (Path(__file__).parents[2] / "scenarios" / "contract-manufacturer.yaml").read_text()


def analysed(text: str, draws: int = 200) -> Analysis:
    return analyse(read_scenario(text), Settings(draws=draws))


def pact(rows: str, options: str, more: str = "") -> str:
    return f"""gamecore: 1
title: T
question: Q
advise: alliance
players: {{a: {{name: A}}, b: {{name: B}}, c: {{name: C}}}}
decisions:
  pact:
    by: [a, b, c]
    payments: yes
    options:
{options}
    no_agreement: Nothing
baseline: {{pact: no_agreement}}
timing: {{pact: 0{more}}}
payoffs:
  worth:
    rows:
{rows}
"""


# Sapphire and Cobalt have 45 by themselves, and 40 with all three before payments: Diamond has to pay 5 at least.
DRAWN_AWAY = COBALT.replace("diamond: 62, sapphire: 34, cobalt: 14", "diamond: 70, sapphire: 30, cobalt: 10")

# Any two can have as much as all three: the core is empty (Bondareva 1963, Shapley 1967).
MAJORITY = pact(
    """      - {when: {pact: all_three}, a: 4, b: 4, c: 4}
      - {when: {pact: ab}, a: 6, b: 6, c: 0}
      - {when: {pact: bc}, a: 0, b: 6, c: 6}
      - {when: {pact: ac}, a: 6, b: 0, c: 6}
      - {when: {pact: no_agreement}, all: 0}""",
    """      all_three: All
      ab: {label: A and B, parties: [a, b]}
      bc: {label: B and C, parties: [b, c]}
      ac: {label: A and C, parties: [a, c]}""",
)


def test_the_supply_alliance_is_shared_as_worked_out_by_hand() -> None:
    found = analysed(COBALT)
    sharing = found.sharing
    assert sharing is not None
    worths = {item.members: (item.value, item.option) for item in sharing.coalitions}
    assert worths["diamond", "sapphire", "cobalt"] == (110, "all_three")
    assert worths["diamond", "sapphire"] == (70, "own_plant")
    assert worths["diamond",] == (10, "no_agreement")
    # v(D) 10, v(S) 20, v(C) 0, v(DS) 70, v(DC) 28, v(SC) 45, v(DSC) 110; the average over the six orders
    assert sharing.shapley == {"diamond": 38, "sapphire": 51.5, "cobalt": 20.5}
    assert sharing.rule == "shapley"
    assert {item.player: (item.least, item.most) for item in sharing.core} == {
        "diamond": (10, 65),
        "sapphire": (20, 82),
        "cobalt": (0, 40),
    }
    # 62 + 34 >= 70, 62 + 14 >= 28, 34 + 14 >= 45: as it stands nobody does better elsewhere
    assert (sharing.payments, sharing.split, sharing.fair) == ((), sharing.before, sharing.shapley)
    assert (sharing.least_paid, sharing.most_paid) == (0, 0)
    assert (sharing.option, sharing.agrees, sharing.subsidy) == ("all_three", True, 0)
    assert found.recommendation.candidate == "alliance=all_three"
    assert found.candidate("alliance=all_three").self_enforcing


def test_without_the_right_to_relicense_sapphire_has_less() -> None:
    changed = apply_levers(read_scenario(COBALT), ["second_plant"])
    sharing = analyse(changed, Settings(draws=50)).sharing
    assert sharing is not None
    assert next(item.value for item in sharing.coalitions if item.members == ("sapphire", "cobalt")) == 20
    assert sharing.shapley["sapphire"] == pytest.approx(51.5 - 25 / 6)


def test_where_no_split_keeps_everybody_the_lack_is_told() -> None:
    found = analysed(MAJORITY)
    sharing = found.sharing
    assert sharing is not None
    assert sharing.core == ()
    assert sharing.subsidy == 6  # half of three times 12, less 12
    assert sharing.rule == "nucleolus"
    assert {item.members: item.weight for item in sharing.claims} == {("a", "b"): 0.5, ("a", "c"): 0.5, ("b", "c"): 0.5}
    assert all(share == pytest.approx(4) for share in sharing.split.values())


def test_where_no_split_keeps_everybody_payments_make_the_largest_objection_small() -> None:
    sharing = analysed(MAJORITY.replace("a: 4, b: 4, c: 4", "a: 9, b: 2, c: 1")).sharing
    assert sharing is not None
    assert (sharing.core, sharing.split) == ((), {"a": 4, "b": 4, "c": 4})
    assert {(item.payer, item.payee, item.amount) for item in sharing.payments} == {("a", "c", 3), ("a", "b", 2)}


def test_a_pair_that_does_better_alone_is_what_forms() -> None:
    rows = """      - {when: {pact: all_three}, a: 2, b: 2, c: 2}
      - {when: {pact: ab}, a: 5, b: 3, c: -4}
      - {when: {pact: no_agreement}, all: 1}"""
    sharing = analysed(pact(rows, "      all_three: All\n      ab: {label: A and B, parties: [a, b]}")).sharing
    assert sharing is not None
    assert sharing.structure == (("a", "b"), ("c",))
    assert sharing.option == "ab"
    assert sharing.worth == 9  # 8 for the pair, 1 for C with no agreement
    assert sharing.split["a"] + sharing.split["b"] == 8


def test_payments_make_acceptable_what_somebody_alone_would_not_take() -> None:
    rows = """      - {when: {pact: join}, a: 10, b: -2, c: 1}
      - {when: {pact: no_agreement}, all: 0}"""
    found = analysed(pact(rows, "      join: Join"))
    join = found.candidate("pact=join")
    assert (join.acceptable_to, join.compensated, join.accepted) == (("a", "c"), ("b",), True)
    assert found.recommendation.candidate == "pact=join"
    without = analysed(pact(rows, "      join: Join").replace("    payments: yes\n", ""))
    assert not without.candidate("pact=join").accepted
    assert without.recommendation.candidate is None or without.recommendation.with_lever is not None
    assert without.sharing is None


def test_the_shares_of_draws_say_how_long_structure_and_split_hold() -> None:
    uncertain = COBALT.replace(
        "{when: {alliance: all_three},    diamond: 62,", "{when: {alliance: all_three},    diamond: 12 .. 62 .. 90,"
    )
    assert uncertain != COBALT
    sharing = analysed(uncertain, draws=2000).sharing
    assert sharing is not None
    assert sharing.draws == 2000
    assert 0.5 < sharing.split_holds <= sharing.structure_holds < 1
    certain = analysed(COBALT).sharing
    assert certain is not None
    assert (certain.draws, certain.structure_holds, certain.split_holds) == (1, 1, 1)


def test_the_record_names_what_is_confidential_behind_it() -> None:
    sharing = analysed(COBALT).sharing
    assert sharing is not None
    assert sharing.reaches == {"decisions.alliance.no_agreement"}
    secret = COBALT.replace("  value:\n    rows:", "  value:\n    confidential: yes\n    rows:")
    assert secret != COBALT
    sharing = analysed(secret).sharing
    assert sharing is not None
    assert "payoffs.value" in sharing.reaches


def released(text: str) -> str:
    """Every company releases its values, and what each has without agreement is no secret."""
    text = text.replace("no_agreement: {label: Each", "no_agreement: {confidential: no, label: Each")
    for role in ("pharma", "biotech", "contract manufacturer"):
        text = text.replace(f"role: {role}", f"confidential: no, role: {role}")
    return text


def test_a_shared_copy_shows_the_split_only_if_everything_behind_it_is_released() -> None:
    hidden = page(analysed(COBALT), "shared")
    told = " ".join(text for _, text in hidden.texts())
    assert hidden.paid == ()
    assert not any(number in told for number in ("17.5", "6.5", "51.5", "110", "89.5"))
    assert page(analysed(released(COBALT)), "shared").paid == ()
    open_copy = page(analysed(released(DRAWN_AWAY)), "shared")
    assert [(line.payer, line.payee, line.amount) for line in open_copy.paid] == [
        ("Diamond", "Sapphire", "USD\N{NO-BREAK SPACE}2.5\N{NO-BREAK SPACE}m"),
        ("Diamond", "Cobalt", "USD\N{NO-BREAK SPACE}2.5\N{NO-BREAK SPACE}m"),
    ]


def test_no_payment_is_proposed_where_nobody_does_better_elsewhere_without() -> None:
    made = page(analysed(COBALT), "internal")
    assert "pays" not in made.recommendation.text
    assert made.paid == ()
    assert made.why.text.startswith("B has the most value together, and nobody does better elsewhere.")
    row = next(row for row in made.panel.rows if row.recommended)
    assert [cell.after for cell in row.cells] == ["", "", ""]
    assert made.gives.text.startswith("No payment is needed.")
    assert "Diamond 10.0 to 65.0" in made.gives.text
    assert "On average each adds: Diamond 38.0, Sapphire 51.5, Cobalt 20.5." in made.gives.text


@pytest.mark.parametrize("advised", ["diamond", "sapphire", "alliance"])
def test_who_would_be_drawn_away_is_paid_the_middle_of_what_keeps_everybody(advised: str) -> None:
    found = analysed(DRAWN_AWAY.replace("advise: diamond", f"advise: {advised}"))
    sharing = found.sharing
    assert sharing is not None
    assert sharing.core != ()
    assert sharing.least_paid == 5  # 45 less 30 less 10
    assert [(item.payer, item.payee, item.amount) for item in sharing.payments] == [
        ("diamond", "sapphire", 2.5),
        ("diamond", "cobalt", 2.5),
    ]
    for item in sharing.coalitions:
        assert sum(sharing.split[player] for player in item.members) >= item.value - 1e-9
    made = page(found, "internal")
    assert "Diamond pays" in made.recommendation.text
    assert "with these payments nobody does better elsewhere" in made.why.text
    assert made.gives.text.startswith("This is the least that keeps everybody.")


def test_two_are_paid_the_middle_of_what_keeps_both() -> None:
    text = pact(
        """      - {when: {pact: join}, a: 10, b: -2}
      - {when: {pact: no_agreement}, all: 0}""",
        "      join: Join",
    )
    found = analysed(text.replace(", c: {name: C}", "").replace("[a, b, c]", "[a, b]"))
    sharing = found.sharing
    assert sharing is not None
    assert (sharing.least_paid, sharing.most_paid) == (2, 10)
    assert [(item.payer, item.payee, item.amount) for item in sharing.payments] == [("a", "b", 6)]
    assert sharing.split == sharing.fair
    told = [item for item in found.payments if item.candidate == "pact=join"]
    assert [paid.proposed for paid in told] == [6]
    made = page(found, "internal")
    assert made.recommendation.text.count("pays") == 1


def test_the_page_says_what_is_lacking_where_no_split_keeps_everybody() -> None:
    made = page(analysed(MAJORITY), "internal")
    assert made.why.text.startswith("No split keeps all three sides")
    assert "6.0 more would be needed." in made.why.text


def test_of_more_than_ten_players_a_note_says_that_nobody_looked() -> None:
    keys = [f"p{number}" for number in range(11)]
    text = pact(
        """      - {when: {pact: join}, all: 1}
      - {when: {pact: no_agreement}, all: 0}""",
        "      join: Join",
    ).replace("[a, b, c]", f"[{', '.join(keys)}]")
    players = ", ".join(f"{key}: {{name: {key.upper()}}}" for key in keys)
    scenario = read_scenario(text.replace("{a: {name: A}, b: {name: B}, c: {name: C}}", f"{{{players}}}"))
    assert [(note.kind, note.refers_to) for note in _notes_on_the_file(scenario)] == [
        (Kind.TOO_MANY_TO_SHARE, ("pact",))
    ]
    assert _notes_on_the_file(read_scenario(COBALT)) == []


# ---- the worths of coalitions, by looking at every option ------------------------------------------------------------


@given(st.integers(0, 2**32), st.integers(1, 4), st.integers(1, 4), st.integers(1, 3))
@settings(max_examples=60, deadline=None)
def test_a_coalition_is_worth_the_best_it_can_pass_in_each_state(
    seed: int, players: int, options: int, states: int
) -> None:
    rng = random.Random(seed)
    everyone = tuple(range(players))
    stages = []
    for _ in range(states):
        quorums = tuple(
            Quorum(signers, rng.randint(1, len(signers)))
            for signers in (tuple(sorted(rng.sample(everyone, rng.randint(1, players)))) for _ in range(options))
        )
        values = tuple(tuple(Fraction(rng.randint(-4, 9)) for _ in everyone) for _ in range(options + 1))
        stages.append(Stage(quorums, values))
    besides = [Fraction(rng.randint(-3, 3)) for _ in everyone]
    found = coalition_worths(stages, everyone, besides)
    groups = chain.from_iterable(combinations(everyone, size) for size in range(1, players + 1))
    for group in groups:
        wanted = sum(besides[player] for player in group)
        for stage in stages:
            open_ones = [
                values
                for values, rule in zip(stage.values, stage.quorums, strict=False)
                if len(set(group) & set(rule.signers)) >= rule.votes
            ]
            wanted += max(sum(values[player] for player in group) for values in [*open_ones, stage.values[-1]])
        assert found[sum(1 << player for player in group)].value == wanted
    import numpy as np

    drawn = [
        Stage(one.quorums, tuple(np.array([[float(v)] * 2 for v in values]) for values in one.values)) for one in stages
    ]
    floats = worths_over_draws(drawn, everyone, np.array([[float(v)] * 2 for v in besides]))
    assert floats.shape == (1 << players, 2)
    assert np.allclose(floats[:, 0], [float(one.value) for one in found])
