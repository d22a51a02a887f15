"""What Telegram shows of the bot before anybody has asked: its menus of commands, its description, its picture's line.

Set at every start, in Bahasa Indonesia and for those whose Telegram speaks English.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

from telegram import (
    BotCommandScope,
    BotCommandScopeAllChatAdministrators,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
)
from telegram.error import TelegramError
from telegram.ext import ExtBot

from handlers.commands import Audience, menu
from handlers.errors import describe

log = logging.getLogger(__name__)

ENGLISH = "en"
DESCRIPTION = (
    "I answer questions of Indonesian local governments about the programme Gerakan Menuju 100 Smart City: "
    "requirements, selection, stages, training, masterplan, evaluation, and which region took part in which year. "
    "Every answer names its source and the day it was checked.\n\n"
    "Press Start and ask in your own words; answers are in Bahasa Indonesia. This bot is not an official, and its "
    "answers are not official decisions."
)
SHORT_DESCRIPTION = "Questions and answers about Gerakan Menuju 100 Smart City, with sources and dates."


async def publish(bot: ExtBot[None], says: Callable[..., str], staff_chat: int | None) -> None:
    """Sets menus and descriptions; what Telegram refuses stays as it was, and is told in the log.

    ``says`` gives a sentence of ``pesan.yaml``; ``staff_chat`` has a menu of its own.
    """
    scopes: list[tuple[Audience, BotCommandScope]] = [
        (Audience.PRIVATE, BotCommandScopeAllPrivateChats()),
        (Audience.GROUP, BotCommandScopeAllGroupChats()),
        (Audience.GROUP_ADMINS, BotCommandScopeAllChatAdministrators()),
    ]
    if staff_chat is not None:
        scopes.append((Audience.STAFF, BotCommandScopeChat(staff_chat)))
    await asyncio.gather(
        *(
            _tried(f"the menu of commands for {audience.name}", bot.set_my_commands(menu(audience, says), scope))
            for audience, scope in scopes
        ),
        *(
            _tried(
                f"the English menu of commands for {audience.name}",
                bot.set_my_commands(menu(audience, says, english=True), scope, ENGLISH),
            )
            for audience, scope in scopes
        ),
        _tried("the description", _describe(bot, says("deskripsi"), "")),
        _tried("the English description", _describe(bot, DESCRIPTION, ENGLISH)),
        _tried("the short description", _describe_shortly(bot, says("deskripsi_singkat"), "")),
        _tried("the English short description", _describe_shortly(bot, SHORT_DESCRIPTION, ENGLISH)),
    )


async def _describe(bot: ExtBot[None], text: str, language: str) -> None:
    """Sets a description that has changed: Telegram allows few changes of it, and restarts may come in a row."""
    if (await bot.get_my_description(language)).description != text:
        await bot.set_my_description(text, language)


async def _describe_shortly(bot: ExtBot[None], text: str, language: str) -> None:
    if (await bot.get_my_short_description(language)).short_description != text:
        await bot.set_my_short_description(text, language)


async def _tried(what: str, work: Awaitable[object]) -> None:
    try:
        await work
    except TelegramError as error:
        log.warning("%s stays as it was: %s", what, describe(error))
