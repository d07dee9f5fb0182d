"""What each company gives: by how much it accepts less than it could have, what it has more, and what is paid for it.

Each side is compared with its own best option and with the plan as it stood. Where a payment is behind the plan, its
range belongs to the same thirty words; the wordings are tried from the fullest on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gamecore.advice.analysis import Candidate, Standing
from gamecore.brief import words
from gamecore.brief.blocks import LIMITS
from gamecore.brief.desk import Desk, fill
from gamecore.brief.needed import pays
from gamecore.brief.parts import Part
from gamecore.brief.payments import payment_sentences
from gamecore.brief.sharing import shared_text

__all__ = ["concessions_text"]


def concessions_text(desk: Desk, chosen: Candidate) -> str:
    """The text of the internal copy's block, where several decide."""
    shared = shared_text(desk)
    if shared:
        return fill(shared, LIMITS["gives"])
    told = [_given(desk, chosen, standing) for standing in chosen.standings]
    giving = [item for item in told if item.less]
    content = [item for item in told if not item.less]
    paid = payment_sentences(desk)
    changes = len(desk.analysis.scenario.changes)  # a payment may be among them
    if changes:
        return fill([*_changed(desk, giving, content, changes), *paid[:1]], LIMITS["gives"])
    if not giving:
        best = f"{desk.letter} is the best option for {desk.names.all}: nobody gives anything up."
        return fill([best, *paid[:1]], LIMITS["gives"])
    if paid:
        return _fitting("Before the payment " if pays(desk) else "", giving, content, paid)
    return fill([*_sentences(giving, content, full=True), *_nothing(desk, content)], LIMITS["gives"])


@dataclass(frozen=True)
class _Given:
    """What one side gives: `less` than under `best`, and `more` (its sign in front) than under the plan as it stood."""

    name: str
    less: str = ""
    best: str = ""
    lettered: bool = False
    more: str = ""
    base: str = ""

    @property
    def gains(self) -> bool:
        return self.more.startswith("+")


def _given(desk: Desk, chosen: Candidate, standing: Standing) -> _Given:
    name, less = desk.names.name(standing.player), ""
    best = max(  # of plans worth the same the one that readers know
        desk.analysis.candidates,
        key=lambda item: (item.standing(standing.player).value.base, item.is_baseline, item.key in desk.names.letters),
    )
    if standing.rank != 1 and desk.number(standing.regret) != desk.number(0.0):
        less = desk.number(standing.regret)
    base = next((item for item in desk.analysis.candidates if item.is_baseline), None)
    more = against = ""
    if base is not None and base.key in desk.names.letters and base.key != chosen.key and not (less and base == best):
        against = desk.names.option(base.key)
        more = words.signed(standing.value.base - base.standing(standing.player).value.base, desk.decimals)
        more = more if more[0] in {"+", words.MINUS} else ""
    lettered = best.key in desk.names.letters
    where = desk.names.option(best.key) if lettered else "its best plan"
    return _Given(name, less, where, lettered, more, against if more else "")


def _sentences(giving: Sequence[_Given], content: Sequence[_Given], *, full: bool) -> list[str]:
    """Who accepts less, and who has more than under the plan as it stood; `full` with what is said beside."""
    parts: list[str] = []
    for place, item in enumerate(giving):
        beside = ", its best option" if full and item.lettered and place == 0 else ""
        if full and item.more:
            word = f", but has {item.more[1:]} more" if item.gains else f", and {item.more[1:]} less"
            beside += f"{word} than under {item.base}"
        parts.append(f"{item.name} accepts {item.less} less than under {item.best}{beside}")
    gaining = [item for item in content if item.gains]
    if len(parts) == 1 and len(gaining) == 1:
        than = "" if giving[0].best == gaining[0].base and not giving[0].more else f" than under {gaining[0].base}"
        return [f"{parts[0]}; {gaining[0].name} has {gaining[0].more[1:]} more{than}."]
    told = [f"{part}." for part in parts]
    if gaining:
        each = words.listed([f"{item.name} has {item.more[1:]}" for item in gaining])
        told.append(f"{each} more than under {gaining[0].base}.")
    return told


def _nothing(desk: Desk, content: Sequence[_Given]) -> list[str]:
    """Who gives up nothing and has nothing more either."""
    idle = [item.name for item in content if not item.gains]
    if not idle or not desk.keeps(Part.CONTENT):
        return []
    return [f"{words.listed(idle)} give{'s' if len(idle) == 1 else ''} up nothing: {desk.letter} ranks 1st."]


def _changed(desk: Desk, giving: Sequence[_Given], content: Sequence[_Given], changes: int) -> list[str]:
    """With a lever pulled the values hold what it moves: that somebody gives nothing up is not said."""
    included = f"The values include what the change{'s move or cost' if changes > 1 else ' moves or costs'}."
    told = _sentences(giving, (), full=True)
    if content:
        who = words.listed([item.name for item in content]) if giving else desk.names.all
        told.append(f"{desk.letter} ranks 1st for {who}.")
    return [*told, included] if content else told


def _fitting(before: str, giving: Sequence[_Given], content: Sequence[_Given], paid: Sequence[str]) -> str:
    """What is given and what is paid for it, in the fullest wording that keeps to the limit."""
    tried = [
        before + " ".join([*_sentences(giving, others, full=full), payment])
        for payment in paid
        for full, others in ((True, content), (False, content), (False, ()))
    ]
    fits = [text for text in tried if words.count_words(text) <= LIMITS["gives"]]
    return fits[0] if fits else tried[-1]
