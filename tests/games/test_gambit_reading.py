"""What a game file may look like, and what is said of one that does not: every fault, with its place."""

from __future__ import annotations

from fractions import Fraction

import pytest

from gamecore.errors import InputError, ScenarioError, TooLargeError
from gamecore.games.gambit import (
    StrategicFile,
    TreeFile,
    read_game,
    with_plain_labels,
    write_efg,
    write_game,
    write_nfg,
)
from gamecore.games.gambit.files import unique_labels
from gamecore.games.gambit.writer import number_text
from gamecore.games.strategic import StrategicGame

NFG = 'NFG 1 R "t" { "A" "B" } '
EFG = 'EFG 2 R "t" { "A" "B" }\n'
MOVE = 'p "" 1 1 "" { "a" "b" } 0\n'
ENDS = 't "" 1 "" { 1 2 }\nt "" 0\n'


def strategic(text: str) -> StrategicFile:
    file = read_game(text)
    assert isinstance(file, StrategicFile)
    return file


def tree(text: str) -> TreeFile:
    file = read_game(text)
    assert isinstance(file, TreeFile)
    return file


def faults(text: str | bytes) -> list[str]:
    with pytest.raises(ScenarioError) as caught:
        read_game(text, "f")
    return [fault.text("f") for fault in caught.value.faults]


# ---- numbers ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "exact"),
    [
        ("0.1", Fraction(1, 10)),
        ("-.5", Fraction(-1, 2)),
        ("5.", Fraction(5)),
        ("1e2", Fraction(100)),
        ("1E-3", Fraction(1, 1000)),
        ("1.5e+1", Fraction(15)),
        ("+3", Fraction(3)),
        ("1/3", Fraction(1, 3)),
        ("-2/6", Fraction(-1, 3)),
        ("007", Fraction(7)),
        ("123456789012345678901234567890.5", Fraction(246913578024691357802469135781, 2)),
    ],
)
def test_numbers_are_exact(written: str, exact: Fraction) -> None:
    assert tree(f'EFG 2 R "" {{ "A" }} t "" 1 "" {{ {written} }}').outcomes[0].payoffs == (exact,)
    assert strategic(f'NFG 1 R "" {{ "A" }} {{ 1 }} {written}').game.payoff((0,)) == (exact,)


@pytest.mark.parametrize(
    "written", ["1/0", "1.5/2", "1/-3", "0x1", ".", "-", "1e", "--1", "1.2.3", "1_000", "½", "inf", "nan", "١", "1/"]
)
def test_what_is_no_number_is_told_with_its_place(written: str) -> None:
    assert faults(f'EFG 2 R "" {{ "A" }}\nt "" 1 "" {{ {written} }}')[0].startswith("f:2:13: ")
    assert faults(f'NFG 1 R "" {{ "A" }} {{ 1 }}\n  {written}')[0].startswith("f:2:3: ")


@pytest.mark.parametrize("written", ["1e100000", "1e-2001", "1e999999999999", "9" * 2001])
def test_numbers_too_long_to_reckon_with_are_faults(written: str) -> None:
    assert "digits" in faults(f'NFG 1 R "" {{ "A" }} {{ 1 }} {written}')[0]


@pytest.mark.parametrize(
    ("number", "written"),
    [
        (Fraction(3), "3"),
        (Fraction(-1, 2), "-0.5"),
        (Fraction(1, 1000), "0.001"),
        (Fraction(12345, 100), "123.45"),
        (Fraction(-1, 3), "-1/3"),
        (Fraction(1, 2**100), f"1/{2**100}"),
    ],
)
def test_numbers_are_written_as_decimals_where_these_end(number: Fraction, written: str) -> None:
    assert number_text(number) == written


# ---- strategic form --------------------------------------------------------------------------------------------------


def test_the_first_players_strategy_varies_fastest() -> None:
    game = strategic(NFG + "{ 2 3 } 0 0  10 1  1 10  11 11  2 20  12 21").game
    assert game.shape == (2, 3)
    assert list(game.payoff((1, 0))) == [10, 1]
    assert list(game.payoff((0, 2))) == [2, 20]


