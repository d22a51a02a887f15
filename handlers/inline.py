"""Inline mode: ``@bot syarat`` in any chat lists short answers, of which the person sends one.

Telegram asks at every pause in typing, so nothing is logged. BotFather switches the mode on with /setinline.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace

from telegram import (
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQueryResultArticle,
    InlineQueryResultsButton,
    InputTextMessageContent,
    LinkPreviewOptions,
    Update,
)
from telegram.constants import ParseMode
from telegram.error import TelegramError
from telegram.helpers import create_deep_linked_url

from bot.model import Finding
from handlers.context import BotContext, services
from handlers.errors import describe
from handlers.render import render, shortened

log = logging.getLogger(__name__)

MOST_RESULTS = 20
"""Results of one query: some screens of a phone. Telegram allows 50."""

CACHE_SECONDS = 60
"""How long Telegram may show the same results again: less than it takes to edit the knowledge and try."""

LONGEST_TEXT, LONGEST_DESCRIPTION = 600, 120
"""Characters of an answer that has no short version, and of its preview in the list."""

ENTRY = "e:"
"""What stands before an entry's id in the id of a result; a deep link opens it."""

START = "tanya"
"""What the button above the results sends with /start: nothing that the bot knows, so it greets."""


async def on_query(update: Update, context: BotContext) -> None:
    """Answers what somebody types after the bot's name in another chat."""
    query = update.inline_query
    if query is None:
        return
    work = services(context)
    found = await work.assistant.search(query.query, work.now(), MOST_RESULTS)
    says, username = work.assistant.message, context.bot.username

    async def answer() -> None:
        try:
            await query.answer(
                articles,
                cache_time=CACHE_SECONDS,
                is_personal=True,
                button=InlineQueryResultsButton(says("tombol_chat_pribadi"), start_parameter=START),
            )
        except TelegramError as refusal:  # the person has typed on meanwhile, and the query is too old
            log.info("an inline query could not be answered: %s", describe(refusal))

    articles = [_article(finding, says, username) for finding in found]
    context.application.create_task(answer(), update)  # nobody else waits for it


def _article(finding: Finding, says: Callable[..., str], username: str) -> InlineQueryResultArticle:
    reply = finding.reply
    text = reply.short or shortened(reply.text, LONGEST_TEXT)
    entry = finding.id.removeprefix(ENTRY).partition(":")[0] if finding.id.startswith(ENTRY) else ""
    told = f"*{finding.title}*\n{text}" if entry else text  # nobody else has read the question
    brief = replace(reply, text=told, short="", quote="", choices=(), actions=(), ratable=False)
    (part,) = render(brief, copy_label=says("tombol_salin"))
    rows = list(part.keyboard.inline_keyboard) if part.keyboard else []
    if entry and (text != reply.text or reply.quote):
        address = create_deep_linked_url(username, entry)
        rows.append((InlineKeyboardButton(says("tombol_selengkapnya"), url=address),))
    return InlineQueryResultArticle(
        finding.id,
        finding.title,
        InputTextMessageContent(
            part.html, parse_mode=ParseMode.HTML, link_preview_options=LinkPreviewOptions(is_disabled=True)
        ),
        reply_markup=InlineKeyboardMarkup(rows) if rows else None,
        description=shortened(text.replace("*", ""), LONGEST_DESCRIPTION),
    )
