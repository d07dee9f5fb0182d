"""`serve`: the service is started by its name, so that the core imports neither it nor a web framework."""

from __future__ import annotations

import importlib
import os
import socket
from collections.abc import Mapping
from typing import Final

import typer

from gamecore.errors import InputError

__all__ = ["start"]

_APP: Final = "api.app:create_app"
_LOOPBACK: Final = {"127.0.0.1", "::1", "localhost"}


def start(host: str, port: int, limits: Mapping[str, float]) -> None:
    """Serve until the process is told to end.

    Raises
    ------
    InputError
        If the service's libraries are missing, a limit is wrong, or the address cannot be listened on.
    """
    for name, value in limits.items():
        os.environ[f"GAMECORE_{name.upper()}"] = str(value)
    try:
        server = importlib.import_module("uvicorn")
        # Wrong limits are told before the server starts.
        importlib.import_module("api.settings").Settings.from_environment()
    except ModuleNotFoundError as error:
        raise InputError(f"the service needs the module {error.name}, which is not installed") from None
    _check_address(host, port)
    if host not in _LOOPBACK:
        typer.echo("The service has no accounts: let only trusted machines reach this address.", err=True)
    server.run(_APP, factory=True, host=host, port=port, server_header=False, timeout_graceful_shutdown=10)


def _check_address(host: str, port: int) -> None:
    """Try the address: a sentence is worth more than a trace out of the server."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with socket.socket(family, kind, protocol) as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            trial.bind(address)
    except OSError as error:
        reason = error.strerror.lower() if error.strerror else str(error)
        raise InputError(f"cannot listen on {host} port {port}: {reason}") from None
