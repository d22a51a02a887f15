"""Handles updates one after the other, each in one transaction with everything that is said to it.

What is sent waits in the outbox, so that handling takes milliseconds and the order within a chat is kept. An update
that a mistake of ours stops is answered with an apology; one that meets a database that can't be used waits for it.
"""

from __future__ import annotations

import asyncio
import logging
from typing import Any

from telegram import Update
from telegram.error import Forbidden
from telegram.ext import Application, ExtBot

from bot.errors import DatabaseError
from handlers import turns
from handlers.context import SERVICES, BotContext, BotData, ChatData, Services, UserData
from handlers.errors import describe
from handlers.inbox import StoredUpdates
from handlers.sender import Sender
from handlers.sending import place_of, tell

log = logging.getLogger(__name__)

FIRST_PAUSE, LONGEST_PAUSE = 0.2, 10.0
"""Seconds between tries while the database can't be used; the pause doubles."""


class Processing(Application[ExtBot[None], BotContext, UserData, ChatData, BotData, None]):
    """The application of python-telegram-bot, with a transaction around each update."""

    sender: Sender

    def __init__(self, **keywords: Any) -> None:
        super().__init__(**keywords)
        self._halted = asyncio.Event()

    @property
    def stored_updates(self) -> StoredUpdates:
        """The queue of updates."""
        if not isinstance(self.update_queue, StoredUpdates):
            raise TypeError("the application was built with another queue")
        return self.update_queue

    def halt(self) -> None:
        """Lets an update that waits for the database go; the next run takes it up."""
        self._halted.set()

    async def process_update(self, update: object) -> None:
        """Handles an update; never raises."""
        if not isinstance(update, Update) or update.inline_query is not None:
            await super().process_update(update)
            return
        pause = FIRST_PAUSE
        while not self._halted.is_set():
            try:
                await self._handle(update)
            except DatabaseError as error:
                log.error("update %d waits for the database: %s", update.update_id, error)
            except Exception as error:  # even the apology could not be kept
                log.critical("update %d is left: %s", update.update_id, describe(error))
                return
            else:
                return
            await self._wait(pause)
            pause = min(2 * pause, LONGEST_PAUSE)

    async def process_error(self, update: object, error: Exception, *rest: Any, **more: Any) -> bool:
        """An error of a handler undoes its update; any other goes to the error handlers."""
        if turns.current() is not None:
            raise error
        return await super().process_error(update, error, *rest, **more)

    async def _wait(self, seconds: float) -> None:
        try:
            await asyncio.wait_for(self._halted.wait(), seconds)
        except TimeoutError:
            return

    async def _handle(self, update: Update) -> None:
        with turns.handling(update.update_id) as turn:
            chat = update.effective_chat
            known = dict(self.chat_data.get(chat.id, {})) if chat is not None else {}
            try:
                await self._answer(update)
            except Exception as error:
                if chat is not None and chat.id in self.chat_data:  # nor has what was said there been said
                    self.chat_data[chat.id].clear()
                    self.chat_data[chat.id].update(known)
                if isinstance(error, DatabaseError):
                    turn.later.clear()
                    raise
                await self._apologise(update, error)
        for call in turn.later:
            self.create_task(call(), update)

    async def _answer(self, update: Update) -> None:
        work: Services = self.bot_data[SERVICES]
        async with work.mail.unit():
            await super().process_update(update)
            await work.mail.inbox.conclude(update.update_id, work.now())
        work.metrics.kept(update.update_id)

    async def _apologise(self, update: Update, error: Exception) -> None:
        """Keeps, in the place of all that the update has led to, that somebody shall read an apology."""
        work: Services = self.bot_data[SERVICES]
        message = update.effective_message
        async with work.mail.unit():
            if isinstance(error, Forbidden):
                log.info("not handled: the chat has blocked or removed the bot")
            else:
                log.error("update %s failed: %s", update.update_id, describe(error))
                if message is not None:
                    await tell(work, place_of(message), work.assistant.message("gangguan"), then={"apology": True})
            await work.mail.inbox.conclude(update.update_id, work.now())
