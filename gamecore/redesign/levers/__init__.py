"""Changing the game: which changes of a scenario are worth proposing, what a clause is worth, and when somebody would
get what it wants. `derived.py` lists the changes, `search.py` tries them, `ranking.py` tells the best.
"""
