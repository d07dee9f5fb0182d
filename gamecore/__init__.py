"""Gamecore: from a negotiation to a one-page brief with three options.

A negotiation is written as players, options, timing and payoffs. The package reads it (`scenario`, `model`), values
every outcome for every player (`valuation`), builds the game (`games`), finds who does what when nobody gains by moving
alone (`equilibria`) and what all sides can live with (`compromises`), says how sure that is (`robustness`), recommends
(`advice`) and writes the page (`brief`). `pipeline.analyse` is the whole walk; `cli` is the command line.
"""

__version__ = "0.1.0"
