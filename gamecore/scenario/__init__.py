"""What people write: the scenario file, its faults and its formulas.

The document (its shape and JSON Schema), the readers of YAML and JSON, which report every fault of a file at once with
line, column and how to mend it, and the arithmetic on named inputs. Out comes a `gamecore.model.Scenario`.
"""
