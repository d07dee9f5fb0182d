"""Gambit's files: games in strategic form (`.nfg`) and game trees (`.efg`), read and written exactly.

`read_game` decides by the first word and tells every fault it can find at once, with line and column. Numbers are
exact (0.1 is 1/10), labels are UTF-8, outcomes on inner nodes add up along the path. What is read and written again is
the same game: `read_game(write_game(file)) == file`.

>>> pennies = read_game('NFG 1 R "pennies" { "even" "odd" } { 2 2 } 1 -1 -1 1 -1 1 1 -1')
>>> pennies.strategies
(('1', '2'), ('1', '2'))
>>> pennies.game.payoff((1, 0))
(Fraction(-1, 1), Fraction(1, 1))
>>> tree = read_game('EFG 2 R "ask" { "me" } p "" 1 1 "" { "yes" "no" } 0 t "" 1 "" { 1/3 } t "" 0')
>>> tree.payoffs
array([[Fraction(1, 3), Fraction(0, 1)]], dtype=object)

Source: the formats as documented with Gambit 16 (Savani & Turocy); where the document leaves a choice, what its reader
accepts. `gambit.scenario_tree` turns a scenario into such a tree.
"""

from gamecore.games.gambit.files import ChanceSet, InformationSet, Outcome, StrategicFile, TreeFile
from gamecore.games.gambit.plain import with_plain_labels
from gamecore.games.gambit.reader import read_game
from gamecore.games.gambit.writer import write_efg, write_game, write_nfg

__all__ = [
    "StrategicFile",
    "TreeFile",
    "InformationSet",
    "ChanceSet",
    "Outcome",
    "read_game",
    "write_game",
    "write_nfg",
    "write_efg",
    "with_plain_labels",
]
