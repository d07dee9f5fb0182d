"""How quick the three doors are: `make bench`, or `python benchmarks/run.py [--repeats 7] [--json]`.

Times are medians of several runs on this machine, each beside its aim and as a multiple of `python -c pass` measured in
the same run: a busy or slow machine slows both. Nothing is written outside a temporary folder; the service listens on
loopback only.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MODEL = ROOT / "scenarios" / "phase2-covid.yaml"  # valued from its programme
TYPED = ROOT / "scenarios" / "phase2-covid-by-state.yaml"  # the same situation, its values typed
GAMECORE = (sys.executable, "-c", "from gamecore.cli import main; main()")
DRAWS = 10_000


@dataclass(frozen=True)
class Measured:
    """One line of the table; seconds."""

    name: str
    median: float
    fastest: float
    repeats: int
    aim: float | None
    multiple: float  # of `python -c pass`


def timed(work: Callable[[], object], repeats: int) -> list[float]:
    """The seconds of each run, after one that is not counted."""
    work()
    seconds = []
    for _ in range(repeats):
        begun = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - begun)
    return seconds


def command(*arguments: str) -> Callable[[], object]:
    """Running a command to its end."""
    return lambda: subprocess.run(arguments, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def analysis(scenario: Path, repeats: int) -> tuple[list[float], list[float]]:
    """Seconds of reading and of analysing in a fresh process each, without imports: what one brief costs of each."""
    program = (
        "import sys, time, pathlib\n"
        "from gamecore.scenario import read_scenario\n"
        "from gamecore.pipeline import Settings, analyse\n"
        "data = pathlib.Path(sys.argv[1]).read_bytes()\n"
        "a = time.perf_counter(); scenario = read_scenario(data)\n"
        f"b = time.perf_counter(); analyse(scenario, Settings(draws={DRAWS}))\n"
        "print(b - a, time.perf_counter() - b)\n"
    )
    reading, solving = [], []
    for _ in range(repeats):
        done = subprocess.run(
            [sys.executable, "-c", program, str(scenario)], check=True, capture_output=True, text=True
        )
        read, solved = map(float, done.stdout.split())
        reading.append(read)
        solving.append(solved)
    return reading, solving


@contextmanager
def service() -> Iterator[int]:
    """The service on a free port of loopback, warm; ended by its process id."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {**os.environ, "GAMECORE_SOLVES_AT_ONCE": "1"}
    with subprocess.Popen(
        [*GAMECORE, "serve", "--port", str(port)], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        try:
            deadline = time.monotonic() + 60
            while True:
                try:
                    request(port, "GET", "/healthz")
                    break
                except OSError:
                    if time.monotonic() > deadline or process.poll() is not None:
                        raise
                    time.sleep(0.1)
            yield port
        finally:
            process.terminate()


def request(port: int, method: str, path: str, body: bytes | None = None) -> bytes:
    """One request on a connection of its own."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    try:
        connection.request(method, path, body, {"Content-Type": "application/yaml"})
        response = connection.getresponse()
        answer = response.read()
    finally:
        connection.close()
    if response.status != 200:
        raise SystemExit(f"{method} {path}: {response.status} {answer.decode()}")
    return answer


def briefed(scenario: Path, repeats: int) -> list[float]:
    """Seconds of `gamecore brief`, start-up and PDF included."""
    with tempfile.TemporaryDirectory() as folder:
        page = str(Path(folder) / "page.pdf")
        return timed(command(*GAMECORE, "brief", str(scenario), "-o", page, "--draws", str(DRAWS)), repeats)


def asked(port: int, resource: str, scenario: Path, repeats: int) -> list[float]:
    """Seconds of a request."""
    body = scenario.read_bytes()
    return timed(lambda: request(port, "POST", f"/v1/{resource}?draws={DRAWS}", body), repeats)


def measure(repeats: int) -> list[Measured]:
    """Every line of the table."""
    # `pass` is measured before and after: what changes between is the machine.
    bare = timed(command(sys.executable, "-c", "pass"), repeats)
    helped = timed(command(*GAMECORE, "--help"), repeats)
    briefs = {scenario: briefed(scenario, repeats) for scenario in (MODEL, TYPED)}
    analyses = {scenario: analysis(scenario, repeats) for scenario in (MODEL, TYPED)}
    with service() as port:
        posted = {scenario: asked(port, "analyses", scenario, 3 * repeats) for scenario in (MODEL, TYPED)}
        paged = {scenario: asked(port, "briefs", scenario, repeats) for scenario in (MODEL, TYPED)}
    bare += timed(command(sys.executable, "-c", "pass"), repeats)
    unit = statistics.median(bare)

    def line(name: str, seconds: list[float], aim: float | None = None) -> Measured:
        median = statistics.median(seconds)
        return Measured(name, median, min(seconds), len(seconds), aim, median / unit)

    return [
        line("python -c pass", bare),
        line("gamecore --help", helped, 0.2),
        *(
            row
            for scenario, said, solve_aim, post_aim in ((MODEL, "model", 1.5, None), (TYPED, "values typed", 0.3, 0.1))
            for row in (
                line(f"{said}: gamecore brief, cold, PDF", briefs[scenario], 1.5),
                line("  of it: reading the file", analyses[scenario][0]),
                line("  of it: the analysis", analyses[scenario][1], solve_aim),
                line(f"{said}: POST /v1/analyses, warm", posted[scenario], post_aim),
                line(f"{said}: POST /v1/briefs, warm, PDF", paged[scenario]),
            )
        ),
    ]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="How quick the three doors are.")
    parser.add_argument("--repeats", type=int, default=7)
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    arguments = parser.parse_args()
    lines = measure(max(1, arguments.repeats))
    if arguments.json:
        print(json.dumps([asdict(line) for line in lines], indent=2))
        return
    print(f"10,000 draws\n{'':43}{'median':>9}{'fastest':>9}{'aim':>9}{'':8}{'x pass':>8}{'runs':>6}")
    for line in lines:
        aim = "" if line.aim is None else f"{1000 * line.aim:.0f} ms"
        met = "" if line.aim is None else "met" if line.median <= line.aim else "missed"
        print(
            f"{line.name:43}{1000 * line.median:6.0f} ms{1000 * line.fastest:6.0f} ms{aim:>9}  {met:6}"
            f"{line.multiple:8.1f}{line.repeats:6}"
        )


if __name__ == "__main__":
    main()
