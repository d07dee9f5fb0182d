"""Who does what when nobody gains by moving alone.

One algorithm a module; each answers with a frozen result (what was asked, by which method, the answer, complete,
partial or refused), and `certificate` judges them all by recomputing every deviation's gain in rationals.
"""
