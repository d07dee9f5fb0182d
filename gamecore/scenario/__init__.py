"""What people write: scenario files, read with all their faults and places, and changed by levers."""

from gamecore.scenario.expressions import EXACT, VECTOR, CalculationError, FormulaError, evaluate, parse_formula
from gamecore.scenario.outcomes import MOST_OUTCOMES, check_rows, outcomes
from gamecore.scenario.reading import apply_levers, read_scenario, set_values
from gamecore.scenario.schedule import BaseNumbers, base_inputs, base_times, calendar_date, order, rests_on, time_value

__all__ = [
    "EXACT",
    "MOST_OUTCOMES",
    "VECTOR",
    "BaseNumbers",
    "CalculationError",
    "FormulaError",
    "apply_levers",
    "base_inputs",
    "base_times",
    "calendar_date",
    "check_rows",
    "evaluate",
    "order",
    "outcomes",
    "parse_formula",
    "read_scenario",
    "rests_on",
    "set_values",
    "time_value",
]