@pytest.mark.parametrize(
    "body",
    [
        "{ 2 1 } 1 2 3 4",
        '{ 2 1 } "" 1 2 3 4',
        '{ { "1" "2" } { "1" } } 1 2 3 4',
        '{ { "1" "2" } { "1" } } { { "x" 1, 2 } { "" 3 4, } } 1 2',
        '{ 2 1 } "" { { "x" 3, 4 } { "x" 1 2 } { "unused" 0 0 } } 2 1',
    ],
)
def test_counts_and_labels_payoffs_and_outcomes_all_say_the_same(body: str) -> None:
    assert strategic(NFG + body) == strategic(NFG + "{ 2 1 } 1 2 3 4")


def test_outcome_zero_pays_nothing() -> None:
    assert strategic(NFG + '{ 1 2 } { { "" 1 2 } } 0 1').game.payoffs.tolist() == [[[0, 1]], [[0, 2]]]


def test_the_written_form_is_the_standard_writers() -> None:
    assert write_nfg(strategic(NFG + '{ 2 1 } "c" 1 -2 1/3 0.5')) == (
        'NFG 1 R "t" { "A" "B" }\n\n{ { "1" "2" }\n{ "1" }\n}\n"c"\n\n{\n{ "" 1, -2 }\n{ "" 1/3, 0.5 }\n}\n1 2\n'
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (NFG + "{ 2 2 } 1 2 3 4 5 6 7", "f:1:46: 8 payoffs are needed (2 x 2 profiles, 2 each), and there are 7"),
        (NFG + "{ 2 1 } 1 2 3 4 5", "f:1:41: the payoffs are complete"),
        (NFG + "{ 2 1 } 1, 2 3 4", "f:1:34: leave out the commas"),
        (NFG + "{ 2 1 } 1 2 x 4", "f:1:37: payoff 3 must be a number"),
        (NFG + "{ 2 }", "f:1:25: strategies of 1 players are given, and there are 2 players"),
        (NFG + "{ 2 2 2 } 1", "f:1:25: strategies of 3 players"),
        (NFG + "{ 2 0 } 1", "f:1:29: player 2 needs a strategy"),
        (NFG + "{ 2 1000000000000 } 1", "f:1:29: player 2 is given 1000000000000 strategies"),
        (NFG + '{ { "x" } { } } 1 2', "f:1:35: player 2 needs a strategy"),
        (NFG + '{ { "x" } 2 } 1 2', "f:1:35: the strategies of player 2 must stand in braces"),
        (NFG + '{ { "x", "y" } { "z" } } 1 2 3 4', "f:1:32: leave out the commas"),
        (NFG + '{ 1 1 } { { "" 1 2 3 } } 1', "f:1:40: outcome 1 has 3 payoffs, and there are 2 players"),
        (NFG + "{ 1 1 } { { 1 2 } } 1", "f:1:37: the outcome's name is missing"),
        (NFG + '{ 1 2 } { { "" 1 2 } } 1 2', "f:1:50: there is no outcome 2: the outcomes are 1 to 1"),
        (NFG + '{ 1 2 } { { "" 1 2 } } 1', "f:1:49: 2 profiles need an outcome, and there are 1 numbers"),
        (NFG + '{ 1 1 } { { "" 1 2 } } 1 1', "f:1:50: all 1 profiles have their outcome"),
        ('NFG 2 R "t" { "A" } { 1 } 1', "f:1:5: the version must be 1, not '2'"),
        ('NFG 1 X "t" { "A" } { 1 } 1', "f:1:7: then R has to follow, not 'X'"),
        ('NFG 1 R { "A" } { 1 } 1', "f:1:9: the title is missing"),
        ('NFG 1 R "t" { A } { 1 } 1', "f:1:15: a player's name must be a text in quotes, not 'A'"),
        ('NFG 1 R "t" { } { } 1', "f:1:17: there must be 1 to 32 players, not 0"),
        ('NFG 1 R "t', 'f:1:9: this quote is never closed: end the text with a "'),
        ('NFG 1 R "t" { "A" ', "f:1:18: a } is missing before the end of the file"),
        ("", "f:1:1: a game file starts with NFG 1 (strategic form) or EFG 2 (tree), not with the end of the file"),
        ("title: a scenario", "f:1:1: a game file starts with NFG 1"),
        ("nfg 1 R", "f:1:1: write NFG in capitals"),
        ("<gambit:document>", "f:1:1: this looks like a workbook (.gbt)"),
        ("#AGG", "f:1:1: action-graph games are not read"),
    ],
)
def test_faults_of_strategic_files_have_their_place(text: str, expected: str) -> None:
    assert any(fault.startswith(expected) for fault in faults(text)), faults(text)


