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
SCENARIO = ROOT / "scenarios" / "phase2-covid.yaml"
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
    return lambda: subprocess.run(arguments, check=True, stdout=subprocess.DEVNULL)


def analysis(repeats: int) -> tuple[list[float], list[float]]:
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
            [sys.executable, "-c", program, str(SCENARIO)], check=True, capture_output=True, text=True
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


def measure(repeats: int) -> list[Measured]:
    """Every line of the table."""
    # `pass` is measured before and after: what changes between is the machine.
    bare = timed(command(sys.executable, "-c", "pass"), repeats)
    helped = timed(command(*GAMECORE, "--help"), repeats)
    with tempfile.TemporaryDirectory() as folder:
        page = str(Path(folder) / "page.pdf")
        brief = timed(command(*GAMECORE, "brief", str(SCENARIO), "-o", page, "--draws", str(DRAWS)), repeats)
    reading, solving = analysis(repeats)
    body = SCENARIO.read_bytes()
    with service() as port:
        posted = timed(lambda: request(port, "POST", f"/v1/analyses?draws={DRAWS}", body), 3 * repeats)
        paged = timed(lambda: request(port, "POST", f"/v1/briefs?draws={DRAWS}", body), repeats)
    bare += timed(command(sys.executable, "-c", "pass"), repeats)
    unit = statistics.median(bare)

    def line(name: str, seconds: list[float], aim: float | None = None) -> Measured:
        median = statistics.median(seconds)
        return Measured(name, median, min(seconds), len(seconds), aim, median / unit)

    return [
        line("python -c pass", bare),
        line("gamecore --help", helped, 0.2),
        line("gamecore brief, cold, 10,000 draws, PDF", brief, 1.5),
        line("  of it: reading the file", reading),
        line("  of it: the analysis", solving, 0.3),
        line("POST /v1/analyses, warm, 10,000 draws", posted, 0.1),
        line("POST /v1/briefs, warm, 10,000 draws, PDF", paged),
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
    print(f"{'':43}{'median':>9}{'fastest':>9}{'aim':>9}{'':8}{'x pass':>8}{'runs':>6}")
    for line in lines:
        aim = "" if line.aim is None else f"{1000 * line.aim:.0f} ms"
        met = "" if line.aim is None else "met" if line.median <= line.aim else "missed"
        print(
            f"{line.name:43}{1000 * line.median:6.0f} ms{1000 * line.fastest:6.0f} ms{aim:>9}  {met:6}"
            f"{line.multiple:8.1f}{line.repeats:6}"
        )


if __name__ == "__main__":
    main()
