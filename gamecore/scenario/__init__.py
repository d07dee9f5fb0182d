"""What people write: scenario files, read with all their faults and places, and changed by levers."""

from gamecore.scenario.confidential import confidential_names, is_confidential
from gamecore.scenario.document import json_schema
from gamecore.scenario.expressions import EXACT, VECTOR, CalculationError, FormulaError, evaluate, parse_formula
from gamecore.scenario.outcomes import MOST_OUTCOMES, check_rows, outcomes
from gamecore.scenario.reading import apply_levers, read_scenario, set_values
from gamecore.scenario.schedule import BaseNumbers, base_inputs, base_times, calendar_date, order, rests_on, time_value
from gamecore.scenario.starting import Answers, new_scenario

__all__ = [
    "EXACT",
    "MOST_OUTCOMES",
    "VECTOR",
    "Answers",
    "BaseNumbers",
    "CalculationError",
    "FormulaError",
    "apply_levers",
    "base_inputs",
    "base_times",
    "calendar_date",
    "check_rows",
    "confidential_names",
    "evaluate",
    "is_confidential",
    "json_schema",
    "new_scenario",
    "order",
    "outcomes",
    "parse_formula",
    "read_scenario",
    "rests_on",
    "set_values",
    "time_value",
]
