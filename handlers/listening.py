"""A small HTTP server for those who call the bot: Telegram through its proxy, and whoever watches it.

Whoever is refused gets the status and not a word more.
"""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from types import TracebackType
from typing import Any

from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets
from tornado.web import Application, HTTPError, RequestHandler

from bot.errors import OperatorError
from bot.logs import kind_and_places

log = logging.getLogger(__name__)

LARGEST_BODY = 1 << 20
"""Bytes. The largest updates that Telegram sends have some tens of thousands."""


class Quiet(RequestHandler):
    """Answers that say nothing about the server or about what went wrong."""

    def set_default_headers(self) -> None:
        """No name and version of the server."""
        self.clear_header("Server")

    def write_error(self, status_code: int, **_: Any) -> None:  # noqa: ARG002 - given by tornado
        """A refusal without a body."""
        self.clear_header("Content-Type")
        self.finish()

    def log_exception(
        self,
        typ: type[BaseException] | None,  # noqa: ARG002 - given by tornado
        value: BaseException | None,
        tb: TracebackType | None,  # noqa: ARG002
    ) -> None:
        """Logs only what is a fault of ours, without the words of the request."""
        if not isinstance(value, HTTPError):
            log.error("a call to %s failed: %s", self.request.path, kind_and_places(value))


class _Nothing(Quiet):
    """What stands at every other path."""

    def prepare(self) -> None:
        raise HTTPError(404)


@asynccontextmanager
async def listening(routes: Sequence[Any], address: str, port: int, section: str) -> AsyncIterator[int]:
    """Serves ``routes`` (tornado's rules) at ``address:port`` until it is left; gives the port, also where 0 was asked.

    ``section`` is the part of the settings that holds ``listen`` and ``port``. Raises ``OperatorError`` that names it
    where the address can't be used.

    Example::

        async with listening([("/healthz", Healthz)], "127.0.0.1", 9464, "monitoring"):
            ...
    """
    try:
        sockets = bind_sockets(port, address)
    except OSError as error:
        raise OperatorError(
            f"{section} can't listen on {address}:{port} ({error.strerror}). "
            f"Remedy: choose another {section}.port, or stop the program that uses this one; check {section}.listen."
        ) from error
    application = Application(list(routes), default_handler_class=_Nothing, log_function=lambda _: None)
    server = HTTPServer(application, max_body_size=LARGEST_BODY)
    server.add_sockets(sockets)
    try:
        yield int(sockets[0].getsockname()[1])
    finally:
        server.stop()
        await server.close_all_connections()