def test_all_faults_of_a_strategic_file_are_told_at_once() -> None:
    told = faults('NFG 1 X "t" { "A" , "B" }\n{ 2 1 }\n1 zwei 3\n1/0')
    assert [fault.split(": ")[0] for fault in told] == ["f:1:7", "f:1:19", "f:3:3", "f:4:1"]


# ---- trees -----------------------------------------------------------------------------------------------------------


def test_outcomes_add_up_along_the_path() -> None:
    file = tree(
        EFG
        + 'c "" 1 "" { "x" 1/4 "y" 0.75 } 1 "root" { 1 -1 }\n'
        + 'p "" 2 1 "" { "l" "r" } 2 "inner" { 0.5, 0 }\n'
        + 't "" 2\nt "" 0\nt "" 3 "" { 0 7 }'
    )
    assert file.end_payoffs.tolist() == [[2, Fraction(3, 2), 1], [-1, -1, 6]]
    assert file.reach.tolist() == [Fraction(1, 4), Fraction(1, 4), Fraction(3, 4)]
    assert file.payoffs.tolist()[1] == [Fraction(-1, 4), Fraction(-1, 4), Fraction(9, 2)]
    assert file.probabilities(0) == (Fraction(1, 4), Fraction(3, 4))
    assert file.actions(0) == ("x", "y")
    assert file.actions(1) == ("l", "r")


def test_a_branch_of_chance_nothing_is_kept_and_weighs_nothing() -> None:
    file = tree(EFG + 'c "" 1 "" { "x" 1 "y" 0 } 0 t "" 1 "" { 1 2 } t "" 2 "" { 5 5 }')
    assert file.payoffs.tolist() == [[1, 0], [2, 0]]
    assert file.reach_from(2).tolist() == [1]
    assert file.end_payoffs.tolist() == [[1, 5], [2, 5]]


def test_later_mentions_repeat_a_definition_or_leave_it_out() -> None:
    start = EFG + 'c "" 1 "nature" { "x" 1/2 "y" 1/2 } 0\n'
    short = start + 'p "" 1 7 "i" { "a" } 0 t "" 3 "o" { 1 2 } p "" 1 7 0 t "" 3'
    long = start + 'p "" 1 7 "i" { "a" } 0 t "" 3 "o" { 1 2 } p "" 1 7 "i"\n{ "a" } 0 t "" 3 "o" { 1, 2 }'
    assert tree(short) == tree(long)
    assert tree(short).information_sets[0].number == 7
    assert read_game(write_efg(tree(short))) == tree(short)


def test_numbers_of_sets_are_a_players_own() -> None:
    file = tree(EFG + 'p "" 1 1 "i" { "a" } 0 p "" 2 1 "j" { "b" } 0 c "" 1 "k" { "d" 1 } 0 t "" 0')
    assert [item.label for item in file.information_sets] == ["i", "j"]
    assert file.chance_set_of == (-1, -1, 0, -1)


def test_text_after_the_last_node_is_passed_over_and_said() -> None:
    file = tree(EFG + ENDS.replace('t "" 0\n', "") + "that is all")
    assert file.notes == ("line 3: the tree is complete before 'that'; the rest is not read",)
    assert file == tree(EFG + 't "" 1 "" { 1 2 }')


def test_names_of_information_sets_are_all_different() -> None:
    file = tree(
        EFG + 'p "" 1 1 "i" { "a" } 0 p "" 2 1 "i" { "b" } 0 p "" 1 2 "" { "a" } 0 p "" 1 3 "j" { "a" } 0 t "" 0'
    )
    assert file.information_set_names == ("A: i", "B: i", "A: 2", "j")


def test_quotes_and_backslashes_come_through() -> None:
    file = tree('EFG 2 R "say \\"x\\" or \\y\\\\" z" { "A" } t "" 0'.replace('\\\\" z"', '\\z"'))
    assert file.title == 'say "x" or \\y\\z'
    assert read_game(write_game(file)) == file


