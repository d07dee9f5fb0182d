"""`gamecore serve`: the service as people start it, in a process of its own on loopback."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time

import pytest

from api import examples

GAMECORE = (sys.executable, "-c", "from gamecore.cli import main; main()")


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


def ask(port: int, method: str, path: str, body: bytes | None = None) -> tuple[int, bytes, http.client.HTTPMessage]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request(method, path, body, {"Content-Type": "application/yaml"} if body is not None else {})
        response = connection.getresponse()
        return response.status, response.read(), response.headers
    finally:
        connection.close()


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="signals")
@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGINT])
def test_the_service_starts_answers_keeps_its_limits_and_ends(ending: signal.Signals) -> None:
    port = free_port()
    command = [*GAMECORE, "serve", "--port", str(port), "--max-body-bytes", "5000", "--solves-at-once", "1"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as service:
        try:
            deadline = time.monotonic() + 60
            while True:
                try:
                    assert ask(port, "GET", "/healthz")[0] == 200
                    break
                except OSError:
                    assert time.monotonic() < deadline
                    time.sleep(0.1)
            status, answer, headers = ask(port, "POST", "/v1/analyses?draws=50", examples.YAML)
            assert status == 200, answer
            assert "server" not in headers
            status, answer, _ = ask(port, "POST", "/v1/analyses", b"x" * 5001)
            assert (status, json.loads(answer)["limit"]) == (413, "max_body_bytes")
            taken = subprocess.run(
                [*GAMECORE, "serve", "--port", str(port)], capture_output=True, check=False, text=True
            )
            assert (taken.returncode, taken.stdout) == (2, "")
            assert f"cannot listen on 127.0.0.1 port {port}" in taken.stderr
        finally:
            service.send_signal(ending)
        assert service.stdout is not None
        told = service.stdout.read().decode()
        assert service.wait(30) in {0, 130, -ending}
    assert "Traceback" not in told
    assert "Launch order" not in told


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--host", "no.such.host.invalid"], "cannot listen on no.such.host.invalid"),
        (["--host", "192.0.2.1"], "cannot listen on 192.0.2.1"),
    ],
)
def test_an_address_that_cannot_be_listened_on_is_told(options: list[str], told: str) -> None:
    done = subprocess.run([*GAMECORE, "serve", *options], capture_output=True, check=False, text=True, timeout=60)
    assert (done.returncode, told in done.stderr) == (2, True), done.stderr


def test_a_wrong_limit_in_the_environment_is_told() -> None:
    environment = {**os.environ, "GAMECORE_SOLVE_SECONDS": "soon"}
    done = subprocess.run(
        [*GAMECORE, "serve"], capture_output=True, check=False, text=True, timeout=60, env=environment
    )
    assert (done.returncode, "GAMECORE_SOLVE_SECONDS must be a number" in done.stderr) == (2, True), done.stderr
