"""What an error tells of a message: did it arrive, did it not, or does nobody know?"""

from __future__ import annotations

import httpx
import pytest
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from handlers.outcomes import Fate, judge

pytestmark = pytest.mark.filterwarnings("ignore::telegram.warnings.PTBDeprecationWarning")


def caused(error: NetworkError, cause: Exception) -> NetworkError:
    error.__cause__ = cause
    return error


ERRORS = {
    "no connection": (caused(NetworkError(""), httpx.ConnectError("")), Fate.AGAIN),
    "no connection in time": (caused(TimedOut(), httpx.ConnectTimeout("")), Fate.AGAIN),
    "no free connection": (caused(TimedOut(), httpx.PoolTimeout("")), Fate.AGAIN),
    "no answer in time": (caused(TimedOut(), httpx.ReadTimeout("")), Fate.UNKNOWN),
    "not written in time": (caused(TimedOut(), httpx.WriteTimeout("")), Fate.UNKNOWN),
    "reset": (caused(NetworkError(""), httpx.ReadError("")), Fate.UNKNOWN),
    "cut off": (caused(NetworkError(""), httpx.RemoteProtocolError("")), Fate.UNKNOWN),
    "an error page of some proxy": (caused(NetworkError(""), TelegramError("")), Fate.UNKNOWN),
    "server error": (NetworkError("Internal Server Error"), Fate.AGAIN),
    "an answer that is no JSON": (TelegramError("Invalid server response"), Fate.UNKNOWN),
    "too many requests": (RetryAfter(7), Fate.AGAIN),
    "another poller": (Conflict(""), Fate.AGAIN),
    "token rejected": (InvalidToken(""), Fate.AGAIN),
    "blocked": (Forbidden("bot was blocked by the user"), Fate.LOST),
    "gone": (BadRequest("Chat not found"), Fate.LOST),
    "muted": (BadRequest("Not enough rights to send text messages to the chat"), Fate.MUTE),
    "closed topic": (BadRequest("TOPIC_CLOSED"), Fate.MUTE),
    "unchanged": (BadRequest("Message is not modified: specified new message content …"), Fate.ARRIVED),
    "refused": (BadRequest("Can't parse entities"), Fate.REFUSED),
    "moved": (ChatMigrated(-100), Fate.MOVED),
}


@pytest.mark.parametrize(("error", "fate"), ERRORS.values(), ids=ERRORS)
def test_fate(error: TelegramError, fate: Fate) -> None:
    assert judge(error).fate is fate


def test_what_telegram_tells_besides() -> None:
    assert judge(RetryAfter(7)).pause == 7
    assert judge(ChatMigrated(-100)).moved_to == -100
