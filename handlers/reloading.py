"""Hot reload as staff see it: what they are told of an edit, and ``/muat_ulang``."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from telegram import Update

from bot.errors import OperatorError
from handlers.context import SERVICES, App, BotContext, Reloader, services
from handlers.errors import describe
from handlers.sending import Place, place_of, tell

log = logging.getLogger(__name__)

COMMAND = "muat_ulang"
"""For staff only; to anybody else it is a command that nobody knows."""


async def on_command(update: Update, context: BotContext) -> None:
    """Loads the knowledge and reports; meanwhile questions are answered, so this returns at once."""
    message, reloader = update.message, services(context).reloader
    if message is not None and reloader is not None:
        context.application.create_task(_report(context, reloader, place_of(message)), update)


async def _report(context: BotContext, reloader: Reloader, place: Place) -> None:
    await tell(services(context), place, await reloader.by_hand())


@asynccontextmanager
async def reloading(app: App) -> AsyncIterator[None]:
    """Takes over edits of the knowledge while the bot is running, where it has a reloader."""
    reloader = app.bot_data[SERVICES].reloader
    if reloader is None:
        yield
        return

    async def tell_staff(text: str) -> None:
        await _tell_staff(app, text)

    watching = asyncio.create_task(reloader.watch(tell_staff))
    watching.add_done_callback(_ended)
    try:
        yield
    finally:
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)


def _ended(watching: asyncio.Task[None]) -> None:
    """The bot goes on without: what it knows stays right until the next start."""
    if not watching.cancelled():
        log.error(
            "edits of the knowledge are no longer noticed. Remedy: restart the bot, or use /%s; and report this: %s",
            COMMAND,
            describe(watching.exception()),
        )


async def _tell_staff(app: App, text: str) -> None:
    work = app.bot_data[SERVICES]
    if work.staff_chat is None:
        return  # the log has it
    try:
        await tell(work, Place(work.staff_chat), text, then={"news": True})
    except OperatorError as error:
        log.error("staff could not be told of an edit of the knowledge: %s", error)
