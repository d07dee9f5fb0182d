"""From candidates to three options to one recommendation, with typed reasons.

Candidates are plans that people can name. The rule that picks among them is written here once; each of its steps leaves
a `Reason` (kind, numbers, what it refers to), and sentences are made of them only in `gamecore.brief`.
"""
