"""The page of a conflict: positions with each player's place in its own order as a dot, no bars, no sums, no amounts.

Blocks, limits of words and renderers are those of every page (`blocks`, `pdf`, `web`, `markdown`, `record`). On a
shared copy nothing that follows from a ranking is told unless every ranking is released (`confidential: no`): there it
says who does what, which steps are for good and what is asked.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from gamecore.advice.conflict_facts import ConflictAnalysis, ConflictOption, ConflictReason, Movement, Strength, Why
from gamecore.brief import frame, words
from gamecore.brief.blocks import (
    LIMITS,
    MADE_OF,
    WORDS,
    Asked,
    Block,
    Headline,
    Page,
    Provenance,
)
from gamecore.brief.conflict_panel import panel_of
from gamecore.brief.conflict_words import HOLDS, ConflictNames
from gamecore.brief.desk import ALLIANCE, fill
from gamecore.brief.sight import COPIES, INTERNAL
from gamecore.errors import InputError, PageOverflowError

__all__ = ["conflict_page"]

LEAVABLE: Final = ("question", "the other owners", "what would change it")  # goes first, in this order


def conflict_page(analysis: ConflictAnalysis, copy: str = INTERNAL, *, date: str | None = None) -> Page:
    """The page of one copy.

    Raises
    ------
    InputError
        If there is no such copy, or a shared copy would have to name a confidential option.
    PageOverflowError
        If the page has more words than it may, naming the block to shorten.
    """
    if copy not in COPIES:
        raise InputError(f"there is no copy '{copy}'; a copy is {' or '.join(COPIES)}")
    chosen = analysis.recommendation.state
    if copy != INTERNAL and chosen is not None and analysis.states[chosen].confidential:
        raise InputError(
            "a shared copy is not possible: the recommended plan is confidential in the scenario; release it "
            "with 'confidential: no' or hand out no shared copy"
        )
    page = _Writer(analysis, copy, date, ()).page()
    for left in range(1, len(LEAVABLE) + 1):
        if sum(page.words().values()) <= WORDS:
            return page
        page = _Writer(analysis, copy, date, LEAVABLE[:left]).page()
    counted = sum(page.words().values())
    if counted <= WORDS:
        return page
    block = page.longest_block()
    raise PageOverflowError(
        f"the page has {counted} words, {counted - WORDS} more than it may; shorten the block '{block}' "
        f"({page.words().get(block, 0)} words, its limit is {LIMITS[block]}): {MADE_OF[block]}",
        block=block,
    )


class _Writer:
    """Writes one copy of one conflict."""

    def __init__(self, analysis: ConflictAnalysis, copy: str, date: str | None, left: Sequence[str]) -> None:
        self.analysis, self.copy, self.date, self.left = analysis, copy, date, left
        self.internal = copy == INTERNAL
        hidden = {(item.key, option) for item in analysis.decisions for option in item.confidential}
        # an order of positions tells of every option: with one of them kept back, orders stay away, too
        self.shows_ranks = self.internal or (analysis.rankings_released and not hidden)
        self.names = ConflictNames(analysis, frozenset() if self.internal else frozenset(hidden))
        self.facts = analysis.scenario
        self.chosen = analysis.recommendation.state
        self.options = self._lettered()
        self.letters = {option.state: option.letter for option in self.options}
        self.reasons = {reason.kind: reason for reason in analysis.recommendation.reasons}
        self.way = next((way for way in analysis.ways if way.state == self.chosen), None)

    def _lettered(self) -> list[ConflictOption]:
        """The options that may be seen, lettered anew where one may not."""
        states = self.analysis.states
        seen = [one for one in self.analysis.options if self.internal or not states[one.state].confidential]
        return [ConflictOption("ABC"[index], one.state, one.roles) for index, one in enumerate(seen)]

    def page(self) -> Page:
        """Everything on it."""
        return Page(
            copy=self.copy,
            kicker="Decision paper",
            badge=frame.badge(self.facts, self.names.short, internal=self.internal, sides="sides"),
            title=frame.title(self.facts),
            who=self._who(),
            recommendation=Headline(self._headline(), self._places()),
            context=Block("context", "Context", " ".join(words.sentence(text) for text in self.facts.context)),
            remark=self.facts.note or "",
            panel=panel_of(self.analysis, self.names, self.options, ranks=self.shows_ranks),
            key=self._key(),
            why=self._why(),
            gives=self._steps_block(),
            sure=self._sure(),
            known=self._changes(),
            no=Block("no", "If the answer is no:", self._no()),
            asked=Asked("Asked today", tuple(self._asked()[:3]), "Minutes go out today."),
            signatures=frame.signatures(self.facts, self.names.short, internal=self.internal),
            footer=self._footer(),
            provenance=self._provenance(),
            notes=tuple(f"to keep to {WORDS} words the page leaves out {part}" for part in self.left),
        )

    # ---- head --------------------------------------------------------------------------------------------------------

    def _who(self) -> tuple[tuple[str, str], ...]:
        players = sorted(self.facts.players, key=lambda player: self.internal and player.key != self.facts.advise)
        if "the other owners" in self.left:
            players = [player for player in players if player.key == self.facts.advise]
        entries = [] if "question" in self.left else [("Question", self.facts.question.strip())]
        return (*entries, *frame.owners(players, self.names.short))

    def _headline(self) -> str:
        if self.chosen is None:
            who = "all" if self.facts.advise == ALLIANCE else self.names.short(self.facts.advise)
            told = f"No position that lasts is as good as today's for {who}."
            return told if self.shows_ranks else "We recommend no option today."
        if self.chosen == self.analysis.today:
            return f"We recommend {self.letters[self.chosen]}: stay with today's position."
        return words.sentence(f"We recommend {self.letters[self.chosen]}: {self.names.label(self.chosen)}")

    def _places(self) -> str:
        """Each player's place now and then."""
        if not self.shows_ranks or self.chosen is None:
            return ""
        today = self.analysis.today
        told = []
        for player in self.facts.players:
            then = self.names.rank(player.key, self.chosen)
            now = self.names.rank(player.key, today) if today is not None else then
            change = f" instead of {now}" if now != then else ""
            told.append(f"{self.names.short(player.key)} {then}{change}")
        return f"Place in each one's order of {len(self.analysis.states)} positions: {', '.join(told)}."

    def _key(self) -> tuple[str, ...]:
        if not self.shows_ranks:
            return ("Only the order of what each side prefers was compared. It is not on this copy.",)
        texts = ["Dot: place in the player's own order, best at the left. Only the order is known, not amounts."]
        if len(self.options) < 3 and Why.ONLY_ONE in self.reasons:
            texts.append("No other position both lasts and can be reached from today.")
        return tuple(texts)

    # ---- blocks ------------------------------------------------------------------------------------------------------

    def _why(self) -> Block:
        if self.chosen is None:
            if not self.shows_ranks:
                return Block("why", "Why none", "No option on the table suits all sides today.")
            return Block("why", "Why none", "Whatever lasts and can be reached is liked less than today's position.")
        head = f"Why {self.letters[self.chosen]}"
        shown = self.analysis.recommendation.reasons if self.shows_ranks else ()
        told = [text for text in map(self._reason_text, shown) if text]
        if not told:
            told = [words.sentence(text) for text in self.names.pros(self.chosen)]
        count = len(self._path())
        steps = f"{words.number_word(count)} step{'' if count == 1 else 's'}".capitalize()
        return Block("why", head, fill(told or [f"{steps}, which all sides can see."], LIMITS["why"]))

    def _reason_text(self, reason: ConflictReason) -> str:
        who = self.names.players(reason.players)
        match reason.kind:
            case Why.HOLDS:
                return HOLDS[reason.strength or Strength.NONE]
            case Why.BEST if reason.rank == 1:
                return f"{who} likes nothing better."
            case Why.BEST:
                return f"Of what holds as firmly and can be reached, it is the best for {who}."
            case Why.FAIREST:
                return "Of what holds as firmly and can be reached, the lowest place of anybody is best here."
            case Why.NOT_WORST:
                return "It is nobody's last place."
            case Why.WORST_FOR:
                return f"It is the last place of {who}; nothing that spares that holds as firmly."
            case _:
                return ""

    def _steps_block(self) -> Block:
        head = "How to get there"
        path = self._path()
        steps = self.names.steps(self.way.start, path) if self.way is not None else []
        if not steps:
            return Block("gives", head, "Nobody has to move.")
        told = [words.sentence(", then ".join(steps))]
        if self.shows_ranks:
            alone, together = self.reasons.get(Why.STEP_AGAINST_INTEREST), self.reasons.get(Why.TOGETHER)
            if alone is not None:
                told.append(
                    f"Alone that step is no gain for {self.names.players(alone.players)}: agree on all at once."
                )
            if together is not None:
                told.append(f"{self.names.players(together.players)} then end better than today.")
            if alone is None:
                told.append("Each step is a gain for who makes it.")
            told.append(self._final())
        return Block("gives", head, fill([text for text in told if text], LIMITS["gives"]))

    def _path(self) -> tuple[Movement, ...]:
        """The steps to what is recommended; which of them are gains is told only where orders are."""
        if self.way is None:
            return ()
        return self.way.path if self.shows_ranks else self.way.by_moves or ()

    def _final(self) -> str:
        reason = self.reasons.get(Why.CANNOT_BE_UNDONE)
        if reason is None:
            return ""
        pairs = [tuple(text.split("=", 1)) for text in reason.options]
        labels = [self.names.decision(name).options[option] for name, option in pairs]
        if any(pair in self.names.hidden for pair in pairs):
            return ""
        return f"What cannot be taken back: {'; '.join(labels)}."

    def _sure(self) -> Block:
        head = "How firm this is"
        if not self.shows_ranks:
            return Block("sure", head, f"{self._final()} What each side prefers is not on this copy.".strip())
        told = [*self._today(), *self._staying()]
        return Block("sure", head, fill([text for text in told if text] or ["Nobody moves."], LIMITS["sure"]))

    def _today(self) -> list[str]:
        today = self.analysis.today
        if today is None:
            return ["Today's position is no longer on the table."]
        held = {reason.player: self.names.reason(today, reason) for reason in self.analysis.states[today].reasons}
        if Why.TODAY_FEAR in self.reasons:
            who = self.reasons[Why.TODAY_FEAR].players
            return ["Today's position holds only through what others could answer.", *(held[player] for player in who)]
        if Why.TODAY_LEFT in self.reasons:
            who = self.reasons[Why.TODAY_LEFT].players
            return ["Today's position does not hold.", *(held[player] for player in who)]
        return [] if today == self.chosen else ["Today's position would hold, too."]

    def _staying(self) -> list[str]:
        if self.chosen is None or self.chosen == self.analysis.today:
            return []
        letter = self.letters[self.chosen]
        if not any(self.analysis.states[self.chosen].moves.values()):
            return [f"From {letter} nobody can move on."]
        return [self.names.undoing(one) for one in sorted(self.analysis.undoing, key=lambda one: one.distance)]

    def _changes(self) -> Block:
        head = "What would change this"
        if "what would change it" in self.left or not self.shows_ranks:
            return Block("known", head, "Another order of what a side prefers.")
        turning = [change for change in self.analysis.changes if change.recommended != self.chosen]
        told = []
        for change in turning[:1]:
            told.append(self.names.change(change))
            if change.recommended is not None:
                told.append(f"Then {self._then(change.recommended)} would be recommended.")
        if not turning and self.analysis.changes:
            told = [self.names.change(self.analysis.changes[0]), "The advice would stay the same."]
        if not told:
            told = (
                ["No other order was searched."]
                if self.analysis.changes_status == "refused"
                else ["Every position shown holds by itself already."]
            )
        return Block("known", head, fill(told, LIMITS["known"]))

    def _then(self, state: int) -> str:
        return self.letters.get(state) or self.names.named(state)

    def _no(self) -> str:
        if self.analysis.today is None:
            return "one of the positions that are left."
        if not self.shows_ranks:
            return "what stands today goes on."
        lasting = (Strength.NASH, Strength.COALITION)
        today = self.analysis.states[self.analysis.today]
        ways = [way for way in self.analysis.ways if way.by_improvements and way.state != self.chosen]
        ending = [way for way in ways if self.analysis.states[way.state].strength in lasting]
        same = self.way is not None and self.way.by_improvements
        if today.strength is not Strength.NONE and (today.strength in lasting or not ending):
            return "today's position goes on."
        if not ending:
            return "each side gains by the same steps." if same else "where it then ends cannot be told."
        way = min(ending, key=lambda item: (len(item.by_improvements or ()), item.state))
        steps = self.names.steps(way.start, way.by_improvements or ())
        return f"what can follow is {', then '.join(steps)}. Nobody leaves that alone."

    # ---- foot --------------------------------------------------------------------------------------------------------

    def _asked(self) -> list[str]:
        by = words.date_text(self.facts.decide_by) if self.facts.decide_by else ""
        answer = [f"Answer by {by}"] if by else []
        if self.chosen is None:
            return ["A further option that suits all sides", *answer]
        letter = self.letters[self.chosen]
        items = [f"Mandate for option {letter}" if self.internal else f"Option {letter}"]
        movers = list(dict.fromkeys(step.player for step in self._path()))
        if len(movers) > 1:
            items.append(f"One date on which {self.names.players(movers)} take their steps")
        lead = next((p.lead for p in self.facts.players if p.key == self.facts.advise and p.lead), None)
        return [*items, *answer, *([f"{lead} as owner of the next steps"] if self.internal and lead else [])]

    def _provenance(self) -> Provenance:
        sha = frame.sha_shown(self.facts, internal=self.internal)
        return Provenance(frame.file_name(self.facts), sha, self.analysis.version, seed=0, draws=0, sampling="none")

    def _footer(self) -> tuple[str, str]:
        changed = len(self.facts.changes)
        with_changes = f" with {changed} change{'s' if changed > 1 else ''}" if changed else ""
        parts = [*frame.origin(self.facts, self.analysis.version, with_changes), "no draws"]
        parts += [words.date_text(self.date)] if self.date else []
        right = "Internal copy: shows all rankings" if self.internal else "Shared copy: no rankings"
        if not self.internal and self.shows_ranks:
            right = "Shared copy: rankings as released"
        return " · ".join(parts), f"{right} · 1 of 1"
