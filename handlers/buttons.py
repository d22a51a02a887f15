"""Buttons: a press is answered at once, its reply comes as a new message, and the old keyboard stays.

Only the pages of a long list are turned in place, by anybody who can see the list.
"""

from __future__ import annotations

import logging

from telegram import CallbackQuery, Message, Update
from telegram.error import TelegramError

from handlers import pages
from handlers.context import BotContext, asker_of, replied_to, services
from handlers.sending import deliver, redraw

log = logging.getLogger(__name__)

LIST = "w:"
"""What stands before a list's id in the choice that shows the list."""


async def on_press(update: Update, context: BotContext) -> None:
    """Answers a pressed button."""
    query = update.callback_query
    if query is None:
        return
    work = services(context)
    message = query.message
    # python-telegram-bot makes a Message of an inaccessible one too, so its class does not tell
    if not isinstance(message, Message) or not message.is_accessible or not query.data:
        await _acknowledge(query, work.assistant.message("tombol_kedaluwarsa"))
        return
    if query.data.startswith(pages.PAGE):
        await _turn_page(query, query.data, message, context)
        return
    await _acknowledge(query)
    asker = asker_of(message, query.from_user)
    reply = await work.assistant.choose(asker, query.data, work.now(), _asked_in(message, query))
    await deliver(context, message, asker, reply)


async def _turn_page(query: CallbackQuery, data: str, message: Message, context: BotContext) -> None:
    """Shows another page in the same message; the list is made anew, so the bot need not have remembered it."""
    work = services(context)
    turn, page = pages.turn_in(data), None
    if turn is not None:
        reply = await work.assistant.choose(asker_of(message, query.from_user), LIST + turn.list_id, work.now())
        page = pages.draw(reply, turn.page, work.assistant.message)
    if page is None:
        await _acknowledge(query, work.assistant.message("tombol_kedaluwarsa"))
        return
    await _acknowledge(query)
    await redraw(context.bot, message, page)


async def _acknowledge(query: CallbackQuery, toast: str | None = None) -> None:
    """Ends the waiting sign on the button. Telegram refuses that for presses older than some minutes, which is fine."""
    try:
        await query.answer(toast)
    except TelegramError as error:
        log.info("a press could not be acknowledged: %s", type(error).__name__)


def _asked_in(message: Message, query: CallbackQuery) -> int:
    """The message that a staff answer should quote: the presser's own question, else the one with the button."""
    question = replied_to(message)
    own = question is not None and question.from_user is not None and question.from_user.id == query.from_user.id
    return question.message_id if question is not None and own else message.message_id
