"""What happens when something fails: the operator sees where, the person hears that it was not their fault."""

from __future__ import annotations

import logging

from telegram import Update
from telegram.error import BadRequest, Forbidden

from bot.errors import OperatorError
from bot.logs import for_the_operator, kind_and_places
from handlers.context import BotContext, services
from handlers.sending import place_of, tell

log = logging.getLogger(__name__)

WITH_ADDRESSES = ("httpx", "httpcore")
"""Loggers that write every address at INFO, and the address holds the token."""

WITH_UPDATES = ("telegram.ext.ExtBot", "telegram.ext.Updater", "telegram.request.BaseRequest")
"""Loggers that write what they could not read, and that holds what people wrote."""


async def on_error(update: object, context: BotContext) -> None:
    """Logs an error of what runs beside the updates, without a word of the message, and apologises to the person once.

    What fails while an update is handled is told by ``handlers.processing``.
    """
    error = context.error
    if isinstance(error, Forbidden):
        log.info("not delivered: the chat has blocked or removed the bot")
        return
    number = update.update_id if isinstance(update, Update) else "?"
    log.error("update %s failed: %s", number, describe(error))
    message = update.effective_message if isinstance(update, Update) else None
    if message is None:
        return
    work = services(context)
    try:
        await tell(work, place_of(message), work.assistant.message("gangguan"), then={"apology": True})
    except OperatorError as second:
        log.error("update %s: the apology failed too: %s", number, describe(second))


def describe(error: BaseException | None) -> str:
    """Names an error and where it happened, without its message: that may quote a question or the token.

    Only errors that are written for the operator, and Telegram's refusals, are quoted; a refusal up to its first
    quotation mark, where the words of the message would begin.

    >>> describe(BadRequest("Can't parse entities: unsupported start tag \\"rahasia\\""))
    "BadRequest: Can't parse entities: unsupported start tag"
    """
    return kind_and_places(error, _words)


def _words(error: BaseException) -> str:
    return error.message.partition('"')[0].rstrip() if isinstance(error, BadRequest) else for_the_operator(error)


def keep_logs_discreet() -> None:
    """Keeps the token and the words of messages out of the log, whatever its level above DEBUG."""
    for name in WITH_ADDRESSES:
        logging.getLogger(name).setLevel(logging.WARNING)
    for name in WITH_UPDATES:
        logger = logging.getLogger(name)
        if not any(isinstance(existing, _Discreet) for existing in logger.filters):
            logger.addFilter(_Discreet())


class _Discreet(logging.Filter):
    """Drops what python-telegram-bot quotes of data that it could not read."""

    def filter(self, record: logging.LogRecord) -> bool:
        if "data" in str(record.msg) and record.args:
            record.args = tuple("(not shown)" for _ in record.args)
        return True
