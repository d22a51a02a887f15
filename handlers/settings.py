"""What the adapter wants to be told; the ``telegram`` section of the configuration has this shape."""

from __future__ import annotations

from collections.abc import Collection
from typing import Protocol


class WebhookSettings(Protocol):
    """How Telegram reaches us: it calls ``url``, and a TLS proxy passes that on to ``listen:port/path``."""

    @property
    def listen(self) -> str:
        """The address to listen on; 127.0.0.1 behind a proxy on the same machine."""

    @property
    def port(self) -> int:
        """The port to listen on, 1-65535."""

    @property
    def path(self) -> str:
        """The path that the proxy calls, with or without a leading slash."""

    @property
    def url(self) -> str:
        """The whole public address, with its path."""

    @property
    def secret_token(self) -> str:
        """1-256 of A-Z a-z 0-9 _ -; calls without it are refused."""

    @property
    def max_connections(self) -> int:
        """How many calls Telegram may make at once, 1-100."""


class TelegramSettings(Protocol):
    """The Bot API and the staff chat."""

    @property
    def base_url(self) -> str:
        """The address of the Bot API up to the token: https://api.telegram.org/bot."""

    @property
    def mode(self) -> str:
        """How messages come in: ``polling`` or ``webhook``."""

    @property
    def webhook(self) -> WebhookSettings:
        """Used in webhook mode only."""

    @property
    def admins(self) -> Collection[int]:
        """Ids of people with the rights of staff, wherever they write."""

    @property
    def staff_chat(self) -> int | None:
        """The chat where staff answer tickets; None where there is none."""


class MonitoringSettings(Protocol):
    """Where ``/healthz`` and ``/metrics`` are served."""

    @property
    def listen(self) -> str:
        """The address to listen on."""

    @property
    def port(self) -> int:
        """The port to listen on; 0 for not at all."""

    @property
    def waiting_minutes(self) -> float:
        """For how long a question may wait until somebody has to look."""
