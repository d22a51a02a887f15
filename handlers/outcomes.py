"""What became of a call to Telegram: it arrived, it did not, nobody knows, or it never will. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import Enum, auto

import httpx  # comes with python-telegram-bot; only its error classes, to tell what was surely not delivered
from telegram.error import BadRequest, ChatMigrated, Forbidden, NetworkError, RetryAfter, TelegramError

UNDELIVERED = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
"""Causes of a network error after which Telegram can not have received the message."""

UNCHANGED = "message is not modified"
"""How Telegram refuses a change that changes nothing."""

NO_SUCH_CHAT = ("chat not found", "peer_id_invalid")
"""How Telegram refuses a chat that is gone, or that never wrote to the bot."""

NO_RIGHT = ("not enough rights", "have no rights", "chat_write_forbidden", "topic_closed")
"""How it refuses what the members of a group, or of one topic, may not send."""


class Fate(Enum):
    """What is known of a send."""

    ARRIVED = auto()
    AGAIN = auto()  # it did not arrive, and can be sent again
    UNKNOWN = auto()  # it may have arrived
    REFUSED = auto()  # Telegram will never take it as it is
    MUTE = auto()  # the chat does not take it from the bot
    LOST = auto()  # the chat takes nothing any more: blocked, removed, gone
    MOVED = auto()  # the chat has another id


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a call."""

    fate: Fate
    message_id: int | None = None
    pause: float | None = None  # seconds that Telegram asks to wait
    moved_to: int | None = None
    kind: str = ""  # of the failure, a word for counting


def judge(error: TelegramError) -> Outcome:
    """Tells from an error what became of a call.

    >>> judge(BadRequest("Chat not found")).fate.name, judge(TelegramError("Invalid server response")).fate.name
    ('LOST', 'UNKNOWN')
    """
    match error:
        case ChatMigrated():
            return Outcome(Fate.MOVED, moved_to=error.new_chat_id, kind="moved")
        case RetryAfter():
            return Outcome(Fate.AGAIN, pause=_seconds(error), kind="flood")
        case Forbidden():
            return Outcome(Fate.LOST, kind="forbidden")
        case BadRequest():
            return _refusal(error.message.casefold())
        case NetworkError():
            return _network(error)
    # a token that is rejected, or another poller: the one who receives messages tells of it, and this one waits
    known = type(error) is not TelegramError  # plain: an answer that is no JSON
    return Outcome(Fate.AGAIN, kind="rejected") if known else Outcome(Fate.UNKNOWN, kind="garbage")


def _refusal(said: str) -> Outcome:
    if UNCHANGED in said:
        return Outcome(Fate.ARRIVED)
    if any(phrase in said for phrase in NO_SUCH_CHAT):
        return Outcome(Fate.LOST, kind="forbidden")
    if any(phrase in said for phrase in NO_RIGHT):
        return Outcome(Fate.MUTE, kind="forbidden")
    return Outcome(Fate.REFUSED, kind="refused")


def _network(error: NetworkError) -> Outcome:
    """After a lost connection or an error that Telegram itself tells of, nothing was delivered."""
    if error.__cause__ is None:  # a 5xx with a body: python-telegram-bot raises it without a cause
        return Outcome(Fate.AGAIN, kind="server")
    if isinstance(error.__cause__, UNDELIVERED):
        return Outcome(Fate.AGAIN, kind="network")
    timeout = isinstance(error.__cause__, httpx.TimeoutException)
    return Outcome(Fate.UNKNOWN, kind="timeout" if timeout else "reset")


def _seconds(flood: RetryAfter) -> float:
    wait = flood.retry_after  # a timedelta in later versions of python-telegram-bot
    return wait.total_seconds() if isinstance(wait, timedelta) else float(wait)
