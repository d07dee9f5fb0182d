"""What each outcome is worth to whom.

Uncertain numbers and their draws, the lines and rows of the scenario's payoffs, and from them one array with the axes
(draw, player, outcome). `programme` says what a drug programme and a deal are, in plain numbers; `enpv` values them for
each player, and `cash_flows` and `risk_profile` open that value up.
"""