def test_a_byte_order_mark_and_any_line_end_are_fine() -> None:
    text = EFG + MOVE + ENDS
    assert read_game(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode()) == read_game(text)
    assert faults(text.replace("\n", "\r").replace('"b" } 0', '"b" } 9'))[0].startswith("f:2:25: outcome 9")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (EFG + MOVE + 't "" 0', "f:3:7: the file ends 1 node too early: the node in line 2 has 2 actions and 1 node"),
        (EFG, "f:1:24: the tree has no node"),
        (EFG + 'p "" 3 1 "" { "a" } 0 t "" 0', "f:2:6: there is no player 3: the players are 1 to 2"),
        (EFG + 'p "" 0 1 "" { "a" } 0 t "" 0', "f:2:6: there is no player 0"),
        (EFG + 'p "" 1 1 0 t "" 0', "f:2:8: information set 1 of player 1 is mentioned for the first time"),
        (EFG + 'p "" 1 1 { "a" } 0 t "" 0', "f:2:10: the information set's name is missing"),
        (EFG + 'p "" 1 1 "" { } 0 t "" 0', "f:2:8: information set 1 of player 1 needs an action"),
        (EFG + 'p "" 1 1 "" { "a", "b" } 0' + ENDS, "f:2:18: leave out the commas"),
        (EFG + 'p "" 1 1 "" { a } 0 t "" 0', "f:2:15: an action's name is missing before 'a'"),
        (EFG + 'p "" 1 1 "" { "a" } 0 p "" 1 1 "" { "b" } 0 t "" 0', "f:2:32: information set 1 of player 1 was"),
        (EFG + 'p "" 1 1 "" { "a" } t "" 0', "f:2:21: the outcome's number (0 for none) must be a whole number"),
        (EFG + 'c "" 1 "" { "a" 1/3 "b" 0.67 } 0' + ENDS, "f:2:8: the chances of information set 1 of chance"),
        (EFG + 'c "" 1 "" { "a" 3/2 "b" -1/2 } 0' + ENDS, "f:2:25: a chance cannot be negative: '-1/2'"),
        (EFG + 'c "" 1 "" { "a" "b" } 0' + ENDS, "f:2:17: the chance of \"a\" is missing"),
        (EFG + 'c "" 1 "" { "a" 1 } 0 c "" 1 "" { "a" 1.0 } 0 t "" 0', "f:2:30: information set 1 of chance was"),
        (EFG + 't "" 5', "f:2:6: outcome 5 is mentioned for the first time"),
        (EFG + 't "" 0 "x" { 1 2 }', "f:2:8: outcome 0 pays nothing"),
        (EFG + 't "" 1 { 1 2 }', "f:2:8: the outcome's name is missing"),
        (EFG + 't "" 1 "" 1 2', "f:2:11: the outcome's payoffs must stand in braces"),
        (EFG + 't "" 1 "" { 1 }', "f:2:13: outcome 1 has 1 payoffs, and there are 2 players"),
        (EFG + 't "" 1 "" { 1 2', "f:2:16: a payoff of outcome 1 is missing before the end of the file"),
        (EFG + MOVE + 't "" 1 "" { 1 2 } t "" 1 "" { 1 2.0 }', "f:3:26: outcome 1 was defined with other words before"),
        (EFG + "x", "f:2:1: a node must start here, with c (chance), p (player) or t (end), not 'x'"),
        (EFG + 't 1 "" { 1 2 }', "f:2:3: the node's name is missing before '1'"),
        ('EFG 1 R "t" { "A" } t "" 0', "f:1:5: the version must be 2, not '1'"),
        ('EFG 2 R "t" { } t "" 0', "f:1:15: name a player at least"),
        ('EFG 2 R "t" "c" { "A" } t "" 0', "f:1:13: the players must stand in braces"),
    ],
)  # fmt: skip
def test_faults_of_trees_have_their_place(text: str, expected: str) -> None:
    assert any(fault.startswith(expected) for fault in faults(text)), faults(text)


