"""What each outcome is worth to whom.

Uncertain numbers and their draws, the lines and rows of the scenario's payoffs, and from them one array with the axes
(draw, player, outcome). Value models of programmes and deals belong here too.
"""
