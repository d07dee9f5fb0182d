"""How three or more share what they make together: Shapley value, core, nucleolus, bankruptcy rules, stable coalitions.

Everything takes a `games.coalition.CoalitionGame`, is exact, and carries a ledger that `judge` checks by plain sums,
sharing nothing with the solvers. `words` tells the ledgers in sentences.
"""
