"""Whether a scenario gives what its author wrote under `expect`.

Each entry is answered by the same rooms that make the page. Entries that need a room that is still to come are
counted as not supported yet, never as met. Entries on a conflict (`stable`, `not_stable`, `recommended`) are
answered from its states.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Final

from gamecore.errors import GamecoreError
from gamecore.model import AGREED, ALWAYS, NO_AGREEMENT, Clause, Condition, Expectation, Expected, Scenario
from gamecore.pipeline import Settings, analyse, solved_game
from gamecore.scenario import apply_levers
from gamecore.scenario.expressions import parse_number
from gamecore.scenario.results import STABILITIES

if TYPE_CHECKING:
    from gamecore.advice.analysis import Analysis, Candidate
    from gamecore.advice.conflict_facts import ConflictAnalysis
    from gamecore.equilibria.following import Policy
    from gamecore.equilibria.protocols import Solved
    from gamecore.games.translate import Game, Numbers
    from gamecore.valuation.payoffs import Worth

__all__ = ["LATER", "Outcome", "check_expectations"]

MET: Final = "met"
MISSED: Final = "missed"
NOT_YET: Final = "not supported yet"
NOT_SHARED: Final = "play comes to no agreement with 'payments: yes'"

LATER: Final[frozenset[Expected]] = frozenset()
"""The kinds of entries that rooms still to come will answer: none."""


@dataclass(frozen=True)
class Outcome:
    """One entry: where it stands, its kind, `met`, `missed` or `not supported yet`, and what was found."""

    line: int
    kind: str
    status: str
    text: str


def check_expectations(scenario: Scenario, settings: Settings | None = None) -> list[Outcome]:
    """Check every entry of `expect`, in file order."""
    settings = settings or Settings()
    answers: dict[str | None, _Answers | _ConflictAnswers] = {}
    outcomes = []
    for entry in scenario.expect:
        if entry.kind in LATER:
            outcomes.append(Outcome(entry.place.line, entry.kind.value, NOT_YET, "needs a room that is still to come"))
            continue
        try:
            pulled = _pulled(entry)
            if pulled not in answers:
                changed = apply_levers(scenario, [pulled]) if pulled else scenario
                answers[pulled] = _ConflictAnswers(changed) if changed.is_conflict else _Answers(changed, settings)
            met, text = answers[pulled].check(entry)
        except GamecoreError as error:
            met, text = False, str(error)
        outcomes.append(Outcome(entry.place.line, entry.kind.value, MET if met else MISSED, text))
    return outcomes


@dataclass
class _Answers:
    """One scenario (with a lever pulled, perhaps), solved once and analysed once, as far as entries ask for it."""

    scenario: Scenario
    settings: Settings

    @cached_property
    def solved(self) -> tuple[Game, Numbers, tuple[Solved, ...]]:
        return solved_game(self.scenario, self.settings)

    @cached_property
    def worth(self) -> Worth[Fraction]:
        from gamecore.valuation.payoffs import exact_worth

        return exact_worth(self.scenario)

    @cached_property
    def analysis(self) -> Analysis:
        return analyse(self.scenario, self.settings)

    @cached_property
    def terms(self) -> dict[str, str]:
        """The agreement each term belongs to."""
        return {name: decision.name for name, (decision, _) in self.scenario.terms.items()}

    def check(self, entry: Expectation) -> tuple[bool, str]:
        checks = {
            Expected.VALUE: self.value,
            Expected.CHOICE: self.choice,
            Expected.OUTCOME: self.outcome,
            Expected.EQUILIBRIUM: self.equilibrium,
            Expected.RECOMMENDED: self.recommended,
            Expected.CHANCE: self.chance,
            Expected.JOINT_VALUE: self.joint_value,
            Expected.SPLIT: self.split,
            Expected.PAYMENT: self.payment,
            Expected.STABLE: self.no_conflict,
            Expected.NOT_STABLE: self.no_conflict,
        }
        return checks[entry.kind](entry)

    def no_conflict(self, entry: Expectation) -> tuple[bool, str]:
        return False, f"'{entry.kind.value}' is about a conflict, with 'anytime: yes' under 'timing'"

    def protocols(self, entry: Expectation) -> list[Solved]:
        _, _, solved = self.solved
        if entry.proposes is None:
            return list(solved)
        return [item for item in solved if item.talks.proposer == entry.proposes or not item.talks.modes]

    def policy(self, solved: Solved) -> Policy:
        from gamecore.equilibria.following import usual_policy

        game, _, _ = self.solved
        return usual_policy(game.tree, solved.perfect, solved.bargaining)

    # ---- the kinds

    def value(self, entry: Expectation) -> tuple[bool, str]:
        from gamecore.advice.outlook import worth_if

        game, _, solved = self.solved
        found = worth_if(game, self.worth, self.policy((self.protocols(entry) or list(solved))[0]), _condition(entry))
        if found is None:
            return False, "this cannot happen"
        return self.near(entry, dict(zip(game.players, found, strict=True)))

    def near(self, entry: Expectation, found: Mapping[str, Fraction]) -> tuple[bool, str]:
        """Whether values are within the tolerance of what is expected."""
        text = ", ".join(f"{player} {float(found[player]):.3f}" for player in (entry.values or found))
        return all(abs(found[player] - value) <= entry.within for player, value in entry.values.items()), text

    def choice(self, entry: Expectation) -> tuple[bool, str]:
        from gamecore.advice.outlook import choices_in

        game, _, _ = self.solved
        met, texts = True, []
        for item in self.protocols(entry):
            policy = self.policy(item)
            for name, wanted in _condition(entry).clauses[0].terms:
                chosen = choices_in(game, policy, name, entry.given)
                met &= bool(chosen) and chosen <= set(wanted)
                texts.append(f"{name}: {' or '.join(sorted(chosen)) or 'never comes up'}")
        return met, "; ".join(dict.fromkeys(texts))

    def outcome(self, entry: Expectation) -> tuple[bool, str]:
        from gamecore.advice.outlook import ends_fit, outcomes_of

        if entry.solution is not None:
            return self.solution(entry)
        game, numbers, _ = self.solved
        protocols = self.protocols(entry)
        if not protocols:
            return False, f"nobody called '{entry.proposes}' proposes"
        texts, met = [], True
        for item in protocols:
            fitting = []
            for ends, values in outcomes_of(game, numbers, item):
                near, text = self.near(entry, dict(zip(game.players, values, strict=True)))
                fitting.append(near and ends_fit(game, numbers, ends, _condition(entry)))
                texts.append(f"{item.talks.name}: {self.told(ends)} ({text})")
            met &= any(fitting)
        return met, "; ".join(texts)

    def told(self, ends: set[int]) -> str:
        """The decisions of an outcome that do not depend on chance."""
        game, numbers, _ = self.solved
        histories = [game.cases[end][0].assignment for end in ends if numbers.reach[-1, end]]
        names = [name for name in histories[0] if name not in game.scenario.events] if histories else []
        same = [name for name in names if len({history.get(name) for history in histories}) == 1]
        return ", ".join(f"{name}: {histories[0][name]}" for name in same)

    def solution(self, entry: Expectation) -> tuple[bool, str]:
        rule = next((item for item in self.analysis.compromises if item.kind == entry.solution), None)
        if rule is None:
            return False, f"no rule is called '{entry.solution}'"
        candidates = [self.analysis.candidate(key) for key in rule.candidates]
        for candidate in candidates:
            values = {item.player: Fraction(str(item.value.base)) for item in candidate.standings}
            if _fits(candidate, _condition(entry), self.terms) and self.near(entry, values)[0]:
                return True, candidate.key
        return False, " or ".join(rule.candidates) or "no option"

    def equilibrium(self, entry: Expectation) -> tuple[bool, str]:
        from gamecore.advice.outlook import ends_fit, outcomes_of

        named = {name: said for name, said in entry.profile.items() if isinstance(said, Mapping)}
        if named:
            return self.named(named)
        game, numbers, solved = self.solved
        wanted = Condition((Clause(tuple((name, (str(what),)) for name, what in entry.profile.items())),))
        found = [ends for item in solved for ends, _ in outcomes_of(game, numbers, item)]
        met = any(ends_fit(game, numbers, ends, wanted) for ends in found)
        return met, " or ".join(dict.fromkeys(map(self.told, found)))

    def named(self, profile: Mapping[str, Mapping[str, str]]) -> tuple[bool, str]:
        game = self.analysis.naming_game
        if game is None or set(profile) != {game.decision}:
            return False, "no naming game was analysed for this decision"
        said = profile[game.decision]
        silent = [player for player in game.by if said.get(player) not in game.options]
        if silent:
            named = f"'{said[silent[0]]}' is none" if silent[0] in said else "nothing stands there"
            return False, f"say which option '{silent[0]}' names ({', '.join(game.options)}); {named}"
        wanted = tuple(game.options.index(said[player]) for player in game.by)
        found = [tuple(game.options[option] for option in item) for item in game.equilibria]
        return wanted in game.equilibria, "; ".join(
            " and ".join(f"{player} {option}" for player, option in zip(game.by, item, strict=True)) for item in found
        )

    def recommended(self, entry: Expectation) -> tuple[bool, str]:
        key = self.analysis.recommendation.candidate
        if key is None:
            return False, "no agreement is recommended"
        return _fits(self.analysis.candidate(key), _condition(entry), self.terms), key

    def chance(self, entry: Expectation) -> tuple[bool, str]:
        condition, wanted = _condition(entry), entry.probability or Fraction(0)
        met, texts = True, []
        for frequency in self.analysis.frequencies:
            if entry.proposes not in {None, frequency.proposer}:
                continue
            share = sum(part for key, part in frequency.shares.items() if self._key_fits(key, condition))
            met &= abs(Fraction(share) - wanted) <= entry.within
            texts.append(f"{frequency.protocol}: {share:.3f}")
        return met and bool(texts), "; ".join(texts)

    def payment(self, entry: Expectation) -> tuple[bool, str]:
        """The least and the most a lever may pay, against what `reference_of` says it is judged by."""
        from gamecore.advice.building import build_case
        from gamecore.redesign.payments import payments_of_lever, reference_of

        lever = self.scenario.levers.get(str(entry.raw.get("payment")))
        case = build_case(*self.solved, draws=1, seed=self.settings.seed)
        facts = payments_of_lever(case, lever) if lever is not None else None
        if facts is None:
            return False, "nothing is paid here, or there is nothing to compare it with"
        found = reference_of(facts)
        ends = {"needed": found.needed, "possible": found.possible}
        wanted = {name: parse_number(str(entry.raw[name])) for name in ends if name in entry.raw}
        met = all(
            value is not None and abs(Fraction(ends[name]) - value) <= entry.within for name, value in wanted.items()
        )
        return met, f"{found.needed:.3f} to {found.possible:.3f}, compared with {_COMPARED[found.against]}"

    def joint_value(self, entry: Expectation) -> tuple[bool, str]:
        sharing = self.analysis.sharing
        if sharing is None:
            return False, NOT_SHARED
        named = entry.raw.get(Expected.JOINT_VALUE.value)
        members = {str(name) for name in (named if isinstance(named, list) else [named])}
        found = next((item for item in sharing.coalitions if set(item.members) == members), None)
        if found is None:
            return False, f"not all of these agree on '{sharing.decision}'"
        met = entry.probability is not None and abs(Fraction(found.exact) - entry.probability) <= entry.within
        return met, f"{found.value:.3f} ({found.option})"

    def split(self, entry: Expectation) -> tuple[bool, str]:
        sharing = self.analysis.sharing
        if sharing is None:
            return False, NOT_SHARED
        named = str(entry.raw.get(Expected.SPLIT.value))
        shares = {"shapley": sharing.shapley, "nucleolus": sharing.nucleolus}.get(named)
        if shares is None:
            return False, f"no split is called '{named}'; there are shapley and nucleolus"
        missing = [player for player in entry.values if player not in shares]
        if missing:
            return False, f"'{missing[0]}' does not take part in '{sharing.decision}'"
        return self.near(entry, {player: Fraction(str(share)) for player, share in shares.items()})

    def _key_fits(self, key: str, condition: Condition) -> bool:
        if key in {"other", "undecided"}:
            return False
        if key == NO_AGREEMENT:
            values = {value for clause in condition.clauses for _, options in clause.terms for value in options}
            return NO_AGREEMENT in values
        return _fits(self.analysis.candidate(key), condition, self.terms)


_COMPARED: Final = {
    "both": "no agreement and the plan as it stood",
    "no_agreement": "no agreement",
    "baseline": "the plan as it stood",
    "play": "what happens without the payment",
}


def _pulled(entry: Expectation) -> str | None:
    """The lever pulled before an entry is answered; `payment` names one that is asked about, not pulled."""
    if entry.kind is not Expected.PAYMENT:
        return entry.lever
    also = entry.raw.get("lever")
    return None if also is None else str(also)


@dataclass
class _ConflictAnswers:
    """One conflict, analysed once."""

    scenario: Scenario

    @cached_property
    def analysis(self) -> ConflictAnalysis:
        from gamecore.redesign.conflict_analysis import analyse_conflict

        return analyse_conflict(self.scenario)

    def check(self, entry: Expectation) -> tuple[bool, str]:
        """Whether every state that fits the entry is stable, is not, or is what is recommended."""
        if entry.kind is Expected.RECOMMENDED:
            chosen = self.analysis.recommendation.state
            if chosen is None:
                return False, "nothing is recommended"
            return _condition(entry).fits(self.facts(chosen)), self.analysis.states[chosen].key
        if entry.kind not in {Expected.STABLE, Expected.NOT_STABLE}:
            return False, f"a conflict has no '{entry.kind.value}'; ask for stable, not_stable or recommended"
        concept = STABILITIES[str(entry.raw.get("under", "nash"))]
        found = self.analysis.coalition_equilibria if concept.startswith("coalition_") else self.analysis.equilibria
        stable = found.get(concept.removeprefix("coalition_"))
        fitting = [state for state in self.analysis.states if _condition(entry).fits(self.facts(state.number))]
        if not fitting:
            return False, "no state is so"
        if stable is None:
            return False, f"the conflict has too many states or players to look at '{concept}'"
        wanted = entry.kind is Expected.STABLE
        wrong = [state.key for state in fitting if (state.number in stable) is not wanted]
        return not wrong, "; ".join(wrong) + (" is not" if wanted else " is") if wrong else f"{len(fitting)} state(s)"

    def facts(self, state: int) -> dict[str, str]:
        """A state as an assignment."""
        return {**self.scenario.switches, **self.analysis.states[state].options}


def _condition(entry: Expectation) -> Condition:
    """What an entry's key holds; the reader requires it of the kinds that ask for it."""
    return ALWAYS if entry.condition is None else entry.condition


def _fits(candidate: Candidate, condition: Condition, terms: Mapping[str, str]) -> bool:
    """Whether a candidate's steps, and what surely follows them, are as a condition says; `terms` names each one's
    agreement.
    """
    steps = {step.decision: step.choice for step in candidate.steps}
    steps |= {item.decision: item.choice for item in candidate.follows if not item.given}
    steps |= {terms[name]: AGREED for name in steps if name in terms}
    return condition.fits(steps)
