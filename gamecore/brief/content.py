"""From an analysis to the page's blocks: every sentence is made here or in `sentences`, from typed reasons and numbers.

Each block is filled with its sentences in order of weight until its limit of words; what the scenario's author wrote is
taken as it stands. The whole page has at most `blocks.WORDS` words.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import PurePath, PureWindowsPath

from gamecore.advice.analysis import Analysis, Candidate, ContingentChoice, Frequency, Kind, KnownFact
from gamecore.brief import words
from gamecore.brief.blocks import (
    LIMITS,
    MADE_OF,
    WORDS,
    Asked,
    Block,
    Headline,
    Page,
    Provenance,
    Segment,
    Signature,
    Strip,
)
from gamecore.brief.panel import average_reasons, make_panel
from gamecore.brief.sentences import names_of, why_sentences
from gamecore.brief.sight import INTERNAL, Sight
from gamecore.errors import PageOverflowError

__all__ = ["make_page"]

ALLIANCE = "alliance"
NO_AGREEMENT = "no_agreement"
UNDECIDED = "undecided"
# What the page leaves out, step by step, before it refuses for too many words: chances of acceptance (1), the second
# strip (2), what happens otherwise (3), ranks on average (4), the other companies' owners (5), all but one reason
# against other options (6), the analysis' own pros and cons (7), the strip (8), the second fact (9).
BREVITY = 9


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
    page, counted = _counted(analysis, sight, date, 0)
    for brevity in range(1, BREVITY + 1):
        if counted <= WORDS:
            break
        page, counted = _counted(analysis, sight, date, brevity)
    if counted > WORDS:
        block = page.longest_block()
        raise PageOverflowError(
            f"the page has {counted} words, {counted - WORDS} more than it may; shorten the block '{block}' "
            f"({page.words().get(block, 0)} words, its limit is {LIMITS[block]}): {MADE_OF[block]}",
            block=block,
        )
    return page


def _counted(analysis: Analysis, sight: Sight, date: str | None, brevity: int) -> tuple[Page, int]:
    page = _Writer(analysis, sight, date, brevity).page()
    return page, sum(page.words().values())


def fill(sentences: Sequence[str], limit: int) -> str:
    """The sentences in order, leaving out what goes beyond the limit; the first one always stays."""
    taken: list[str] = []
    room = limit
    for text in sentences:
        need = words.count_words(text)
        if text and (not taken or need <= room):
            taken.append(text)
            room -= need
    return " ".join(taken)


class _Writer:
    """Writes one copy of one analysis."""

    def __init__(self, analysis: Analysis, sight: Sight, date: str | None, brevity: int = 0) -> None:
        self.analysis = analysis
        self.brevity = brevity
        self.sight = sight
        self.date = date
        self.facts = analysis.scenario
        self.notes: list[str] = []
        self.names = names_of(analysis, self._letters())
        self.decimals = words.decimals_for(self._shown_values())
        chosen = analysis.recommendation.candidate
        self.chosen: Candidate | None = None if chosen is None else analysis.candidate(chosen)
        self.letter = "" if self.chosen is None else self.names.option(self.chosen.key)

    # ---- what is called how ----------------------------------------------------------------------------------------

    def _letters(self) -> dict[str, str]:
        visible = [
            option
            for option in self.analysis.options
            if self.sight.candidate(self.analysis.candidate(option.candidate))
        ]
        if len(visible) == len(self.analysis.options):
            return {option.candidate: option.letter for option in visible}
        self.notes.append(
            "an option is confidential: it is left out of the shared copy and the others are lettered anew"
        )
        return {option.candidate: chr(ord("A") + index) for index, option in enumerate(visible)}

    def _shown_values(self) -> list[float]:
        values = [
            standing.value.base
            for option in self.analysis.options
            for standing in self.analysis.candidate(option.candidate).standings
            if self.sight.candidate(self.analysis.candidate(option.candidate))
            and self.sight.value(self.analysis.candidate(option.candidate), standing.player)
        ]
        if self.sight.internal:
            values += [away.value.base for away in self.analysis.walk_aways]
        return values

    def number(self, value: float) -> str:
        return words.number(value, self.decimals)

    # ---- the page --------------------------------------------------------------------------------------------------

    def page(self) -> Page:
        panel = make_panel(self.analysis, self.sight, self.names, self.decimals, own_words=self.brevity < 7)
        return Page(
            copy=self.sight.copy,
            kicker=self._kicker(),
            badge=self._badge(),
            title=self._title(),
            who=self._who(),
            recommendation=Headline(self._headline(), self._numbers_line()),
            context=Block("context", "Context", " ".join(words.sentence(text) for text in self.facts.context)),
            remark=self.facts.note or "",
            panel=panel,
            key=self._key(has_values=bool(panel.ticks), lined=any(column.line is not None for column in panel.columns)),
            why=self._why(),
            gives=self._gives(),
            sure=self._sure(),
            known=self._known(),
            no=self._if_no(),
            asked=self._asked(),
            signatures=self._signatures(),
            footer=self._footer(has_values=bool(panel.ticks)),
            provenance=self._provenance(),
            strips=self._strips(),
            notes=tuple(self.notes),
        )

    def _kicker(self) -> str:
        return "Decision paper"

    def _badge(self) -> str:
        if not self.sight.internal:
            count = len(self.facts.players)
            return f"Shared copy · {'both' if count == 2 else 'all'} companies"
        if self.facts.advise == ALLIANCE:
            return "Internal · alliance team"
        return f"Internal · {self.names.short(self.facts.advise)} only"

    def _title(self) -> str:
        title = self.facts.title.strip()
        return f"{title}: decide by {words.date_text(self.facts.decide_by)}" if self.facts.decide_by else title

    def _who(self) -> tuple[tuple[str, str], ...]:
        players = list(self.facts.players)
        if self.sight.internal:
            players.sort(key=lambda player: player.key != self.facts.advise)
        if self.brevity >= 5:
            players = players[:1] if self.sight.internal and self.facts.advise != ALLIANCE else []
        owners = [f"{player.lead} ({self.names.short(player.key)})" for player in players if player.lead]
        entries = [("Question", self.facts.question.strip())]
        if owners:
            entries.append(("Owners" if len(owners) > 1 else "Owner", ", ".join(owners)))
        return tuple((label, text) for label, text in entries if text)

    # ---- recommendation --------------------------------------------------------------------------------------------

    def _headline(self) -> str:
        if self.chosen is None:
            if not self.sight.internal:
                return "We recommend no option today."
            floor = self._floor_words()
            kinds = {reason.kind for reason in self.analysis.recommendation.reasons}
            if Kind.NOTHING_SELF_ENFORCING in kinds and Kind.NOTHING_ACCEPTABLE not in kinds:
                return f"No option that is at least {floor} for {self.names.all} would be kept."
            return f"No option beats {floor} for {self.names.all}."
        label = self.sight.label(self.chosen)
        if len(self.analysis.options) == 1:
            return words.sentence(f"We recommend the only option: {label}")
        return words.sentence(f"We recommend {self.letter}: {label}")

    def _floor_words(self) -> str:
        kinds = {self.names.walk_away(player.key)[0] for player in self.facts.players}
        return kinds.pop() if len(kinds) == 1 else "no agreement" if self.analysis.disagreement else "saying no"

    def _numbers_line(self) -> str:
        if not self.sight.internal or self.chosen is None:
            return ""
        unit = f" (value, {self.facts.unit})" if self.facts.unit else " (value)"
        base = next((item for item in self.analysis.candidates if item.is_baseline), None)
        if base is not None and base.key != self.chosen.key:
            against_base = {
                item.player: item.value.base - base.standing(item.player).value.base for item in self.chosen.standings
            }
            name = self.names.option(base.key) if base.key in self.names.letters else "the plan as it stood"
            if min(against_base.values()) >= 0:
                return f"{self._everybody()} better than under {name}: {self._changes(against_base)}{unit}."
        gains = {item.player: item.gain for item in self.chosen.standings}
        return f"{self._everybody()} better than with {self._floor_words()}: {self._changes(gains)}{unit}."

    def _everybody(self) -> str:
        count = len(self.facts.players)
        return "Both end" if count == 2 else f"All {words.number_word(count)} end" if count > 2 else "It ends"

    def _changes(self, changes: dict[str, float]) -> str:
        return ", ".join(
            f"{self.names.short(player)} {words.signed(change, self.decimals)}" for player, change in changes.items()
        )

    # ---- the key under the panel -----------------------------------------------------------------------------------

    def _key(self, *, has_values: bool, lined: bool) -> tuple[str, ...]:
        if not has_values:
            texts = ["The values of each company are not on this copy."]
        else:
            texts = ["Bar: base value."]
            if self._uncertain():
                texts.append(f"Whisker: 80 of 100 simulated cases (P10–{words.WORD_JOINER}P90).")
            if lined:
                texts.append("Dashed line: no agreement.")
        first = " ".join(texts)
        more = [self._too_few()] if len(self.names.letters) == len(self.analysis.options) < 3 else []
        if has_values and len(self.analysis.options) > 1:
            averages = average_reasons(self.analysis, self.sight, self.names, self.decimals)
            averages = averages if self.brevity < 4 or not averages else ["Another rank on average over all cases."]
            more += [f"* {text}" if index == 0 else text for index, text in enumerate(averages)]
        if self.sight.internal and any(reason.kind is Kind.ESTIMATE_OF_OTHER_SIDE for reason in self.analysis.notes):
            more.append(self._estimates())
        second = fill([text for text in more if text], LIMITS["key"] - words.count_words(first)) if more else ""
        return (first, second) if second else (first,)

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
            else "Each company's values are the other's estimate."
        )

    # ---- the four blocks -------------------------------------------------------------------------------------------

    def _why(self) -> Block:
        if self.chosen is None:
            return Block("why", "Why no option holds", fill(self._why_nothing(), LIMITS["why"]))
        if self.sight.internal:
            head = f"Why {self.letter} holds"
            return Block(
                "why",
                head,
                fill(
                    why_sentences(self.analysis, self.names, self.decimals, against=1 if self.brevity >= 6 else 2),
                    LIMITS["why"],
                ),
            )
        texts = [words.sentence(text) for text in self.chosen.pros]
        known = [fact for fact in self.analysis.known if self.sight.fact(fact) and fact.date]
        if known and any(self.sight.follow(follow) for follow in self.chosen.follows):
            texts.append(f"{self.letter} leaves the next decision until more is known.")
        texts.append(f"Each company compares {self.letter} with its own values.")
        return Block("why", f"Why {self.letter}", fill(texts, LIMITS["why"]))

    def _why_nothing(self) -> list[str]:
        if not self.sight.internal:
            return ["Each company compares the options with its own values."]
        texts = []
        for option in self.analysis.options:
            candidate = self.analysis.candidate(option.candidate)
            losing = [item for item in candidate.standings if not item.acceptable]
            if losing:
                worst = min(losing, key=lambda item: item.gain)
                floor, worth = self.names.walk_away(worst.player)
                worth_text = "" if worth is None else f" ({self.number(worth)})"
                texts.append(
                    f"{self.names.name(worst.player)} does better with {floor}{worth_text} than with "
                    f"{self.names.option(candidate.key)} ({self.number(worst.value.base)})."
                )
            elif not candidate.self_enforcing:
                texts.append(f"{self.names.option(candidate.key)} would not be kept once agreed.")
        return texts or ["No plan in the file meets both conditions: acceptable to all, and kept once agreed."]

    def _gives(self) -> Block:
        head = "What each company gives" if self.sight.internal or self.chosen is None else "What each company does"
        if self.chosen is None:
            return Block("gives", head, "Nothing is asked of either company today.")
        texts = self._regrets(self.chosen) if self.sight.internal else self._duties(self.chosen)
        return Block("gives", head, fill(texts, LIMITS["gives"]))

    def _regrets(self, chosen: Candidate) -> list[str]:
        giving: list[str] = []
        content: list[str] = []
        for standing in chosen.standings:
            if standing.rank == 1 or words.number(standing.regret, self.decimals) == words.number(0, self.decimals):
                content.append(self.names.name(standing.player))
                continue
            best = max(self.analysis.candidates, key=lambda item: item.standing(standing.player).value.base)
            where = self.names.option(best.key) if best.key in self.names.letters else "its best plan"
            suffix = ", its best option" if best.key in self.names.letters and not giving else ""
            name, less = self.names.name(standing.player), self.number(standing.regret)
            giving.append(f"{name} accepts {less} less than under {where}{suffix}.")
        if not giving:
            return [f"{self.letter} is the best option for {self.names.all}: nobody gives anything up."]
        if content:
            giving.append(
                f"{words.listed(content)} give{'s' if len(content) == 1 else ''} up nothing: {self.letter} ranks 1st."
            )
        return giving

    def _duties(self, chosen: Candidate) -> list[str]:
        texts: list[str] = []
        dates = words.Dates()
        for step in chosen.steps:
            if not self.sight.step(step):
                continue
            who = self.names.group(step.by)
            who = who[0].upper() + who[1:]
            when = f" on {dates.text(step.date)}" if step.date else ""
            verb = "agree on" if len(step.by) > 1 else "chooses"
            texts.append(f"{who} {verb} “{step.choice_label}”{when}.")
        for by, date in dict.fromkeys((item.by, item.date) for item in chosen.follows if self.sight.follow(item)):
            when = f" on {dates.text(date)}" if date else ""
            texts.append(f"{words.listed([self.names.name(player) for player in by])} decides what follows{when}.")
        return texts or [f"Both carry out {self.letter}."]

    # ---- how sure --------------------------------------------------------------------------------------------------

    def _sure(self) -> Block:
        head = "How sure this is"
        if not self.sight.internal:
            draws = f"{self.analysis.draws:,}"
            text = [f"All options are compared on the same {draws} draws."] if self.analysis.draws else []
            text.append(
                "Scenario, version and seed stand below: each company can repeat the analysis with its own values."
            )
            return Block("sure", head, fill(text, LIMITS["sure"]))
        if self._certain():
            text = ["All inputs are certain in this file; nothing was drawn."]
        else:
            text = [self._frequency_sentence(), *self._acceptance()]
        text += self._warnings()
        return Block("sure", head, fill([item for item in text if item], LIMITS["sure"]))

    def _certain(self) -> bool:
        if any(reason.kind is Kind.NOTHING_UNCERTAIN for reason in self.analysis.notes):
            return True
        return self.analysis.draws == 0 or not self.analysis.frequencies

    def _frequency_sentence(self) -> str:
        key = NO_AGREEMENT if self.chosen is None else self.chosen.key
        subject = "No agreement" if self.chosen is None else self.letter
        shares = [
            (frequency, self._cases(frequency).get(key, 0), frequency.shares.get(key, 0.0))
            for frequency in self._frequencies()
        ]
        if len(shares) == 1 or len({cases for _, cases, _ in shares}) == 1:
            ending = f", {self._whoever()}" if len(shares) > 1 else ""
            return f"{subject} is the outcome in {_cases_text(shares[0][1], shares[0][2])} cases{ending}."
        parts = []
        for index, (frequency, cases, share) in enumerate(shares):
            if index == 0:
                parts.append(f"{_cases_text(cases, share)} cases {self._when(frequency)}")
            else:
                parts.append(f"{_cases_text(cases, share)} {self._when(frequency, verb=index == 0)}")
        return f"{subject} is the outcome in {', '.join(parts)}."

    def _frequencies(self) -> list[Frequency]:
        """The protocols' pictures, the advised company's own proposal first."""
        return sorted(self.analysis.frequencies, key=lambda frequency: frequency.proposer != self.facts.advise)

    def _whoever(self) -> str:
        return (
            "whoever proposes"
            if all(frequency.proposer for frequency in self.analysis.frequencies)
            else "whatever the rule of proposing"
        )

    def _when(self, frequency: Frequency, *, verb: bool = True) -> str:
        if frequency.proposer:
            return f"when {self.names.name(frequency.proposer)} {'proposes' if verb else 'does'}"
        return f"with “{frequency.protocol}”"

    def _acceptance(self) -> list[str]:
        if self.chosen is None or self.brevity >= 1:
            return []
        chances = [(item.player, item.acceptable_chance) for item in self.chosen.standings]
        if all(chance >= 0.995 for _, chance in chances):
            return []
        parts = [f"{words.chance_text(chance)} for {self.names.name(player)}" for player, chance in chances]
        return [f"It beats {self._floor_words()} in {words.listed(parts)}."]

    def _warnings(self) -> list[str]:
        texts: list[str] = []
        for reason in (*self.analysis.recommendation.reasons, *self.analysis.notes):
            if reason.kind is Kind.MEAN_RECOMMENDS:
                others = [
                    self.names.option(key) for key in reason.refers_to if not self.chosen or key != self.chosen.key
                ]
                other = others[0] if others else "another plan"
                texts.insert(0, f"By the average over all cases {other} would be recommended.")
            elif reason.kind is Kind.INCOMPLETE:
                texts.append("The search for outcomes was not complete.")
            elif reason.kind is Kind.UNDECIDED_DRAWS:
                texts.append("Some cases have no clear outcome.")
        return list(dict.fromkeys(texts))

    def _cases(self, frequency: Frequency) -> dict[str, int]:
        return words.hundred(self._ordered(frequency))

    def _ordered(self, frequency: Frequency) -> list[tuple[str, float]]:
        """Shares in the order of the strip: the recommended plan, the other options, the rest, no agreement last."""
        chosen = self.chosen.key if self.chosen else ""
        lettered = [key for key in self.names.letters if key != chosen]
        lettered.sort(key=lambda key: -frequency.shares.get(key, 0.0))
        others = math.fsum(
            share
            for key, share in frequency.shares.items()
            if key not in self.names.letters and key not in {NO_AGREEMENT, UNDECIDED}
        )
        ordered = [(chosen, frequency.shares.get(chosen, 0.0))] if chosen else []
        ordered += [(key, frequency.shares.get(key, 0.0)) for key in lettered]
        ordered += [
            ("other", others),
            (UNDECIDED, frequency.shares.get(UNDECIDED, 0.0)),
            (NO_AGREEMENT, frequency.shares.get(NO_AGREEMENT, 0.0)),
        ]
        return ordered

    def _strips(self) -> tuple[Strip, ...]:
        if not self.sight.internal or self._certain() or self.brevity >= 8:
            return ()
        strips: list[Strip] = []
        for frequency in self._frequencies():
            segments = self._segments(frequency)
            if not any(strip.segments == segments for strip in strips):
                head = f"{self.names.short(frequency.proposer)} proposes" if frequency.proposer else ""
                strips.append(Strip(head, segments))
        if len(strips) == 1:
            return (Strip("", strips[0].segments),)
        return tuple(strips[: 1 if self.brevity >= 2 else 2])

    def _segments(self, frequency: Frequency) -> tuple[Segment, ...]:
        cases = self._cases(frequency)
        chosen = self.chosen.key if self.chosen else NO_AGREEMENT
        named = {"other": "Other plans", UNDECIDED: "Not clear", NO_AGREEMENT: "No agreement"}
        rest = [(key, count) for key, count in cases.items() if key != chosen and count > 0]
        second = max(rest, key=lambda item: item[1], default=("", 0))[0]
        segments = [Segment(named.get(chosen, self.names.letters.get(chosen, "")), cases.get(chosen, 0), "chosen")]
        for key, count in rest:
            segments.append(
                Segment(named.get(key, self.names.letters.get(key, "")), count, "next" if key == second else "rest")
            )
        return tuple(segment for segment in segments if segment.cases > 0)

    # ---- what will be known, and if the answer is no ---------------------------------------------------------------

    def _known(self) -> Block:
        head = "What will be known, and when"
        dates = words.Dates()
        facts = [fact for fact in self.analysis.known if self.sight.fact(fact) and (fact.date or fact.at is not None)]
        facts = facts[: 1 if self.brevity >= 9 else 2]
        texts = [self._fact_sentence(fact, dates) for fact in facts]
        texts += self._trigger_sentences(facts)
        if not texts:
            texts = ["The file names nothing that becomes known before the last decision."]
        return Block("known", head, fill(texts, LIMITS["known"]))

    def _fact_sentence(self, fact: KnownFact, dates: words.Dates) -> str:
        who = f", to {words.listed([self.names.name(player) for player in fact.seen_by])} only" if fact.seen_by else ""
        when = f"By {dates.text(fact.date)}" if fact.date else f"After {_length(fact.at or 0.0)}"
        return words.sentence(f"{when}{who}: {fact.label}")

    def _trigger_sentences(self, facts: Sequence[KnownFact]) -> list[str]:
        return [text for text, _ in self._triggers(facts)]

    def _triggers(self, facts: Sequence[KnownFact]) -> list[tuple[str, str]]:
        """What follows by itself, as (sentence, short name of the trigger)."""
        if self.chosen is None:
            return []
        follows = [follow for follow in self.chosen.follows if self.sight.follow(follow)]
        texts: list[tuple[str, str]] = []
        for decision in dict.fromkeys(follow.decision for follow in follows):
            here = [follow for follow in follows if follow.decision == decision]
            choices = list(dict.fromkeys(follow.choice for follow in here))
            who = words.listed([self.names.name(player) for player in here[0].by])
            if len(choices) == 1:
                texts.append((f"{who} then chooses “{here[0].choice_label}”.", ""))
                continue
            usual = max(choices, key=lambda choice: self._weight(here, choice))
            usual_label = next(item.choice_label for item in here if item.choice == usual)
            usual_text = "" if self.brevity >= 3 else f"; otherwise “{usual_label}”"
            for choice in choices:
                if choice == usual:
                    continue
                cases = [item for item in here if item.choice == choice]
                when = self._given(cases, facts)
                label = cases[0].choice_label
                texts.append((f"If {when}, {who} moves to “{label}”{usual_text}.", _short_given(cases)))
        return texts

    def _weight(self, follows: Sequence[ContingentChoice], choice: str) -> float:
        """How usual a choice is: by chance on the internal copy, by the number of cases on a shared one."""
        matching = [item for item in follows if item.choice == choice]
        return math.fsum(item.chance for item in matching) if self.sight.internal else float(len(matching))

    def _given(self, follows: Sequence[ContingentChoice], facts: Sequence[KnownFact]) -> str:
        single = len(facts) == 1
        parts = []
        for follow in follows:
            given = []
            for (name, _), (label, outcome) in zip(follow.given, follow.given_labels, strict=True):
                given.append(outcome if single and facts[0].event == name else f"{label}: {outcome}")
            parts.append(words.listed(given))
        chance = ""
        if all(self.sight.follow_chance(follow) for follow in follows):
            chance = f" ({words.chance_text(math.fsum(follow.chance for follow in follows))})"
        return f"{words.listed(parts, 'or')}{chance}"

    def _if_no(self) -> Block:
        head = "If the answer is no:"
        return Block("no", head, fill(self._no_sentences(), LIMITS["no"]))

    def _no_sentences(self) -> list[str]:
        disagreement = self.analysis.disagreement
        if disagreement is not None:
            if not self.sight.internal and disagreement.confidential:
                return ["the question goes back to the companies."]
            means = disagreement.means
            if means and means in self.names.letters:
                return [f"{self.names.letters[means]} happens by itself."]
            return [words.sentence(disagreement.label)]
        kinds = {away.kind for away in self.analysis.walk_aways}
        base = next((item for item in self.analysis.candidates if item.is_baseline), None)
        if kinds == {"security"} and self.sight.internal:
            return ["each company does what it can secure alone."]
        if base is not None and base.key in self.names.letters:
            return [f"the plan as it stood, {self.names.letters[base.key]}, goes on."]
        return ["the plan as it stood goes on."]

    # ---- asked today, signatures, footer ---------------------------------------------------------------------------

    def _asked(self) -> Asked:
        items = self._next_steps() if self.chosen is None else self._requests(self.chosen)
        return Asked("Asked today", tuple(items[:3]), "Minutes go out today.")

    def _requests(self, chosen: Candidate) -> list[str]:
        named = self.letter if len(self.analysis.options) > 1 else "the plan above"
        items = [f"Mandate for option {named}" if self.sight.internal else f"Option {named}"]
        items = [items[0].replace("option the", "the").replace("Option the", "The")]
        first = next((item for item in chosen.follows if self.sight.follow(item) and item.date), None)
        triggers = [name for _, name in self._triggers(()) if name]
        if first is not None and first.date:
            trigger = f" and the trigger “{triggers[0]}”" if triggers else ""
            items.append(f"Decision date {words.date_text(first.date)}{trigger}")
        elif triggers:
            items.append(f"Trigger “{triggers[0]}”")
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

    def _signatures(self) -> tuple[Signature, ...]:
        if self.sight.internal and self.facts.advise != ALLIANCE:
            name = self.names.short(self.facts.advise)
            return (Signature(f"{name}, decision maker"), Signature(f"{name}, finance"))
        return tuple(Signature(f"{self.names.short(player.key)}, co-chair") for player in self.facts.players)

    def _provenance(self) -> Provenance:
        sha = self.facts.sha256 if self.sight.internal else self.facts.sha256[:8]
        name = PurePath(PureWindowsPath(self.facts.file).name).name
        return Provenance(name, sha, self.analysis.version, self.analysis.seed, self.analysis.draws)

    def _footer(self, *, has_values: bool) -> tuple[str, str]:
        origin = self._provenance()
        digits = f"{origin.sha[:4]} {origin.sha[4:8]}".strip()
        parts = [
            f"Scenario {origin.file}, SHA-256 {digits}",
            f"gamecore {origin.version}",
            f"seed {origin.seed}",
            f"{origin.draws:,} draws",
        ]
        if self.date:
            parts.append(words.date_text(self.date))
        if self.sight.internal:
            count = len(self.facts.players)
            shows = "both" if count == 2 else "all"
            what = (
                f"shows {shows} no-agreement values"
                if self.analysis.disagreement
                else "shows the values of all companies"
            )
            right = f"Internal copy: {what}"
        elif has_values:
            right = "Shared copy: values as released, no limits"
        else:
            right = "Shared copy: no company values or limits"
        return " · ".join(parts), f"{right} · 1 of 1"


def _cases_text(cases: int, share: float) -> str:
    if 0 < share < 0.005 or 0.995 < share < 1:
        return words.chance_text(share)
    return f"{cases} of 100"


def _length(years: float) -> str:
    months = round(12 * years)
    if months and months % 12 == 0:
        return f"{months // 12} year{'s' if months > 12 else ''}"
    if months:
        return f"{months} month{'s' if months > 1 else ''}"
    weeks = max(1, round(years * 365.25 / 7))
    return f"{weeks} week{'s' if weeks > 1 else ''}"


def _short_given(follows: Sequence[ContingentChoice]) -> str:
    return words.listed([words.listed([outcome for _, outcome in follow.given_labels]) for follow in follows], "or")
