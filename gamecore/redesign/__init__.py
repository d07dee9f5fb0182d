"""Change the game: levers, payments and inverse questions.

Reserved for the search over named changes of the scenario: which least change makes a plan acceptable and
self-enforcing, and between which payments. The levers themselves are read, checked and applied in `gamecore.scenario`.
"""
