"""The staff chat: what waits for an answer, and replies that reach whoever asked."""

from __future__ import annotations

import logging

from telegram import Message, Update
from telegram.error import BadRequest, Forbidden, TelegramError

from bot.model import Ticket
from handlers import commands, groups, private
from handlers.context import BotContext, replied_to, services
from handlers.errors import describe
from handlers.sending import bring_to_staff, place_of, place_of_asker, tell

log = logging.getLogger(__name__)

TICKETS = "tiket"
"""The command that lists what waits; with a number it shows one ticket again."""

NO_SUCH_CHAT = "chat not found"
"""How Telegram refuses a chat that is gone."""


async def on_message(update: Update, context: BotContext) -> None:
    """Takes a message of the staff chat: /tiket, an answer to a ticket, or what is treated as everywhere else."""
    message = update.message
    if message is None:
        return
    command = commands.command_in(message)
    if command is not None and command.name == TICKETS and command.is_for(context.bot.username):
        await _show(command.argument, message, context)
        return
    ticket = await _ticket(message, context)
    if ticket is not None:
        await _answer(ticket, message, context)
    elif message.chat.type == message.chat.PRIVATE:
        await private.on_message(update, context)
    else:
        await groups.on_message(update, context)


async def _ticket(message: Message, context: BotContext) -> Ticket | None:
    """The ticket that a message replies to."""
    origin = replied_to(message)
    if origin is None:
        return None
    return await services(context).assistant.desk.shown_in(str(message.chat.id), origin.message_id)


async def _show(argument: str, message: Message, context: BotContext) -> None:
    work = services(context)
    number = argument.removeprefix("#")
    if not number.isdecimal():
        reply = await work.assistant.desk.overview()
    else:
        reply = await work.assistant.desk.show(int(number), work.now())
    if reply.ticket is not None:
        await bring_to_staff(context, place_of(message), reply.ticket, reply.for_staff)
    else:
        await tell(context.bot, place_of(message), reply.text)


async def _answer(ticket: Ticket, message: Message, context: BotContext) -> None:
    """Brings a staff member's reply to everybody who waits for it, and closes the ticket."""
    work = services(context)
    says, number = work.assistant.message, str(ticket.number)
    if not ticket.open:
        told = says("tiket_sudah_ditutup", nomor=number)
    elif not message.text:
        told = says("hanya_teks")
    else:
        told = await _deliver(ticket, says("tiket_jawaban", nomor=number, jawaban=message.text), context)
    await tell(context.bot, place_of(message), told)


async def _deliver(ticket: Ticket, answer: str, context: BotContext) -> str:
    """Sends an answer to each asker who has not got one; returns what staff are told of it.

    The ticket stays open for those whom a fault of the network kept from it: the next reply reaches them alone. Who has
    blocked the bot, or has removed it from the group, does not keep it open.
    """
    work = services(context)
    reached = lost = failed = 0
    for waiting in ticket.waiting:
        try:
            await tell(context.bot, place_of_asker(waiting), answer)
        except TelegramError as error:
            if _is_out_of_reach(error):
                lost += 1
            else:
                failed += 1
                log.error("ticket %d: an answer was not delivered: %s", ticket.number, describe(error))
            continue
        await work.assistant.desk.delivered(waiting, work.now())
        reached += 1
    if not failed:
        await work.assistant.desk.close(ticket, work.now())
    return _receipt(ticket, context, {"tiket_terkirim": reached, "tiket_tak_terjangkau": lost, "tiket_gagal": failed})


def _receipt(ticket: Ticket, context: BotContext, counts: dict[str, int]) -> str:
    says, number = services(context).assistant.message, str(ticket.number)
    lines = [says(key, nomor=number, jumlah=str(count)) for key, count in counts.items() if count]
    lines.append(says("tiket_tetap_terbuka" if counts["tiket_gagal"] else "tiket_ditutup", nomor=number))
    return "\n".join(lines)


def _is_out_of_reach(error: TelegramError) -> bool:
    """Whether a chat can't be written to any more: blocked, removed, or gone."""
    gone = isinstance(error, BadRequest) and NO_SUCH_CHAT in error.message.casefold()
    return isinstance(error, Forbidden) or gone
