"""The partner's seat: the brief of the mirrored scenario, and the record of what the partner sees, answers and says.

`partner_found` analyses the scenario twice, once as it stands and once with the other player advised. The first
analysis is that of the page that `brief` writes but for the changes of the game, which nothing here tells; the second
is the page that `partner` writes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from gamecore.errors import InputError

if TYPE_CHECKING:
    from gamecore.advice.analysis import Analysis
    from gamecore.advice.partner_facts import PartnerFacts
    from gamecore.brief.partner import Section
    from gamecore.brief.printed import Printed
    from gamecore.model import Scenario
    from gamecore.pipeline import Progress, Settings

__all__ = ["Partner", "check_copy", "partner_document", "partner_found", "partner_page"]


@dataclass(frozen=True)
class Partner:
    """Both analyses and the record: `mirrored` is the seat's, `ours` the asker's."""

    ours: Analysis
    mirrored: Analysis
    facts: PartnerFacts
    sections: tuple[Section, ...]


def partner_found(
    scenario: Scenario,
    settings: Settings | None = None,
    *,
    player: str | None = None,
    progress: Progress | None = None,
) -> Partner:
    """The seat of `player`, or of the first player that the file does not advise.

    Raises
    ------
    InputError
        If there is no such seat (`advice.partner.seat_of`), or as `analyse` does.
    RefusedError
        If a limit would be broken.
    """
    from gamecore.advice.partner import mirrored, partner_facts, seat_of
    from gamecore.brief.partner import partner_sections
    from gamecore.pipeline import analysed

    seat = seat_of(scenario, player)
    ours = analysed(scenario, settings, progress=progress, levers=False)
    theirs = analysed(mirrored(scenario, seat), settings, progress=progress)
    facts = partner_facts(ours, theirs, seat)
    return Partner(ours[0], theirs[0], facts, partner_sections(facts, ours[0]))


def partner_page(found: Partner, format: str, *, paper: str = "a4", date: str | None = None) -> Printed:
    """The seat's page: byte for byte the internal brief of the mirrored scenario. Raises as `render` does."""
    from gamecore.brief import render_with_notes

    return render_with_notes(found.mirrored, format, copy="internal", paper=paper, date=date)


def check_copy(copy: str, option: str) -> None:
    """Refuse a shared copy: the page shows what one side believes the other's values to be."""
    if copy != "internal":
        raise InputError(
            f"{option} {copy[:20]}: the partner's page shows our estimate of the partner's values and is internal by "
            "nature; the shared copy of the brief shows what both sides may see"
        )


def partner_document(found: Partner) -> dict[str, Any]:
    """The document of `partner --json`; numbers rounded as in an analysis. `text` has the sentences, by section."""
    from gamecore.advice.document import plain

    facts = found.ours.scenario
    head = {"title": facts.title, "sha256": facts.sha256, "file": facts.file, "unit": facts.unit}
    return {
        "scenario": head,
        "version": found.ours.version,
        "seed": found.ours.seed,
        "draws": found.ours.draws,
        "sampling": found.ours.sampling,
        "changes": list(facts.changes),
        "copy": "internal",
        "values_are_estimates_of": found.facts.seat,
        "status": "complete" if found.ours.status == found.mirrored.status == "complete" else "partial",
        **plain(found.facts),
        "text": {item.key: {"head": item.head, "sentences": list(item.texts)} for item in found.sections},
    }