def test_faults_are_told_beyond_a_node_that_cannot_be_understood() -> None:
    told = faults(
        EFG
        + 'p "" 1 1 "" { "a" "b" } 0\n'
        + 'p "" 2 1 "" "a" "b" 0\n'  # no braces: its branches are unknown
        + 't "" 1 "" { 1 2 }\nt "" 4\n'  # nothing is said of outcome 4: it may be defined where nothing was understood
        + 'c "" 1 "" { "x" 1/2 "y" 1/3 } 0\n'
        + 't "" 2 "" { 1 x }\n'
    )
    assert [fault.split(": ")[0] for fault in told] == ["f:3:13", "f:6:8", "f:7:15"]


def test_no_more_than_fifty_faults_are_told() -> None:
    told = faults(NFG + "{ 10 10 }\n" + "\n".join(["x"] * 200))
    assert len(told) == 51
    assert told[-1].endswith("the first 50 faults are told; mend these first")


def test_bytes_that_are_no_utf8_are_told_with_their_place() -> None:
    assert faults('EFG 2 R "ä"\n{ "é'.encode() + "ö".encode("latin-1")) == [
        "f:2:5: this is no UTF-8: save the file as UTF-8"
    ]


# ---- limits ----------------------------------------------------------------------------------------------------------


def deep(moves: int) -> str:
    lines = [f'p "" {1 + number % 2} {number} "" {{ "on" "stop" }} 0' for number in range(moves)]
    ends = [f't "" {number} "" {{ {number} 0.{number} }}' for number in range(1, moves + 2)]
    return EFG + "\n".join(lines + ends)


def test_a_deep_tree_of_a_hundred_thousand_nodes_is_read() -> None:
    text = deep(50_000)
    file = tree(text)
    assert len(file.tree.nodes) == 100_001
    assert read_game(write_game(file)) == file
    assert file.payoffs[0, 0] == 1


def test_a_longer_file_than_the_limit_is_refused() -> None:
    with pytest.raises(TooLargeError, match="characters"):
        read_game(NFG, most_characters=10)
    with pytest.raises(TooLargeError, match="more than 100 nodes"):
        read_game(deep(100), most_nodes=100)


def test_sums_that_grow_without_end_are_refused_in_good_time() -> None:
    primes = [number for number in range(10_000, 60_000) if all(number % factor for factor in range(2, 245))]
    nodes = [f'p "" 1 {prime} "" {{ "on" "stop" }} {prime} "" {{ 1/{prime} 0 }}' for prime in primes]
    file = tree(EFG + "\n".join([*nodes, *['t "" 0'] * (len(primes) + 1)]))
    with pytest.raises(TooLargeError, match="digits"):
        _ = file.payoffs


# ---- labels ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("labels", "told"),
    [
        (["x", "y"], ("x", "y")),
        (["x", "x", "y"], ("x_1", "x_2", "y")),
        (["x", "x", "x_1"], ("x_2", "x_3", "x_1")),
        (["x", "", "_1"], ("x", "_2", "_1")),
        (["", ""], ("_1", "_2")),
    ],
)
def test_labels_are_told_apart_as_gambit_does(labels: list[str], told: tuple[str, ...]) -> None:
    assert unique_labels(labels) == told
    assert unique_labels(told) == told


def test_plain_labels_are_ascii_and_all_different() -> None:
    file = with_plain_labels(
        tree('EFG 2 R "Ä – ß" { "Zoë" "Zoe" } p "n" 1 1 "ü" { "ø" "é  é" } 0 p "n" 1 2 "u" { "a" } 0 t "" 0 t "" 0')
    )
    assert file.title == "A - ss"
    assert file.players == ("Zoe_1", "Zoe_2")
    assert [item.label for item in file.information_sets] == ["u_1", "u_2"]
    assert file.information_sets[0].actions == ("o", "e e")
    assert file.labels == ("n_1", "n_2", "", "")
    assert write_game(file).isascii()


def test_a_label_that_no_file_can_hold_is_an_input_error() -> None:
    game = StrategicGame.from_array([[1]])
    with pytest.raises(InputError, match="backslash"):
        write_nfg(StrategicFile("ends in \\", ("A",), (("a",),), game))


def test_labels_that_do_not_fit_the_game_are_an_input_error() -> None:
    with pytest.raises(InputError, match="do not fit"):
        StrategicFile("", ("A",), (("a", "b"),), StrategicGame.from_array([[1]]))
