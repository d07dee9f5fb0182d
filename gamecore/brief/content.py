"""From an analysis to the page's blocks: every sentence is made here or in `sentences`, from typed reasons and numbers.

Each block is filled with its sentences in order of weight until its limit of words; what the scenario's author wrote is
taken as it stands. The whole page has at most `blocks.WORDS` words; what goes first stands in `parts`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from gamecore.advice.analysis import Analysis, Candidate, Kind, Step
from gamecore.brief import frame, words
from gamecore.brief.alone import best_line, costs_block, own_panel, why_block
from gamecore.brief.blocks import (
    LIMITS,
    MADE_OF,
    WORDS,
    Asked,
    Block,
    Headline,
    Page,
    Panel,
    Provenance,
)
from gamecore.brief.certainty import strips, sure_block
from gamecore.brief.concessions import concessions_text
from gamecore.brief.desk import ALLIANCE, Desk, fill, open_desk
from gamecore.brief.needed import before_change, lever_needed, needs, why_needed, worth_with, worth_word
from gamecore.brief.numbers import number_lines
from gamecore.brief.outlook import decision_request, follows_told, known_block, no_block
from gamecore.brief.panel import average_reasons, make_panel
from gamecore.brief.parts import ORDER, Part
from gamecore.brief.payments import payment_duty, payment_request, payment_strip
from gamecore.brief.programme import facts_key
from gamecore.brief.sentences import not_held, why_sentences
from gamecore.brief.sharing import paid_lines, shared_request, sharing_why
from gamecore.brief.sight import INTERNAL, Sight
from gamecore.errors import PageOverflowError

__all__ = ["make_page", "written"]

FOOTER = 152  # characters that stand in one line
CHANGE = 28  # characters of a lever that is named in the footer
MOST_STEPS = 2  # of a deal that are named one by one
CHANGES = 90  # characters of the levers that are named in the key


def make_page(analysis: Analysis, copy: str = INTERNAL, *, date: str | None = None) -> Page:
    """The page of one copy; `date` is the ISO date its footer shows.

    Raises
    ------
    InputError
        If there is no such copy, or a shared copy would have to name a confidential plan.
    PageOverflowError
        If the page has more words than it may, naming the block to shorten.
    """
    sight = Sight(analysis, copy)
    left: list[Part] = []
    page, counted = _counted(analysis, sight, date, left)
    for part in ORDER:
        if counted <= WORDS:
            break
        left.append(part)
        page, counted = _counted(analysis, sight, date, left)
    if counted > WORDS:
        block = page.longest_block()
        raise PageOverflowError(
            f"the page has {counted} words, {counted - WORDS} more than it may; shorten the block '{block}' "
            f"({page.words().get(block, 0)} words, its limit is {LIMITS[block]}): {MADE_OF[block]}",
            block=block,
        )
    for part in reversed(left[:-1]):  # what went early may be short enough to stay; the weightier part first
        fewer = [item for item in left if item is not part]
        fuller, counted = _counted(analysis, sight, date, fewer)
        if counted <= WORDS:
            page, left = fuller, fewer
    return page


def _counted(analysis: Analysis, sight: Sight, date: str | None, left: Sequence[Part]) -> tuple[Page, int]:
    page = written(analysis, sight, date, frozenset(left))
    return page, sum(page.words().values())


def written(analysis: Analysis, sight: Sight, date: str | None, left: frozenset[Part]) -> Page:
    """The page without some of its parts, however many words it has."""
    return _Writer(open_desk(analysis, sight, left), date).page()


class _Writer:
    """Writes one copy of one analysis."""

    def __init__(self, desk: Desk, date: str | None) -> None:
        self.desk = desk
        self.date = date
        self.analysis = desk.analysis
        self.sight = desk.sight
        self.facts = desk.analysis.scenario
        self.names = desk.names
        self.decimals = desk.decimals
        self.keeps = desk.keeps
        self.chosen = desk.chosen
        self.letter = desk.letter
        self.number = desk.number

    # ---- the page --------------------------------------------------------------------------------------------------

    def page(self) -> Page:
        panel = make_panel(
            self.analysis,
            self.sight,
            self.names,
            self.decimals,
            own_words=self.keeps(Part.OWN_WORDS),
            told=follows_told(self.desk),
        )
        if self.names.alone:
            panel = own_panel(panel)
        return Page(
            copy=self.sight.copy,
            kicker=self._kicker(),
            badge=self._badge(),
            title=frame.title(self.facts),
            who=self._who(),
            recommendation=Headline(self._headline(), self._numbers_line()),
            context=Block("context", "Context", " ".join(words.sentence(text) for text in self.facts.context)),
            remark=self.facts.note or "",
            panel=panel,
            key=self._key(panel),
            why=self._why(),
            gives=self._gives(),
            sure=sure_block(self.desk),
            known=known_block(self.desk),
            no=no_block(self.desk),
            asked=self._asked(),
            signatures=frame.signatures(self.facts, self.names.short, internal=self.sight.internal),
            footer=self._footer(has_values=bool(panel.ticks)),
            provenance=self._provenance(),
            strips=strips(self.desk),
            numbers=number_lines(self.desk),
            payment=payment_strip(self.desk),
            paid=paid_lines(self.desk),
            key_after=self._key_after(panel),
            notes=self._notes(),
        )

    def _kicker(self) -> str:
        return "Decision paper"

    def _badge(self) -> str:
        sides = "" if self.names.alone else self.names.sides
        return frame.badge(self.facts, self.names.short, internal=self.sight.internal, sides=sides)

    def _who(self) -> tuple[tuple[str, str], ...]:
        players = list(self.facts.players)
        if self.sight.internal:
            players.sort(key=lambda player: player.key != self.facts.advise)
        if not self.keeps(Part.OTHER_OWNERS):
            players = players[:1] if self.sight.internal and self.facts.advise != ALLIANCE else []
        entries = [("Question", self.facts.question.strip())] if self.keeps(Part.QUESTION) else []
        entries += frame.owners(players, self.names.short)
        return tuple((label, text) for label, text in entries if text)

    # ---- recommendation --------------------------------------------------------------------------------------------

    def _headline(self) -> str:
        if self.chosen is None:
            if not self.sight.internal:
                return "We recommend no option today."
            floor = self.names.floor()
            kinds = {reason.kind for reason in self.analysis.recommendation.reasons}
            if Kind.NOTHING_SELF_ENFORCING in kinds and Kind.NOTHING_ACCEPTABLE not in kinds:
                return f"No option that is at least as good as {floor} for {self.names.enough} holds by itself."
            return f"No option beats {floor} for {self.names.enough}."
        label = self.sight.label(self.chosen)
        mark = " \N{EN DASH}" if ": " in label else ":"  # a name with companies in it has colons of its own
        option = "the only option" if len(self.analysis.options) == 1 else self.letter
        return words.sentence(f"We recommend {option}{mark} {label}{needs(self.desk)}")

    def _numbers_line(self) -> str:
        """What each company gains, against the plan as it stood if nobody loses by it, else against saying no."""
        if not self.sight.internal or self.chosen is None:
            return ""
        if self.names.alone:
            return best_line(self.desk, self.chosen)
        worth, value = worth_with(self.desk, self.chosen), worth_word(self.desk)
        unit = f" ({value}, {self.facts.unit})" if self.facts.unit else f" ({value})"
        base = next((item for item in self.analysis.candidates if item.is_baseline), None)
        if base is not None and base.key == self.chosen.key:
            return f"It is the plan as it stood: {self._values(worth)}{unit}."
        gains = {item.player: item.gain + worth[item.player] - item.value.base for item in self.chosen.standings}
        against = self.names.beside_floor()
        if base is not None:
            changes = {item.player: worth[item.player] - item.value.base for item in base.standings}
            if min(changes.values()) >= 0:
                named = self.names.letters.get(base.key)
                gains, against = changes, f"under {named}" if named else "under the plan as it stood"
        if not any(digit in self._changes(gains) for digit in "123456789"):
            return f"Each {self.names.side} keeps what it has {against}: {self._values(worth)}{unit}."
        return f"{self._everybody(gains)} {against}: {self._changes(gains)}{unit}."

    def _everybody(self, gains: dict[str, float]) -> str:
        """`Both end better than`, or a weaker word where somebody gains nothing that would be printed."""
        count = len(gains)
        who = "Both end" if count == 2 else f"All {words.number_word(count)} end" if count > 2 else "It ends"
        told = [words.signed(gain, self.decimals) for gain in gains.values()]
        if all(text.startswith("+") for text in told):
            return f"{who} better than"
        if any(text.startswith(words.MINUS) for text in told):
            return "Compared with ending"
        return "Nobody ends worse than"

    def _changes(self, changes: dict[str, float]) -> str:
        return ", ".join(
            f"{self.names.short(player)} {words.signed(change, self.decimals)}" for player, change in changes.items()
        )

    def _values(self, worth: Mapping[str, float]) -> str:
        return ", ".join(f"{self.names.short(player)} {self.number(value)}" for player, value in worth.items())

    def _key_after(self, panel: Panel) -> str:
        """What the diamonds of the panel are, where there are any."""
        if not any(cell.after for row in panel.rows for cell in row.cells):
            return ""
        return f"after the payment{'s' if len(paid_lines(self.desk)) > 1 else ''}."

    # ---- the key under the panel -----------------------------------------------------------------------------------

    def _key(self, panel: Panel) -> tuple[str, ...]:
        has_values, lined = bool(panel.ticks), any(column.line is not None for column in panel.columns)
        if not has_values:
            texts = [*facts_key(panel), f"The values of {self.names.each} are not on this copy."]
        else:
            texts = ["Bar: base value."]
            if self._uncertain():
                texts.append(f"Whisker: 80 of 100 simulated cases (P10–{words.WORD_JOINER}P90).")
            if lined:
                texts.append("Dashed line: no agreement.")
        first = " ".join(texts)
        more = [self._analysed_with(), before_change(self.desk)]
        more += [self._too_few()] if len(self.names.letters) == len(self.analysis.options) < 3 else []
        if has_values and len(self.analysis.options) > 1:
            averages = average_reasons(self.analysis, self.sight, self.names, self.decimals)
            if averages and not self.keeps(Part.AVERAGES):
                averages = ["Another rank on average."]
            more += [f"* {text}" if index == 0 else text for index, text in enumerate(averages)]
        if self.sight.internal and any(reason.kind is Kind.ESTIMATE_OF_OTHER_SIDE for reason in self.analysis.notes):
            more.append(self._estimates())
        second = fill([text for text in more if text], LIMITS["key"] - words.count_words(first)) if more else ""
        return (first, second) if second else (first,)

    def _analysed_with(self) -> str:
        """What was changed in the file for this analysis; on a shared copy the footer alone says that something was."""
        changes = self.facts.changes if self.sight.internal else ()
        told: list[str] = []
        for change in changes:
            if told and len(", ".join([*told, change])) > CHANGES:
                break
            told.append(change if len(change) <= CHANGES else f"{change[: CHANGES - 1]}…")
        if not told:
            return ""
        left = len(changes) - len(told)
        return f"Analysed with: {', '.join(told)}{f' and {left} more' if left else ''}."

    def _uncertain(self) -> bool:
        return any(
            standing.value.p10 < standing.value.p90
            for option in self.analysis.options
            for standing in self.analysis.candidate(option.candidate).standings
            if self.sight.value(self.analysis.candidate(option.candidate), standing.player)
        )

    def _too_few(self) -> str:
        shown = len(self.names.letters)
        reasons = (*self.analysis.notes, *self.analysis.recommendation.reasons)
        known = len(self.analysis.candidates)
        if self.sight.internal and known <= shown and not any(reason.kind is Kind.INCOMPLETE for reason in reasons):
            return "The file has no other plan." if shown > 1 else "The file has only this plan."
        count = words.number_word(shown).capitalize()
        return f"{count} option{'s' if shown > 1 else ''} only: no other plan differs in what people do."

    def _estimates(self) -> str:
        who = [
            self.names.name(reason.player)
            for reason in self.analysis.notes
            if reason.kind is Kind.ESTIMATE_OF_OTHER_SIDE and reason.player
        ]
        return (
            f"Values of {words.listed(who)} are an estimate."
            if who
            else f"Each {self.names.side}'s values are the other's estimate."
        )

    # ---- the four blocks -------------------------------------------------------------------------------------------

    def _why(self) -> Block:
        if self.chosen is None:
            return Block("why", "Why no option holds", fill(self._why_nothing(), LIMITS["why"]))
        if self.sight.internal and self.names.alone:
            return why_block(self.desk, self.chosen)
        if self.sight.internal:
            head, shared = f"Why {self.letter} holds", sharing_why(self.desk)
            return Block(
                "why",
                head,
                fill(
                    [
                        *shared[:1],
                        *why_needed(self.desk),
                        *why_sentences(
                            self.analysis,
                            self.names,
                            self.decimals,
                            against=self.keeps(Part.AGAINST) and not self.chosen.outvoted,
                            values=self.keeps(Part.VALUES_AGAINST),
                            rules=self.keeps(Part.RULES) and not shared,
                        ),
                        *shared[1:],
                    ],
                    LIMITS["why"],
                ),
            )
        texts = [words.sentence(text) for text in self.chosen.pros]
        known = [fact for fact in self.analysis.known if self.sight.fact(fact) and fact.date]
        if known and any(self.sight.follow(follow) for follow in self.chosen.follows):
            texts.append(f"{self.letter} leaves the next decision until more is known.")
        texts.append(f"{self.names.each[0].upper()}{self.names.each[1:]} compares {self.letter} with its own values.")
        return Block("why", f"Why {self.letter}", fill(texts, LIMITS["why"]))

    def _why_nothing(self) -> list[str]:
        if not self.sight.internal:
            return [f"Each {self.names.side} compares the options with its own values."]
        texts = []
        for option in self.analysis.options:
            candidate = self.analysis.candidate(option.candidate)
            losing = [item for item in candidate.standings if not item.acceptable]
            if losing:
                worst = min(losing, key=lambda item: item.gain)
                texts.append(self.names.does_better(worst.player, [candidate], self.decimals))
            elif not candidate.self_enforcing:
                name, how = self.names.option(candidate.key), not_held(candidate, self.names)
                texts.append(f"{name} {how}." if how.startswith("would") else f"Instead of {name} {how}.")
        return texts or ["No plan in the file meets both conditions: acceptable to all, and holding by itself."]

    def _gives(self) -> Block:
        verb = "gives" if self.sight.internal or self.chosen is None else "does"
        head = f"What {self.names.each} {verb}"
        if self.chosen is None:
            return Block("gives", head, "Nothing is asked of anybody today.")
        if self.sight.internal and self.names.alone:
            return costs_block(self.desk, self.chosen)
        if self.sight.internal:
            return Block("gives", head, concessions_text(self.desk, self.chosen))
        return Block("gives", head, fill(self._duties(self.chosen), LIMITS["gives"]))

    def _duties(self, chosen: Candidate) -> list[str]:
        """Who does what, of the steps this copy may show; the terms of one deal in one sentence."""
        texts: list[str] = []
        dates = words.Dates()
        groups: dict[tuple[tuple[str, ...], str | None], list[Step]] = {}
        for step in chosen.steps:
            if self.sight.step(step):
                groups.setdefault((step.by, step.date), []).append(step)
        for (by, date), steps in groups.items():
            who = self.names.group(by)
            when = f" on {dates.text(date)}" if date else ""
            verb = "agree on" if len(by) > 1 else "chooses"
            what = words.listed([f"“{step.choice_label}”" for step in steps])
            if len(steps) > MOST_STEPS:  # the terms stand in the option's name
                what = f"the terms of {self.letter}"
            texts.append(f"{who[0].upper()}{who[1:]} {verb} {what}{when}.")
        texts += payment_duty(self.desk)
        for by, date in dict.fromkeys((item.by, item.date) for item in chosen.follows if self.sight.follow(item)):
            when = f" on {dates.text(date)}" if date else ""
            verb = "decide" if len(by) > 1 else "decides"
            texts.append(f"{words.listed([self.names.name(player) for player in by])} {verb} what follows{when}.")
        return texts or [f"Both carry out {self.letter}."]

    def _notes(self) -> tuple[str, ...]:
        notes = []
        if len(self.names.letters) != len(self.analysis.options):
            notes.append("a confidential option is left out of the shared copy, and the others are lettered anew")
        left = [part.value for part in ORDER if not self.keeps(part)]
        if left:
            notes.append(f"to keep to {WORDS} words the page leaves out {words.listed(left)}")
        return tuple(notes)

    # ---- asked today, signatures, footer ---------------------------------------------------------------------------

    def _asked(self) -> Asked:
        items = self._next_steps() if self.chosen is None else self._requests()
        return Asked("Asked today", tuple(items[:3]), "Minutes go out today.")

    def _requests(self) -> list[str]:
        named = self.letter if len(self.analysis.options) > 1 else "the plan above"
        items = [f"Mandate for option {named}" if self.sight.internal else f"Option {named}"]
        items = [items[0].replace("option the", "the").replace("Option the", "The")]
        items[0] += lever_needed(self.desk)
        items += [
            text
            for text in (payment_request(self.desk), shared_request(self.desk), decision_request(self.desk))
            if text
        ]
        if self.sight.internal:
            for reason in self.analysis.recommendation.holds_if:
                if reason.kind is Kind.IF_PROPOSES and reason.player:
                    items.append(f"First proposal by {self.names.name(reason.player)}")
        items += self._answer()
        lead = next(
            (player.lead for player in self.facts.players if player.key == self.facts.advise and player.lead), None
        )
        if self.sight.internal and lead:
            items.append(f"{lead} as owner of the next steps")
        return items

    def _answer(self) -> list[str]:
        if not self.facts.decide_by:
            return []
        when = words.date_text(self.facts.decide_by)
        others = [player.key for player in self.facts.players if player.key != self.facts.advise]
        if self.sight.internal and self.facts.advise != ALLIANCE and len(others) == 1:
            return [f"Answer to {self.names.name(others[0])} by {when}"]
        return [f"Answer by {when}"]

    def _next_steps(self) -> list[str]:
        items = ["A further option that suits all sides", "Talks on dates and terms that could change the values"]
        return [*items, *self._answer()]

    def _provenance(self) -> Provenance:
        done, sha = self.analysis, frame.sha_shown(self.facts, internal=self.sight.internal)
        return Provenance(frame.file_name(self.facts), sha, done.version, done.seed, done.draws, done.sampling)

    def _changed(self) -> str:
        """What was changed in the file for this analysis; on a shared copy only that something was."""
        changes = self.facts.changes
        if not changes:
            return ""
        if self.sight.internal and len(changes) == 1 and len(changes[0]) <= CHANGE:
            return f" with {changes[0]}"
        return f" with {len(changes)} change{'' if len(changes) == 1 else 's'}"

    def _footer(self, *, has_values: bool) -> tuple[str, str]:
        origin = self._provenance()
        parts = [
            *frame.origin(self.facts, origin.version, self._changed()),
            f"seed {origin.seed}",
            f"{origin.draws:,} {'Sobol ' if origin.sampling == 'sobol' else ''}draws",
        ]
        if self.date:
            parts.append(words.date_text(self.date))
        if self.sight.internal:
            count = len(self.facts.players)
            shows = "both" if count == 2 else "all"
            what = (
                f"shows {shows} no-agreement values"
                if self.analysis.disagreement
                else f"shows the values of {self.names.all}"
            )
            right = f"Internal copy: {what}"
        elif has_values:
            right = "Shared copy: values as released, no limits"
        else:
            right = f"Shared copy: no {'company ' if self.names.side == 'company' else ''}values or limits"
        left, right = " · ".join(parts), f"{right} · 1 of 1"
        if len(left) + len(right) > FOOTER:
            left = left.removeprefix("Scenario ")
        return left, right
