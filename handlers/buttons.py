"""Buttons: every press is acknowledged, its reply comes as a new message, and the old keyboard stays.

The pages of a long list are turned in place, and a rating is marked in place. What means nothing (any more), was made
up, or is somebody else's to press, gets a word on the button itself.
"""

from __future__ import annotations

import logging
from dataclasses import replace

from telegram import CallbackQuery, Message, Update

from bot.model import Reply
from handlers import groups, pages, presses, resting
from handlers.context import BotContext, asker_of, replied_to, services
from handlers.render import Part
from handlers.sending import acknowledge, deliver, redraw, redraw_keyboard, typing

log = logging.getLogger(__name__)

LIST = "w:"
"""What stands before a list's id in the choice that shows the list."""


async def on_press(update: Update, context: BotContext) -> None:
    """Answers a pressed button."""
    query = update.callback_query
    if query is None:
        return
    says = services(context).assistant.message
    message = query.message
    # python-telegram-bot makes a Message of an inaccessible one too, so its class does not tell
    if not isinstance(message, Message) or not message.is_accessible or not query.data:
        await acknowledge(query, says("tombol_kedaluwarsa"))
        return
    if query.data.startswith(pages.PAGE):
        await _turn_page(query, query.data, message, context)
        return
    press = presses.press_in(query.data)
    rating = presses.rating_in(press.data)
    if not presses.holds(message.reply_markup, query.data):
        await acknowledge(query, says("tombol_kedaluwarsa"))
    elif not press.by(str(query.from_user.id)):
        await acknowledge(query, says("tombol_orang_lain"))
    elif rating is not None:
        await _rate(query, rating, message, context)
    else:
        await _choose(query, press.data, message, context)


async def _choose(query: CallbackQuery, choice: str, message: Message, context: BotContext) -> None:
    """Answers a choice; the button stops waiting in any case. In quiet hours a group reads nothing new."""
    work, asker = services(context), asker_of(message, query.from_user)
    rest = groups.resting(await work.assistant.chats.rules(asker.chat), context) if asker.group else ""
    if rest := rest or await resting.tires(asker, context):
        await acknowledge(query, rest)
        return
    reply: Reply | None = None
    try:
        async with typing(context.bot, message):
            reply = await work.assistant.choose(asker, choice, work.now(), _asked_in(message, query))
    finally:
        await acknowledge(query, reply.text if reply is not None and reply.notice else None)
    if not reply.notice:
        await deliver(context, message, asker, reply)


async def _rate(query: CallbackQuery, rating: presses.Rating, message: Message, context: BotContext) -> None:
    """Notes whether an answer helped, and marks the thumb; pressing the other one changes it."""
    work = services(context)
    kept = False
    try:
        kept = await work.assistant.rate(rating.question, rating.value, work.now())
    finally:
        thanks = "nilai_membantu" if rating.value > 0 else "nilai_tidak_membantu"
        await acknowledge(query, work.assistant.message(thanks if kept else "tombol_kedaluwarsa"))
    marked = presses.with_mark(message.reply_markup, rating)
    if kept and marked != message.reply_markup:
        await redraw_keyboard(work, message, marked)


async def _turn_page(query: CallbackQuery, data: str, message: Message, context: BotContext) -> None:
    """Shows another page in the same message; the list is made anew, so the bot need not have remembered it."""
    work = services(context)
    turn, page = pages.turn_in(data), None
    try:
        if turn is not None:
            reply = await work.assistant.choose(asker_of(message, query.from_user), LIST + turn.list_id, work.now())
            page = pages.draw(replace(reply, ratable=False), turn.page, work.assistant.message)
    finally:
        await acknowledge(query, None if page else work.assistant.message("tombol_kedaluwarsa"))
    if page is not None:
        thumbs = presses.with_thumbs_of(message.reply_markup, page.keyboard)
        await redraw(work, message, Part(page.html, thumbs))


def _asked_in(message: Message, query: CallbackQuery) -> int:
    """The message that a staff answer should quote: the presser's own question, else the one with the button."""
    question = replied_to(message)
    own = question is not None and question.from_user is not None and question.from_user.id == query.from_user.id
    return question.message_id if question is not None and own else message.message_id
