"""Deals over many issues: what can be agreed, the frontier and the solutions, trades, bets and fair division.

A `space.DealSpace` says what can be agreed and what it is worth; `overview.overview` answers everything about it at
once. Exact: values are rationals, millions of deals are compared as whole numbers over a common denominator.
"""
