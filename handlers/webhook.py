"""Messages by webhook: Telegram calls us, and forgets a message only when it is stored."""

from __future__ import annotations

import asyncio
import hmac
import itertools
import json
import logging
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from typing import Any, TypeAlias

from telegram import Bot, Update
from telegram.error import BadRequest, InvalidToken, TelegramError
from tornado.web import HTTPError

from bot.errors import ConfigurationError
from handlers.errors import describe
from handlers.listening import Quiet, listening
from handlers.parsing import parsed
from handlers.settings import WebhookSettings

log = logging.getLogger(__name__)

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the name of it
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 30.0
"""Seconds between tries to tell Telegram our address; the pause doubles."""

_NUMBER = re.compile(rb'"update_id"\s*:\s*(\d{1,18})\b')
"""What is left of an update that is no JSON."""

Take: TypeAlias = Callable[[Update], Awaitable[None]]
"""Stores an update; raises ``TelegramError`` where it can't, so that it must come again."""


@asynccontextmanager
async def receiving(webhook: WebhookSettings, take: Take, bot: Bot | None = None) -> AsyncIterator[int]:
    """Takes the calls of Telegram until it is left; gives the port.

    Who does not know the secret, the path and the method is refused. Raises ``ConfigurationError`` where the settings
    are not complete, ``OperatorError`` where the address can't be used.
    """
    if not webhook.url or not webhook.secret_token:
        raise ConfigurationError(
            "webhook mode needs a public address and a secret. Remedy: set telegram.webhook.url and "
            "telegram.webhook.secret_token, or telegram.mode to polling."
        )
    given = {"webhook": webhook, "take": take, "bot": bot, "refusals": itertools.count()}
    route = (f"/{re.escape(webhook.path.strip('/'))}/?", _Calls, given)
    async with listening([route], webhook.listen, webhook.port, "telegram.webhook") as port:
        yield port


async def announce(bot: Bot, webhook: WebhookSettings, updates: Sequence[str]) -> None:
    """Tells Telegram where to call, again and again while it is out of reach.

    What waits at Telegram is kept, now and when the bot stops: the webhook stays set, and Telegram calls until we are
    back. Raises ``ConfigurationError`` where Telegram refuses the address.
    """
    pause = FIRST_PAUSE
    while True:
        try:
            await bot.set_webhook(
                webhook.url,
                secret_token=webhook.secret_token,
                max_connections=webhook.max_connections,
                allowed_updates=updates,
            )
        except InvalidToken:
            raise
        except BadRequest as error:
            raise ConfigurationError(
                f"Telegram refuses the webhook ({describe(error)}). Remedy: check that telegram.webhook.url is an "
                "https address on port 443, 80, 88 or 8443 that can be reached from the internet."
            ) from None
        except TelegramError as error:
            log.warning("the webhook can't be set, next try in %.0f s: %s", pause, describe(error))
            await asyncio.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE)
        else:
            return


class _Calls(Quiet):
    """The one address that Telegram calls."""

    def initialize(self, webhook: WebhookSettings, take: Take, bot: Bot | None, refusals: Iterator[int]) -> None:
        self._secret = webhook.secret_token
        self._take = take
        self._bot = bot
        self._refusals = refusals

    def prepare(self) -> None:
        given = self.request.headers.get(SECRET_HEADER, "")
        if not hmac.compare_digest(given.encode(), self._secret.encode()):  # in a time that tells nothing of it
            if next(self._refusals) == 0:
                log.warning(
                    "a call without the right secret was refused; others will be refused without a line here. "
                    "Remedy, where messages of Telegram do not come: let the proxy pass on the header %s",
                    SECRET_HEADER,
                )
            raise HTTPError(403)

    async def post(self) -> None:
        """Stores one update; 503 asks Telegram to send it again."""
        update = read(self.request.body, self._bot)
        if update is None:
            return
        try:
            await self._take(update)
        except TelegramError as error:
            log.warning("update %s could not be stored and is asked for again: %s", update.update_id, describe(error))
            raise HTTPError(503) from None


def read(body: bytes, bot: Bot | None = None) -> Update | None:
    """The update in the body of a call; a bare one with its number where it can't be read, None without a number.

    Refused, either would come again for ever, and hold up what comes after it.

    >>> read(b'{"update_id": 7, "message": ')
    Update(update_id=7)
    """
    try:
        raw: Any = json.loads(body)
    except (ValueError, RecursionError):
        raw = None
    if isinstance(raw, dict) and type(raw.get("update_id")) is int:  # True is an int as well
        return parsed(raw, bot)
    number = _NUMBER.search(body)
    log.error(
        "update %s is no JSON object and is set aside. Remedy: see whether the proxy changes what it passes on",
        number[1].decode() if number else "without a number",
    )
    return Update(int(number[1])) if number else None
