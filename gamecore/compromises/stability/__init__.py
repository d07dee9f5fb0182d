"""Which states of a conflict are likely to last: the graph model for conflict resolution.

`concepts.py` the stabilities of one decision maker, `coalition.py` those of several together, `limited_move.py` those
with foresight, `status_quo.py` how to get from today to a lasting state, `story.py` why a state lasts or not. Conflicts
themselves are in `gamecore.games.conflict`.
"""
