"""What plans are called on a page: short, and no two alike.

A plan's full name is all its steps. Some of them go without saying: a step of somebody else that every plan has, or
without which a later one could not come up. These are left out. The advised side's own steps stay, since they are what
it decides about, unless leaving an implied one out brings the name down to `GOAL` characters and another of its
own steps remains. Agreements stay. Where the short name fits another plan too, the full name is used.

A deal of many terms is told by what it changes in the baseline, if that is shorter.

Steps that several players take in the same words are said once, with `(both)` or `(all)`. Where one step is taken
without seeing another, or where a name would fit two plans, the steps say whose they are; if that is not enough, they
say of which decision, and at last the plan's key tells two plans apart.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from gamecore.advice.plans import Plan
from gamecore.games.translate import Action, Game
from gamecore.games.tree import NodeKind
from gamecore.model import ALLIANCE, Decision, Level, Term

__all__ = ["GOAL", "deal_text", "in_short", "in_words"]

GOAL: Final = 40  # characters that stand on two lines of the panel

THE_REST: Final = "; the rest as it stood"  # said of a deal that is long to tell and near the baseline

LENGTHS: Final = frozenset({"years", "months", "weeks", "days"})  # units that say what a number is about


@dataclass(frozen=True)
class _Step:
    decision: str
    choice: str
    text: str
    by: tuple[str, ...]
    about: str  # the decision, in words
    seen: frozenset[str]  # the earlier steps' decisions of which whoever takes it knows

    @property
    def key(self) -> tuple[str, str]:
        return self.decision, self.choice


def in_short(game: Game, plans: Sequence[Plan], known: Sequence[Plan]) -> tuple[Plan, ...]:
    """The plans with short names, no two alike; `known` are all plans there are, which say what goes without saying.

    A plan that is not among them (a baseline in words of its own) keeps its name as long as no other has it.
    """
    paths = [_steps(game, plan) for plan in known if plan.path]
    named = {plan.key: _steps(game, plan) for plan in plans if plan.path and plan in known}
    short = {key: _short(game, steps, paths) for key, steps in named.items()}
    ways: tuple[Callable[[Plan], str], ...] = (
        lambda plan: _name(game, short[plan.key]),
        lambda plan: _name(game, named[plan.key]),
        lambda plan: _name(game, named[plan.key], companies=True),
        lambda plan: _name(game, named[plan.key], companies=True, decisions=True),
    )
    labels = [ways[0](plan) if plan.key in named else plan.label for plan in plans]
    for way in ways[1:]:
        counts = Counter(labels)
        labels = [
            way(plan) if counts[label] > 1 and plan.key in named else label
            for plan, label in zip(plans, labels, strict=True)
        ]
    return tuple(replace(plan, label=label) for plan, label in zip(plans, _told_apart(plans, labels), strict=True))


def _told_apart(plans: Sequence[Plan], labels: Sequence[str]) -> list[str]:
    """Labels that are still alike get their plan's key."""
    counts = Counter(labels)
    apart = [
        label if counts[label] == 1 else f"{label} ({plan.key})" for plan, label in zip(plans, labels, strict=True)
    ]
    taken: set[str] = set()
    for number, label in enumerate(apart):
        text = label
        for more in range(2, len(apart) + 2):
            if text not in taken:
                break
            text = f"{label} ({more})"
        apart[number] = text
        taken.add(text)
    return apart


def _steps(game: Game, plan: Plan) -> list[_Step]:
    steps = []
    for node, branch in plan.path:
        decision = game.scenario.decisions[game.name_of(node)]
        action = game.actions[node][branch]
        seen = frozenset(name for name, _ in _known_at(game, node))
        steps.append(
            _Step(decision.name, action.name, _text(game, decision, action), decision.by, decision.label, seen)
        )
    return steps


def _known_at(game: Game, node: int) -> Iterable[tuple[str, str]]:
    """What whoever decides at a node knows of what was decided before."""
    item = game.tree.nodes[node]
    return game.knowledge[item.information_set] if item.kind is NodeKind.MOVE else game.histories[node].items()


def _short(game: Game, steps: list[_Step], paths: list[list[_Step]]) -> list[_Step]:
    """The steps of one plan without what goes without saying."""
    own = game.scenario.advise

    def length(left: list[_Step]) -> int:
        return len(_name(game, left))

    kept = [step for step in steps[:-1] if own in step.by or not _shared(step, paths)] + steps[-1:]
    implied = [
        step for number, step in enumerate(kept[:-1]) if len(step.by) == 1 and _implied(step, kept[number + 1 :], paths)
    ]
    if own == ALLIANCE:
        for step in implied:
            if length(kept) > GOAL:
                kept.remove(step)
        return kept
    kept = [step for step in kept if step not in implied or own in step.by]
    for step in implied:
        left = [other for other in kept if other is not step]
        fits = length(left) <= GOAL < length(kept)
        if step in kept and fits and any(own in other.by for other in left):
            kept = left
    return kept


