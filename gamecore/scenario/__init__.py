"""What people write: scenario files, read with all their faults and places, and changed by levers."""

from gamecore.scenario.expressions import EXACT, VECTOR, CalculationError, FormulaError, evaluate, parse_formula
from gamecore.scenario.reading import apply_levers, read_scenario, set_values

__all__ = [
    "EXACT",
    "VECTOR",
    "CalculationError",
    "FormulaError",
    "apply_levers",
    "evaluate",
    "parse_formula",
    "read_scenario",
    "set_values",
]
