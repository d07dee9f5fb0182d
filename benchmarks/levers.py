"""How long changes of a game take: `python benchmarks/levers.py [--repeats 3] [--json]`.

For each scenario the full search of `gamecore levers` (single changes, pairs, payments, draws), and what the few
changes on the page add to an analysis; then `POST /v1/levers` of the service, warm. Seconds of the processor for what
runs here, which a busy machine does not stretch as much as the clock, and of the clock for the service.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.run import MODEL, ROOT, TYPED, request, service
from gamecore.pipeline import Settings, analysed
from gamecore.questions.lever_document import changes_found
from gamecore.scenario import read_scenario

LARGE = ROOT / "scenarios" / "licence-term-sheet.yaml"  # the most ends of all
TALKS = ROOT / "scenarios" / "payer.yaml"  # moves of two sides in turn
AIM = 20.0
"""Seconds for any search, and for the service's answer within its own limit."""
AIM_OF_MODEL = 8.0
AIM_OF_PAGE = 0.15


def seconds(work: Callable[[], object], repeats: int) -> float:
    """The least of several runs, in seconds of the processor."""
    measured = []
    for _ in range(repeats):
        begun = time.process_time()
        work()
        measured.append(time.process_time() - begun)
    return min(measured)


def searched(file: Path, repeats: int) -> tuple[float, int, int]:
    """Seconds of a search, what was tried, and the pairs that were not."""
    scenario = read_scenario(file.read_bytes(), file=file.name)
    facts = changes_found(scenario).facts
    return seconds(lambda: changes_found(scenario), repeats), facts.tried, facts.pairs_left


def on_the_page(file: Path, repeats: int) -> float:
    """Seconds that the changes on the page add to an analysis: the difference of two, which differ in nothing else."""
    scenario = read_scenario(file.read_bytes(), file=file.name)
    settings = Settings()
    analysed(scenario, settings)
    # In turn, so that what the machine does meanwhile falls on both.
    pairs = [
        [seconds(lambda said=said: analysed(scenario, settings, levers=said), 1) for said in (True, False)]  # type: ignore[misc]
        for _ in range(2 * repeats + 1)
    ]
    return min(pair[0] for pair in pairs) - min(pair[1] for pair in pairs)


def posted(file: Path, repeats: int) -> float:
    """The median of the service's answers, seconds of the clock."""
    body = file.read_bytes()
    measured = []
    with service() as port:
        request(port, "POST", "/v1/analyses?draws=100", body)
        for _ in range(repeats):
            begun = time.perf_counter()
            request(port, "POST", "/v1/levers", body)
            measured.append(time.perf_counter() - begun)
    return statistics.median(measured)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="How long changes of a game take.")
    parser.add_argument("--repeats", type=int, default=3, help="runs of each")
    parser.add_argument("--json", action="store_true", help="as a document")
    arguments = parser.parse_args()
    repeats = max(1, arguments.repeats)
    searches = {file.stem: searched(file, repeats) for file in (MODEL, TYPED, TALKS, LARGE)}
    pages = {file.stem: on_the_page(file, repeats) for file in (MODEL, TYPED)}
    answer = posted(MODEL, repeats)
    if arguments.json:
        print(json.dumps({"searches": searches, "pages": pages, "posted": answer}, indent=2))
        return
    print("searching for changes, s of the processor")
    for name, (value, tried, left) in searches.items():
        aim = AIM_OF_MODEL if name == MODEL.stem else AIM
        print(f"{name:32}{value:8.2f}   {tried} tried, {left:,} pairs left; aim {aim:g} s: {_kept(value, aim)}")
    print("\nwhat the changes on the page add to an analysis, s of the processor")
    for name, value in pages.items():
        print(f"{name:32}{value:8.3f}   aim {AIM_OF_PAGE:g} s: {_kept(value, AIM_OF_PAGE)}")
    print(f"\nPOST /v1/levers, {MODEL.stem}: {answer:.1f} s, aim {AIM:g} s: {_kept(answer, AIM)}")


def _kept(value: float, aim: float) -> str:
    return "kept" if value <= aim else "MISSED"


if __name__ == "__main__":
    main()
