"""From a kept message to the one call of the Bot API that brings it to its chat."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Mapping
from typing import Any

from telegram import InlineKeyboardMarkup, LinkPreviewOptions, ReplyParameters
from telegram.constants import ParseMode
from telegram.error import BadRequest, TelegramError
from telegram.ext import ExtBot

from bot.mail import Kind, Outgoing
from handlers.outcomes import Fate, Outcome, judge

NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


async def call(bot: ExtBot[None], row: Outgoing, target: int | None) -> Outcome:
    """Sends a message, changes one or takes one away; ``target`` is the Telegram id of the one that is changed."""
    try:
        match row.kind:
            case Kind.MESSAGE:
                return Outcome(Fate.ARRIVED, await _message(bot, row))
            case Kind.DOCUMENT:
                return Outcome(Fate.ARRIVED, await _document(bot, row))
        if target is None:
            return Outcome(Fate.REFUSED, kind="refused")  # what should be changed has never arrived
        await _change(bot, row, target)
    except BadRequest as refusal:
        if row.kind is Kind.DELETE:  # gone already, or too old
            return Outcome(Fate.ARRIVED)
        return judge(refusal)
    except TelegramError as error:
        return judge(error)
    return Outcome(Fate.ARRIVED)


async def _message(bot: ExtBot[None], row: Outgoing) -> int:
    sent = await bot.send_message(
        int(row.chat),
        row.payload["html"],
        parse_mode=ParseMode.HTML,
        message_thread_id=row.topic,
        reply_parameters=_quoting(row),
        reply_markup=_keyboard(row.payload),
        link_preview_options=NO_PREVIEW,
        disable_notification=row.payload.get("silent"),
    )
    return sent.message_id


async def _document(bot: ExtBot[None], row: Outgoing) -> int:
    sent = await bot.send_document(
        int(row.chat),
        b64decode(row.payload["content"]),
        filename=row.payload["name"],
        message_thread_id=row.topic,
        reply_parameters=_quoting(row),
    )
    return sent.message_id


async def _change(bot: ExtBot[None], row: Outgoing, target: int) -> None:
    chat = int(row.chat)
    match row.kind:
        case Kind.EDIT:
            await bot.edit_message_text(
                row.payload["html"],
                chat,
                target,
                parse_mode=ParseMode.HTML,
                reply_markup=_keyboard(row.payload),
                link_preview_options=NO_PREVIEW,
            )
        case Kind.BUTTONS:
            await bot.edit_message_reply_markup(chat, target, reply_markup=_keyboard(row.payload))
        case Kind.DELETE:
            await bot.delete_message(chat, target)


def _quoting(row: Outgoing) -> ReplyParameters | None:
    """What the message quotes; a repeat quotes the question also where that is not usual, so that it is seen as one."""
    quoted = row.reply_to or (row.question if row.unknown else None)
    must = bool(row.payload.get("pointer"))  # a pointer to a message that is gone would be no help
    return None if quoted is None else ReplyParameters(quoted, allow_sending_without_reply=None if must else True)


def _keyboard(payload: Mapping[str, Any]) -> InlineKeyboardMarkup | None:
    raw = payload.get("keyboard")
    return InlineKeyboardMarkup.de_json(raw) if raw else None
