"""Whether messages come in: what keeps them out is told once, with the time, and that it is over is told too."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from telegram.error import Conflict, TelegramError

log = logging.getLogger(__name__)

STEADY = timedelta(seconds=60)
"""Without any error for so long, and with an answer of Telegram, receiving is well again: two programs with one token
take turns, so that one answer alone means nothing. Longer than the longest pause between two tries, 30 s."""

WEBHOOK = "webhook"
"""Stands in Telegram's refusal where a webhook takes the messages, and not another program that polls."""


class NotKeptError(TelegramError):
    """An update could not be stored: whoever brought it shall bring it again."""


class Reception:
    """Listens to what the polling of updates tells; ``now`` tells the time with its zone.

    Example::

        reception = Reception(lambda: datetime.now(UTC))
        reception.failed(Conflict("terminated by other getUpdates request"))
        reception.trouble  # 'another program receives this bot's messages …'
    """

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self.trouble = ""  # what keeps messages out, "" for nothing
        self.since: datetime | None = None  # when it began
        self._latest: datetime | None = None  # when it was noticed last
        self._counted = 0  # how often
        self.urgent = False  # nothing can be stored: somebody has to look at once

    def failed(self, error: TelegramError) -> None:
        """Takes note of an error; only one of another kind than before is logged."""
        now = self._now()
        trouble, remedy = _named(error)
        self._latest, self._counted = now, self._counted + 1
        self.urgent = isinstance(error, NotKeptError)
        if trouble == self.trouble:
            return
        if not self.trouble:
            self.since, self._counted = now, 1
        self.trouble = trouble
        log.log(
            logging.ERROR if isinstance(error, Conflict) else logging.WARNING,
            "%s, since %s; tried again, and not told again until it is over. %s (%s)",
            trouble,
            _moment(now),
            remedy,
            type(error.__cause__ or error).__name__,
        )

    def heard(self, *, kept: bool = False) -> None:
        """Takes note that Telegram has answered; ``kept``: and that an update is stored, which ends all trouble."""
        now = self._now()
        if self.since is None or self._latest is None or (not kept and now - self._latest < STEADY):
            return
        log.warning(
            "messages come in again. From %s to %s: %s (%d times)",
            _moment(self.since),
            _moment(self._latest),
            self.trouble,
            self._counted,
        )
        self.trouble, self.since, self._latest, self._counted, self.urgent = "", None, None, 0, False


def _named(error: TelegramError) -> tuple[str, str]:
    """What keeps messages out, and what to do about it."""
    if isinstance(error, NotKeptError):
        return "messages can't be stored", "Remedy: see what is said of the database; Telegram keeps them for 24 hours."
    if not isinstance(error, Conflict):
        return "Telegram can't be reached for messages", "Remedy: check the network, if it lasts."
    if WEBHOOK in error.message:
        return "a webhook takes this bot's messages", "Remedy: stop the program that sets it, then restart this bot."
    return "another program receives this bot's messages", "Remedy: stop it, only one may run with this token."


def _moment(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%d %H:%M:%S %Z").strip()
