"""The shape of a scenario file: every block with its keys, once, for the reader and for the JSON Schema.

`BLOCKS[block][key]` says what a key means, what stands there, and whether it is needed or belongs to a later version.
The reader refuses every key that is not in this table (and suggests the nearest that is); `json_schema()` turns the
same table into the schema that editors complete from.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

SCHEMA_ADDRESS: Final = "https://json-schema.org/draft/2020-12/schema"


@dataclass(frozen=True)
class Key:
    """One key of a block. `kind` names an entry of `_KINDS`; `later` marks what is recognised but not supported yet."""

    text: str
    kind: str
    needed: bool = False
    later: bool = False


# These may stand in any block.
ANYWHERE: Final = {
    "label": Key("What people read.", "text"),
    "note": Key("A remark for the annex.", "text"),
    "source": Key("Where it comes from.", "text"),
}
_CONFIDENTIAL: Final = Key("yes: nothing that rests on this is printed on a shared copy.", "yesno")
_WHEN: Final = Key("Only where this holds.", "condition")

BLOCKS: Final[dict[str, dict[str, Key]]] = {
    "scenario": {
        "gamecore": Key("Version of the format: 1.", "version", needed=True),
        "title": Key("What the page is about.", "text", needed=True),
        "question": Key("The question the page answers.", "text", needed=True),
        "decide_by": Key("The date by which the decision falls, such as 2020-06-12.", "date"),
        "advise": Key("The player whose decision makers read the page, or 'alliance' (neutral).", "text", needed=True),
        "unit": Key("The unit of every amount, such as USD m.", "text"),
        "rates": Key("What one unit of another currency is worth in the file's, such as {EUR: 1.08}.", "rates"),
        "context": Key("At most three sentences.", "context"),
        "players": Key("1. Who are the decision makers?", "players", needed=True),
        "decisions": Key("2. What are their options?", "decisions", needed=True),
        "events": Key("What nobody decides.", "events"),
        "impossible": Key("Combinations that cannot occur.", "conditions"),
        "baseline": Key("The plan as it stood.", "condition", needed=True),
        "timing": Key("3. What is the timing? Who knows what? Who offers first?", "timing", needed=True),
        "payoffs": Key("4. What are the payoffs? A player's payoff is the sum of the lines.", "payoffs", needed=True),
        "programme": Key("The drug programme that 'enpv' values: phases and markets.", "programme"),
        "deal": Key("Who pays what and who gets what: the terms under which 'enpv' values the programme.", "deal"),
        "inputs": Key("The numbers behind the payoffs.", "inputs"),
        "levers": Key("Named changes of this file.", "levers"),
        "expect": Key("Results that must come out.", "expect"),
    },
    "player": {
        "name": Key("The player's name.", "text", needed=True),
        "short": Key("A shorter name for narrow columns.", "text"),
        "lead": Key("Who leads the talks for this player.", "text"),
        "role": Key("Such as pharma, biotech, payer.", "text"),
        "discount_rate": Key("A yearly rate such as 9% or 8% .. 9% .. 10.5%.", "value"),
        "runway": Key("How long the cash lasts, such as 20 months.", "length"),
        "cash": Key("Cash in the file's unit.", "value"),
        "risk_tolerance": Key("Risk tolerance in the file's unit; risk neutral if not written.", "value"),
        "confidential": _CONFIDENTIAL,
    },
    "decision": {
        "by": Key("One player (a move), or a list (an agreement: all must agree).", "names", needed=True),
        "when": Key("The decision exists only where this holds.", "condition"),
        "options": Key("What can be chosen.", "options"),
        "terms": Key("Terms of a deal: every combination of their levels can be agreed.", "terms"),
        "no_agreement": Key("What happens without agreement, in words.", "no_agreement"),
        "confidential": _CONFIDENTIAL,
        "needs": Key("What is enough to pass; everyone must agree if not written.", "needs"),
        "payments": Key("yes: money can be shared in any way.", "yesno"),
    },
    "needs": {
        "votes": Key("How many of those who decide are enough; all of them if not written.", "votes"),
        "veto": Key("Who has to be among them.", "names"),
    },
    "option": {
        "label": Key("What people read.", "text", needed=True),
        "pros": Key("What speaks for it.", "texts"),
        "cons": Key("What speaks against it.", "texts"),
        "when": Key("Can be chosen only where this holds.", "condition"),
        "available": Key("no: not on the table unless a lever puts it there.", "yesno"),
        "same_as": Key("The option of another decision that is the same plan, only earlier.", "text"),
        "confidential": _CONFIDENTIAL,
        "parties": Key("Who must sign this option; everyone who decides if not written.", "names"),
        "leads_to": Key("In a conflict the options that can follow in one move; [] for none.", "options_to_follow"),
    },
    "term": {
        "levels": Key("Numbers: [10, 20], 10 to 50 by 10, or 10 to 50 (any amount).", "levels"),
        "options": Key("Named levels.", "options"),
        "unit": Key("The unit of the levels.", "text"),
        "confidential": _CONFIDENTIAL,
    },
    "no_agreement": {
        "label": Key("What happens, in words.", "text", needed=True),
        "means": Key("The option that then happens by itself.", "text"),
        "confidential": _CONFIDENTIAL,
    },
    "event": {
        "chances": Key("Outcomes with their chances, or rows of them.", "chances"),
        "signal_of": Key("The event this one tells of; same outcomes.", "text"),
        "right": Key("The chance that the signal is right.", "value"),
        "when": Key("The event happens only where this holds.", "condition"),
        "labels": Key("What people read for each outcome.", "labels"),
        "beliefs": Key("Players who see the chances differently.", "beliefs"),
        "confidential": _CONFIDENTIAL,
    },
    "timing": {
        "count_from": Key("Day zero, such as 2020-07-01: values are discounted to it.", "date"),
        "anytime": Key("yes: no order of moves, a conflict; then 'today' in place of dates.", "yesno"),
        "today": Key("Where a conflict stands: one option for every decision that is open.", "state"),
    },
    "moment": {
        "at": Key("6 months, 2021-01-01, 'date of january' or hidden.", "time", needed=True),
        "seen_by": Key("Who learns it: a player, a list, or players with dates.", "seen_by"),
        "proposes": Key("A player, 'each', 'at_once', or a list with 'rounds'.", "names"),
        "rounds": Key("How many rounds of offers, or 'unlimited'.", "rounds"),
        "every": Key("The length of a round, such as 3 months.", "length"),
        "breakdown": Key("The chance that talks break down in a round.", "value"),
        "meanwhile": Key("'nothing': waiting discounts the whole value, not only the gain.", "meanwhile"),
    },
    "line": {
        "rows": Key("Rows; exactly one fits every outcome.", "rows"),
        "when": _WHEN,
        "at": Key("The date of the amounts; today if not written.", "time"),
        "all": Key("The value of every player not named, or 'enpv'.", "value"),
        "confidential": _CONFIDENTIAL,
        "weight": Key("What this criterion weighs for each player; then every line needs it.", "amounts"),
    },
    "rankings": {},
    "ranking": {
        "best_to_worst": Key("Conditions, the best first; each outcome fits exactly one.", "conditions"),
        "priorities": Key("Statements, the most important first.", "conditions"),
        "comparisons": Key("Single comparisons; the rest is not known.", "comparisons"),
        "confidential": _CONFIDENTIAL,
    },
    "comparison": {
        "better": Key("What is liked better ...", "condition"),
        "than": Key("... than this.", "condition"),
        "equal": Key("Two conditions: what fits them is equally good.", "conditions"),
    },
    "row": {
        "when": Key("Where the row holds, or 'otherwise'.", "condition"),
        "at": Key("The date of the amounts.", "time"),
        "all": Key("The value of every player not named, or 'enpv'.", "value"),
    },
    "programme": {
        "start": Key("When the first phases begin; at day zero if not written.", "time"),
        "phases": Key("The phases, in order.", "phases", needed=True),
        "sales": Key("The markets, by name.", "markets"),
        "changes": Key("Rows that change it: {when: {plan: wait}, phase_2.cost: times 1.2}.", "changes"),
        "confidential": _CONFIDENTIAL,
    },
    "phase": {
        "budget": Key("What was planned to be spent, spread evenly over the phase.", "value", needed=True),
        "cost": Key("What it really costs; the budget if not written.", "value"),
        "lasts": Key("How long it takes.", "length"),
        "success": Key("The chance that it succeeds once entered.", "chance"),
        "after": Key("The phase whose success opens it, or 'start'; the one before if not written.", "phase_name"),
        "pause": Key("Time between that and the start of this phase.", "length"),
        "reference": Key("Published success and length where none are written: oncology phase_2.", "reference"),
    },
    "market": {
        "after": Key("The phase whose success opens the market; the last if not written.", "phase_name"),
        "peak": Key("Sales a year at the peak.", "value"),
        "patients": Key("In place of 'peak', with 'share' and 'price': patients a year.", "value"),
        "share": Key("Share of the patients who are treated.", "share"),
        "price": Key("Sales a patient and year.", "value"),
        "ramp": Key("Time from launch to the peak.", "length"),
        "margin": Key("Operating profit as a share of sales.", "share", needed=True),
        "until": Key("Loss of exclusivity in the calendar.", "time"),
        "exclusivity": Key("Exclusivity counted from approval; the later of this and 'until' holds.", "length"),
        "delay": Key("Time from approval to launch.", "length"),
        "after_loe": Key("Share of sales kept after the loss of exclusivity.", "share"),
        "tail": Key("How long they are kept.", "length"),
    },
    "deal": {
        "signed": Key("When it is signed; at day zero if not written.", "time"),
        "cost_share": Key("Who pays each phase; each sums to 100%.", "cost_shares"),
        "profit_share": Key("Who earns in each market; each sums to 100%.", "share_lists"),
        "milestones": Key("Payments at a point of the programme.", "milestones"),
        "royalties": Key("Shares of sales.", "royalties"),
        "co_promotion": Key("One player sells along with another.", "co_promotions"),
        "supply": Key("One player makes the product for another.", "supplies"),
        "gates": Key("Who may stop at the start of a phase, and what each side then gets.", "gates"),
        "changes": Key("Rows that change it: {when: {plan: opt_out}, profit_share.world: {diamond: 100%}}.", "changes"),
        "confidential": _CONFIDENTIAL,
    },
    "cost_share": {
        "above_budget": Key("Shares of what is above the budget.", "shares"),
        "cap": Key("A share of the budget, such as 110%, above which 'above_cap' holds.", "percent"),
        "above_cap": Key("Shares of what is above the cap.", "shares"),
    },
    "milestone": {
        "from": Key("Who pays; 'outside' for somebody who is no player.", "payer", needed=True),
        "to": Key("Who receives; 'outside' for somebody who is no player.", "payer", needed=True),
        "amount": Key("How much.", "value", needed=True),
        "due": Key(
            "signature, launch, launch of world, start of phase_3, success of phase_2, yearly sales above 500, "
            "total sales above 2000, or a date.",
            "due",
            needed=True,
        ),
        "each_year": Key("yes: every year in which yearly sales are above.", "yesno"),
        "markets": Key("The markets whose sales or launch count; all if not written.", "market_names"),
    },
    "royalty": {
        "from": Key("Who pays; 'outside' for somebody who is no player.", "payer", needed=True),
        "to": Key("Who receives; 'outside' for somebody who is no player.", "payer", needed=True),
        "tiers": Key("From these yearly sales on, this rate: {0: 8%, 200: 11%}.", "tiers", needed=True),
        "markets": Key("The markets whose sales count; all if not written.", "market_names"),
        "term": Key("Time from launch, or until the loss of exclusivity if that is later.", "length"),
        "step_down": Key("Share of the rate that falls away after the loss of exclusivity.", "share"),
        "third_party": Key("Royalties owed to others, as a share of sales.", "share"),
        "offset": Key("Share of these that may be taken off.", "share"),
        "floor": Key("Share of the royalty that stays due in any case.", "share"),
    },
    "co_promotion": {
        "by": Key("Who sells along.", "player", needed=True),
        "with": Key("Whose market it is.", "player", needed=True),
        "market": Key("In which market.", "market_name", needed=True),
        "effort": Key("Share of the promotion taken over.", "share"),
        "yearly_cost": Key("What all promotion costs a year.", "value"),
        "reimbursed": Key("Share of that cost which is paid back.", "share"),
        "profit": Key("Share of the market's profit handed over.", "share"),
    },
    "supply": {
        "from": Key("Who makes it; 'outside' for somebody who is no player.", "payer", needed=True),
        "to": Key("Who buys it; 'outside' for somebody who is no player.", "payer", needed=True),
        "margin": Key("The maker's profit, as a share of sales.", "share", needed=True),
        "markets": Key("For which markets; all if not written.", "market_names"),
    },
    "gate": {
        "by": Key("Who may stop.", "player", needed=True),
    },
    "change": {"when": Key("Where the changes hold.", "condition")},
    "chance_row": {"when": Key("Where the row holds, or 'otherwise'.", "condition")},
    "input": {
        "value": Key("A number, percentage, range or formula; of a switch: where it stands.", "input_value"),
        "rows": Key("Values by what happens.", "input_rows"),
        "one_of": Key("The positions of a switch.", "labels"),
        "unit": Key("The unit of the number.", "text"),
        "owner": Key("Who answers for the number.", "text"),
        "shape": Key("How a range is drawn.", "shape"),
        "at_least": Key("Draws are cut here.", "value"),
        "at_most": Key("Draws are cut here.", "value"),
        "moves_with": Key("Rank correlation with other inputs.", "correlations"),
        "confidential": _CONFIDENTIAL,
    },
    "input_row": {
        "when": Key("Where the value holds, or 'otherwise'.", "condition"),
        "value": Key("The value.", "value", needed=True),
    },
    "lever": {
        "set": Key("Values of this file by their path, such as timing.news: 3 months.", "set"),
        "pay": Key("A payment.", "payments"),
        "commit": Key("Rule out the other options of a decision.", "anything"),
        "cost": Key("What pulling it takes, per player.", "amounts"),
        "confidential": _CONFIDENTIAL,
    },
    "payment": {
        "from": Key("Who pays.", "text", needed=True),
        "to": Key("Who receives.", "text", needed=True),
        "amount": Key("A number, or bounds to search: 0 to 15.", "value", needed=True),
        "if": Key("Where it is paid.", "condition"),
        "due": Key("When it is paid; at signature if not written.", "time"),
    },
    "expect": {
        "value": Key("What this is worth.", "condition"),
        "choice": Key("What is chosen.", "condition"),
        "outcome": Key("What comes out.", "condition"),
        "equilibrium": Key("A profile that is an equilibrium.", "anything"),
        "recommended": Key("What is recommended.", "condition"),
        "chance": Key("How often this is the outcome.", "condition"),
        "payment": Key("A lever with a payment.", "text"),
        "joint_value": Key("The value of a coalition.", "anything"),
        "split": Key("How the value is shared.", "anything"),
        "stable": Key("A state that is stable.", "condition"),
        "not_stable": Key("A state that is not stable.", "condition"),
        "if": Key("Given that.", "condition"),
        "lever": Key("With this lever pulled.", "names"),
        "proposes": Key("Who proposes, or 'at_once'.", "text"),
        "solution": Key("Of this solution, such as nash.", "text"),
        "under": Key("Under this concept of stability.", "text"),
        "within": Key("How near it must come.", "value"),
        "is": Key("The chance or value.", "value"),
        "needed": Key("The smallest payment that works.", "value"),
        "possible": Key("The largest payment that works.", "value"),
    },
}

EXPECTED_KINDS: Final = (
    "value",
    "choice",
    "outcome",
    "equilibrium",
    "recommended",
    "chance",
    "payment",
    "joint_value",
    "split",
    "stable",
    "not_stable",
)
SHAPES: Final = ("normal", "lognormal", "triangular", "pert", "uniform", "discrete")

# Words that cannot be names anywhere, because conditions, values or dates use them.
RESERVED: Final = frozenset(
    {
        *("yes", "no", "on", "off", "true", "false", "null"),
        *("all", "any", "agreed", "no_agreement", "otherwise", "rest", "hidden", "enpv"),
        *("year", "years", "month", "months", "week", "weeks", "day", "days"),
        *("min", "max", "if", "abs", "sqrt", "exp", "log"),
    }
)


def keys_of(block: str) -> dict[str, Key]:
    """The keys of a block, with those that may stand in any block."""
    return {**ANYWHERE, **BLOCKS[block]}


# ---- JSON Schema -----------------------------------------------------------------------------------------------------

_NAMED: Final = {"pattern": "^[a-z][a-z0-9_]*$"}
_TEXT: Final[dict[str, Any]] = {"type": ["string", "number", "boolean"]}
_VALUE: Final[dict[str, Any]] = {
    "type": ["number", "string"],
    "description": "A number, a percentage (9%), a range (low .. base .. high) or a formula on inputs and terms.",
    "examples": ["1100", "9%", "750 .. 1100 .. 1600", "packs * (40 - cost)"],
}
_TIME: Final[dict[str, Any]] = {
    "type": ["number", "string"],
    "description": "0, a length of time (6 months), a date (2021-01-01), 'date of january', or an input in time.",
    "examples": ["0", "6 months", "2 weeks", "2021-01-01", "date of january"],
}
_CLAUSE: Final[dict[str, Any]] = {
    "type": "object",
    "minProperties": 1,
    "additionalProperties": {
        "anyOf": [_TEXT, {"type": "array", "items": _TEXT, "minItems": 1}],
    },
}


def _ref(name: str) -> dict[str, Any]:
    return {"$ref": f"#/$defs/{name}"}


def _named(inner: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "propertyNames": _NAMED, "additionalProperties": inner, "minProperties": 1}


def _one_or_list(inner: dict[str, Any]) -> dict[str, Any]:
    return {"anyOf": [inner, {"type": "array", "items": inner, "minItems": 1}]}


def _or_short(inner: dict[str, Any]) -> dict[str, Any]:
    return {"anyOf": [_TEXT, inner]}


def _kinds() -> dict[str, dict[str, Any]]:
    """What stands after a key, by the kinds that `BLOCKS` names."""
    chances = {"type": "object", "additionalProperties": _ref("value")}
    rows = {"type": "array", "items": _ref("chance_row"), "minItems": 1}
    return {
        "text": _TEXT,
        "texts": _one_or_list(_TEXT),
        "context": {"anyOf": [_TEXT, {"type": "array", "items": _TEXT, "maxItems": 3}]},
        "yesno": {"enum": [True, False, "yes", "no", "true", "false"]},
        "version": {"enum": [1, "1"]},
        "date": {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"},
        "value": _ref("value"),
        "length": _ref("time"),
        "time": _ref("time"),
        "condition": _ref("condition"),
        "conditions": {"type": "array", "items": _ref("condition")},
        "names": _one_or_list({"type": "string"}),
        "needs": _ref("needs"),
        "votes": {"type": "integer", "minimum": 1},
        "rounds": {"anyOf": [{"type": "integer", "minimum": 1}, {"const": "unlimited"}]},
        "meanwhile": {"const": "nothing"},
        "seen_by": {"anyOf": [_one_or_list({"type": "string"}), _named(_ref("time"))]},
        "labels": {"type": "object", "additionalProperties": _TEXT},
        "levels": {"anyOf": [{"type": "array", "items": _TEXT, "minItems": 1}, {"type": "string"}]},
        "options": _named(_or_short(_ref("option"))),
        "no_agreement": _or_short(_ref("no_agreement")),
        "terms": _named(_ref("term")),
        "chances": {"anyOf": [chances, rows]},
        "beliefs": _named({"anyOf": [chances, rows]}),
        "rows": {"type": "array", "items": _ref("row"), "minItems": 1},
        "input_rows": {"type": "array", "items": _ref("input_row"), "minItems": 1},
        "input_value": {"anyOf": [_ref("value"), {"type": "object", "additionalProperties": _ref("value")}]},
        "shape": {"enum": list(SHAPES)},
        "correlations": _named(_ref("value")),
        "set": {"type": "object", "minProperties": 1},
        "payments": _one_or_list(_ref("payment")),
        "amounts": _named(_ref("value")),
        "chance": _ref("value"),
        "share": _ref("value"),
        "percent": _ref("value"),
        "shares": _named(_ref("value")),
        "share_lists": _named(_named(_ref("value"))),
        "tiers": {"type": "object", "additionalProperties": _ref("value"), "minProperties": 1},
        "due": _ref("time"),
        "reference": {"type": "string"},
        "player": {"type": "string"},
        "payer": {"type": "string"},
        "phase_name": {"type": "string"},
        "market_name": {"type": "string"},
        "market_names": _one_or_list({"type": "string"}),
        "programme": _ref("programme"),
        "deal": _ref("deal"),
        "phases": _named(_ref("phase")),
        "markets": _named(_ref("market")),
        "cost_shares": _named(_ref("cost_share")),
        "milestones": _named(_ref("milestone")),
        "royalties": _named(_ref("royalty")),
        "co_promotions": _named(_ref("co_promotion")),
        "supplies": _named(_ref("supply")),
        "gates": _named(_ref("gate")),
        "changes": {"type": "array", "items": _ref("change")},
        "options_to_follow": {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]},
        "state": _named({"type": "string"}),
        "comparisons": {"type": "array", "items": _ref("comparison"), "minItems": 1},
        "anything": {},
        "players": _named(_ref("player")),
        "decisions": _named(_ref("decision")),
        "events": _named(_ref("event")),
        "timing": _ref("timing"),
        "payoffs": {**_named(_ref("line")), "properties": {"rankings": _ref("rankings")}},
        "inputs": _named({"anyOf": [_ref("value"), _ref("input")]}),
        "rates": {
            "type": "object",
            "propertyNames": {"pattern": "^[A-Z]{3}$"},
            "additionalProperties": {"anyOf": [_ref("value"), _ref("input")]},
        },
        "levers": _named(_ref("lever")),
        "expect": {"type": "array", "items": _ref("expect")},
    }


# Blocks in which names stand beside the keys, and what belongs to such a name.
_WITH_NAMES: Final[dict[str, dict[str, Any]]] = {
    "row": {"$ref": "#/$defs/value"},
    "line": {"$ref": "#/$defs/value"},
    "chance_row": {"$ref": "#/$defs/value"},
    "expect": {"$ref": "#/$defs/value"},
    "cost_share": {"$ref": "#/$defs/value"},
    "gate": {"$ref": "#/$defs/value"},
    "change": {},
    "rankings": {"$ref": "#/$defs/ranking"},
    "timing": {"anyOf": [{"$ref": "#/$defs/time"}, {"const": "hidden"}, {"$ref": "#/$defs/moment"}]},
}


def _block_schema(block: str, kinds: dict[str, dict[str, Any]]) -> dict[str, Any]:
    properties: dict[str, Any] = {}
    for name, key in keys_of(block).items():
        if key.later:
            properties[name] = {"not": {}, "description": f"{key.text} Not supported yet."}
        else:
            properties[name] = {**kinds[key.kind], "description": key.text}
    return {
        "type": "object",
        "properties": properties,
        "required": [name for name, key in BLOCKS[block].items() if key.needed],
        "additionalProperties": _WITH_NAMES.get(block, False),
    }


def json_schema() -> dict[str, Any]:
    """The JSON Schema (Draft 2020-12) of a scenario file, for completion in editors and for the service's description.

    The schema knows the shape only; `read_scenario` also checks names, dates, sums and that every outcome has a value.
    """
    kinds = _kinds()
    clauses = {"anyOf": [_CLAUSE, {"type": "array", "items": _CLAUSE, "minItems": 1}, {"const": "otherwise"}]}
    blocks = {block: _block_schema(block, kinds) for block in BLOCKS if block != "scenario"}
    whole = _block_schema("scenario", kinds)
    whole["required"].remove("baseline")  # a conflict has `today` in its place
    conflict = {"properties": {"timing": {"required": ["anytime"]}}}
    return {
        "$schema": SCHEMA_ADDRESS,
        "title": "Gamecore scenario",
        "description": "A negotiation as four questions: players, options, timing and payoffs.",
        **whole,
        "anyOf": [{"required": ["baseline"]}, conflict],
        "$defs": {"value": _VALUE, "time": _TIME, "condition": clauses, **blocks},
    }
