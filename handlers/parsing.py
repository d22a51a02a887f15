"""From what Telegram sends to updates; one that can't be read is set aside instead of blocking all that come after it.

Polling asks for the same updates again and again until they are parsed, and so does a webhook that is answered with an
error. What python-telegram-bot can't read (a new kind of message, a field of another type) would therefore stop the
bot for ever.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from telegram import Bot, Update
from telegram.error import TelegramError, TimedOut
from telegram.request import HTTPXRequest

log = logging.getLogger(__name__)


def parsed(raw: dict[str, Any], bot: Bot | None = None) -> Update:
    """Reads an update as Telegram sends it; one that can't be read becomes a bare one with the same number.

    The log gets the number only, since the content is what somebody wrote. Raises ``KeyError`` where there is not even
    a number.

    >>> parsed({"update_id": 7}).to_dict()
    {'update_id': 7}
    """
    return _read(raw, bot) or Update(raw["update_id"])


def _read(raw: dict[str, Any], bot: Bot | None = None) -> Update | None:
    try:
        return Update.de_json(raw, bot)
    except Exception as error:  # whatever the library stumbles over
        log.error(  # a traceback would quote the message
            "update %s can't be read (%s) and is set aside. Remedy: report this with the version of the bot",
            raw["update_id"],
            type(error).__name__,
        )
        return None


class CarefulRequest(HTTPXRequest):
    """The connection for getUpdates: whatever of its answer can't be parsed comes out bare, see ``parsed``."""

    def __init__(
        self,
        heard: Callable[[], None] = lambda: None,
        failed: Callable[[TelegramError], None] = lambda _: None,
        **options: Any,
    ) -> None:
        super().__init__(**options)
        self._heard = heard
        self._failed = failed

    async def do_request(self, *arguments: Any, **options: Any) -> tuple[int, bytes]:
        """As the parent's; tells ``heard`` of every answer that is no refusal, and ``failed`` where there is none.

        Of other errors python-telegram-bot tells the updater's ``error_callback``; of this one it tells nobody.
        """
        try:
            status, payload = await super().do_request(*arguments, **options)
        except TimedOut as silence:
            self._failed(silence)
            raise
        if status == HTTPStatus.OK:
            self._heard()
        return status, payload

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """As the parent's; in a list of updates each can be parsed."""
        answer: dict[str, Any] = HTTPXRequest.parse_json_payload(payload)
        came = answer.get("result")
        if isinstance(came, list):
            known = filter(_has_number, came)
            answer["result"] = [raw if _read(raw) else {"update_id": raw["update_id"]} for raw in known]
        return answer


def _has_number(raw: object) -> bool:
    return isinstance(raw, dict) and isinstance(raw.get("update_id"), int)
