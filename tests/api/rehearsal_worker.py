"""A worker that does what the body tells it, so that the pool and the error bodies can be tried without a solver.

The body is one of the orders below, such as `echo`, `sleep 5` or `crash`.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Mapping
from typing import Any

from api.solving import tasks, worker
from gamecore.errors import (
    Fault,
    InputError,
    OutOfTimeError,
    PageOverflowError,
    ScenarioError,
    TooLargeError,
)


def perform(options: Mapping[str, Any], body: bytes) -> bytes:
    """Do what the body says."""
    order, _, argument = body.decode("utf-8", "replace").partition(" ")
    match order:
        case "sleep":
            time.sleep(float(argument))
        case "crash":
            os._exit(7)
        case "fault":
            raise ZeroDivisionError("a message that quotes the secret of the scenario")
        case "noise":
            print("a library talks" * 10_000)  # noqa: T201 - that is the point
            os.write(1, b"and so does a C library")
        case "wrong":
            raise InputError("there is no such lever")
        case "faults":
            raise ScenarioError(
                [Fault(43, 18, "decisions.january.when", "<script>alert(1)</script>"), Fault(1, 1, "", "b")]
            )
        case "large":
            raise TooLargeError("9 nodes, 5 allowed", limit="nodes", count=9, allowed=5)
        case "late":
            raise OutOfTimeError("out of time", limit="seconds", allowed=1)
        case "overflow":
            raise PageOverflowError("shorten the block 'why'", block="why")
    return json.dumps({"process": os.getpid(), "options": dict(options), "bytes": len(body)}).encode()


if __name__ == "__main__":
    if len(sys.argv) > 1 and sys.argv[1] == "stillborn":
        sys.exit(3)
    worker.main(dict.fromkeys(tasks.HANDLERS, perform))