def _shared(step: _Step, paths: list[list[_Step]]) -> bool:
    return all(any(other.key == step.key for other in path) for path in paths)


def _implied(step: _Step, later: list[_Step], paths: list[list[_Step]]) -> bool:
    """Whether a later step's decision comes up only after this step."""
    for coming in later:
        through = [path for path in paths if any(other.decision == coming.decision for other in path)]
        if all(any(other.key == step.key for other in path) for path in through):
            return True
    return False


def _unseen(steps: Sequence[_Step]) -> bool:
    """Whether one of the steps is taken by somebody who does not see another's, taken before."""
    return any(
        set(step.by) != set(before.by) and before.decision not in step.seen
        for number, step in enumerate(steps)
        for before in steps[:number]
    )


def _name(game: Game, steps: Sequence[_Step], *, companies: bool = False, decisions: bool = False) -> str:
    """The steps joined; with whose they are where somebody does not see another's step, or where it is asked for."""
    companies = companies or _unseen(steps)
    groups: list[tuple[str, list[_Step]]] = []
    for step in steps:
        text = f"{step.about}: {step.text}" if decisions else step.text
        alike = next((group for other, group in groups if other == text), None)
        if alike is None or any(set(step.by) & set(other.by) for other in alike):
            groups.append((text, [step]))
        else:
            alike.append(step)
    everybody = len(game.players)
    takers = [[player for player in game.players if any(player in one.by for one in group)] for _, group in groups]
    companies = companies or any(
        len(group) > 1 and len(by) < everybody for (_, group), by in zip(groups, takers, strict=True)
    )
    texts = []
    for (text, group), by in zip(groups, takers, strict=True):
        if len(by) < everybody:
            texts.append(f"{_listed([_company(game, player) for player in by])}: {text}" if companies else text)
        else:
            texts.append(text if len(group) == 1 else f"{text} ({'both' if everybody == 2 else 'all'})")
    return "; ".join(texts)


def _company(game: Game, player: str) -> str:
    item = game.scenario.players[player]
    return item.short or item.label


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def in_words(parts: Iterable[tuple[str, int]]) -> str:
    """Texts of steps, each with how many take it, joined; what stands there twice is said once."""
    takers: dict[str, list[int]] = {}
    for text, players in parts:
        takers.setdefault(text, []).append(players)
    return "; ".join(
        text if len(found) == 1 else f"{text} ({'both' if sum(found) == 2 else 'all'})"
        for text, found in takers.items()
    )


# ---- deals ---------------------------------------------------------------------------------------------------------


def _text(game: Game, decision: Decision, action: Action) -> str:
    if not decision.terms or action.fails:
        return action.label
    levels = dict(action.sets)
    whole = deal_text(game, decision, levels)
    changed = {name: level for name, level in levels.items() if (name, level) not in _as_it_stood(game)}
    changes = deal_text(game, decision, changed)
    shorter = changes and len(changes) + len(THE_REST) < len(whole)
    told = changes + THE_REST if shorter and len(whole) > 2 * GOAL else whole
    return told[:1].upper() + told[1:]


def _as_it_stood(game: Game) -> frozenset[tuple[str, str]]:
    """What the baseline says of each name, where it says one thing."""
    clauses = game.scenario.baseline.clauses
    if len(clauses) != 1:
        return frozenset()
    return frozenset((name, values[0]) for name, values in clauses[0].terms if len(values) == 1)


def deal_text(game: Game, decision: Decision, levels: dict[str, str]) -> str:
    """A deal, or as much of it as `levels` says, in words."""
    companies = {player.label for player in game.scenario.players.values()}
    texts = []
    for term in decision.terms:
        level = next((item for item in term.levels if item.key == levels.get(term.name)), None)
        if level is not None:
            texts.append(_level_text(game, decision, term, level, companies))
    return ", ".join(texts)


def _level_text(game: Game, decision: Decision, term: Term, level: Level, companies: set[str]) -> str:
    """A level, with its term's name where the level alone would not say what it is about.

    Amounts in the file's unit stand without it, as all amounts of the page do.
    """
    name = term.name.replace("_", " ")
    if level.value is None:
        has_words = sum(word.isalpha() for word in level.label.split()) > 1
        return level.label if has_words and level.label not in companies else f"{name} {level.label}"
    if not term.unit or term.unit == game.scenario.unit:
        return f"{name} {level.label}"
    alone = term.unit in LENGTHS and sum(other.unit == term.unit for other in decision.terms) == 1
    return f"{level.label} {term.unit}" if alone else f"{name} {level.label} {term.unit}"
