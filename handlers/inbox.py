"""The queue of updates, in which nothing stands that is not kept: Telegram may forget an update once it is in here."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable
from datetime import datetime
from hashlib import sha256
from typing import Any, TypeAlias

from telegram import Bot, Message, Update

from bot.errors import OperatorError
from bot.mail import Received, State
from handlers.context import Inbox, written
from handlers.parsing import parsed
from handlers.reception import NotKeptError

log = logging.getLogger(__name__)

TRIES, PAUSE = 3, 0.2
"""How often an update is brought to a database that is locked, and the seconds between; the database itself waits some
seconds each time. After that Telegram is let known that it has to come again."""

WORDS = 32
"""Hex digits of a digest."""

UpdateQueue: TypeAlias = "asyncio.Queue[object]"


class StoredUpdates(asyncio.Queue[object]):
    """A queue for ``ApplicationBuilder.update_queue``.

    python-telegram-bot awaits ``put`` before it tells Telegram that an update has arrived. An inline query is not kept:
    it is sent at every pause in typing, and nobody waits for the answer to an old one.
    """

    def __init__(
        self, inbox: Inbox, now: Callable[[], datetime], arrived: Callable[[int], None] = lambda _: None
    ) -> None:
        super().__init__()
        self._arrived = arrived
        self._inbox = inbox
        self._now = now

    async def put(self, item: object) -> None:
        """Keeps an update and passes it on; what is no update (a signal to stop, an error) is only passed on.

        Raises ``TelegramError`` where it can't be kept, which makes Telegram bring it again; nothing else.
        """
        if isinstance(item, Update) and item.inline_query is None:
            self._arrived(item.update_id)
            if not await self._keep(received(item)):
                return
        await super().put(item)

    async def restore(self, bot: Bot) -> int:
        """Takes up what an earlier run has received and not handled; returns how many."""
        left = await self._inbox.waiting()
        for raw in left:
            await super().put(parsed(json.loads(raw), bot))
        return len(left)

    def clear(self) -> None:
        """Lets go of what waits; it is kept, and the next run takes it up."""
        while not self.empty():
            self.get_nowait()
            self.task_done()

    async def _keep(self, update: Received) -> bool:
        """Keeps an update; tells whether it is new, and there is something in it to be handled."""
        for attempt in range(1, TRIES + 1):
            try:
                return await self._inbox.receive(update, self._now()) and update.state is not State.NOTHING
            except (UnicodeError, OverflowError) as error:  # no database takes it, and it would come again for ever
                log.error("update %d can't be kept (%s) and is set aside", update.update_id, type(error).__name__)
                update = Received(update.update_id, "", state=State.NOTHING)
                continue
            except OperatorError as error:
                log.error("an update can't be kept: %s", error)
            except Exception as error:
                log.error("an update can't be kept: %s", type(error).__name__)
            if attempt < TRIES:
                await asyncio.sleep(PAUSE)
        raise NotKeptError("updates can't be kept at the moment, Telegram will bring them again")


def received(update: Update) -> Received:
    """What is kept of an update: of one that can't be written down or read, only that it came."""
    try:
        return _received(update)
    except Exception as error:  # it would come again for ever
        log.error("update %d can't be kept (%s) and is set aside", update.update_id, type(error).__name__)
        return Received(update.update_id, "", state=State.NOTHING)


def _received(update: Update) -> Received:
    content: dict[str, Any] = update.to_dict()
    if not content.keys() - {"update_id"}:  # it could not be parsed, or is of a kind that is not known yet
        return Received(update.update_id, "", state=State.NOTHING)
    message = update.effective_message
    theirs = update.message or update.edited_message
    chat = update.effective_chat
    return Received(
        update.update_id,
        json.dumps(content, ensure_ascii=False, default=_seconds),
        chat="" if chat is None else str(chat.id),
        message_id=message.message_id if message is not None else None,
        asked_at=theirs.date if theirs is not None else None,
        words=digest_of(theirs) if theirs is not None else "",
    )


def digest_of(message: Message) -> str:
    """A digest of the words of a message: enough to see that they have changed."""
    return sha256(written(message)[0].encode(errors="replace")).hexdigest()[:WORDS]


def _seconds(date: object) -> int:
    """A date as Telegram writes it; python-telegram-bot leaves those of messages it has no access to as they are."""
    if not isinstance(date, datetime):
        raise TypeError(f"{type(date).__name__} is no part of an update")
    return int(date.timestamp())
