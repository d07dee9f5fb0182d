"""The command line: `gamecore check|analyse|solve|brief|figure|new|schema|serve`.

Exit codes: 0 done; 2 the input is wrong; 3 refused (too large, out of time, the page overflows); 1 a fault of ours; 130
stopped by Ctrl-C; 141 whoever read the output went away. Documents go to standard output, everything else to standard
error.

`commands` holds the commands, `endings` how they end, `files` what goes in and out, `telling` the tables for people,
`progress` the bar, `asking` the four questions of `new`. Solvers and the web are loaded inside the commands that need
them: `gamecore --help` has to appear at once.
"""

from __future__ import annotations

__all__ = ["main"]


def main() -> None:
    """Run the command line and end the process with its exit code."""
    from gamecore.cli.endings import run

    raise SystemExit(run())
