"""The worker process: reads tasks from its standard input, answers on its standard output, ends when the input ends.

It is started as `python -m api.solving.worker`. Whatever a library prints goes to standard error, so that it cannot
disturb the answers. Imports and one analysis of the example happen before it reports `ready`, so that the first request
finds it warm.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
from collections.abc import Callable, Mapping
from typing import IO, Any

from api.solving.messages import described, receive, send

__all__ = ["Handler", "main", "serve"]

Handler = Callable[[Mapping[str, Any], bytes], bytes]

# Beyond the deadline at which the service ends the process; counts only if the service itself is gone.
_GRACE_SECONDS = 5.0


def serve(questions: IO[bytes], answers: IO[bytes], handlers: Mapping[str, Handler]) -> None:
    """Answer tasks one after the other until the questions end."""
    while (frame := receive(questions)) is not None:
        head, body = frame
        _arm(head.get("seconds"))
        try:
            answer = handlers[head["kind"]](head["options"], body)
        except Exception as error:  # noqa: BLE001 - whatever it is, the service has to hear of it
            send(answers, described(error))
        else:
            send(answers, {}, answer)
        finally:
            _arm(None)


def _arm(seconds: float | None) -> None:
    """End this process by itself some time after its deadline: a service that was killed cannot do it any more."""
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, 0 if seconds is None else seconds + _GRACE_SECONDS)


def _calm_collector() -> None:
    """Leave what the libraries loaded out of every later collection, and collect less often."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


def main(handlers: Mapping[str, Handler] | None = None) -> None:
    """The life of one worker."""
    # Ctrl-C in a terminal reaches every process of the group; the service alone decides when its workers end.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    questions = sys.stdin.buffer
    if handlers is None:
        from api.solving import tasks

        tasks.warm_up()
        handlers = tasks.HANDLERS
        _calm_collector()
    try:
        send(answers, {"ready": True})
        serve(questions, answers, handlers)
    except BrokenPipeError:
        # The service is gone: nobody to answer to. Leave without flushing what nobody reads.
        os._exit(0)


if __name__ == "__main__":
    main()
