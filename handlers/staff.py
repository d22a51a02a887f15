"""The staff chat: replying to a ticket answers the person who asked."""

from __future__ import annotations

from telegram import Message, Update

from bot.model import Ticket
from handlers import groups, private
from handlers.context import BotContext, replied_to, services
from handlers.sending import place_of, place_of_asker, tell


async def on_reply(update: Update, context: BotContext) -> None:
    """Brings a reply to a ticket to its asker; any other message is treated as everywhere else."""
    message = update.message
    if message is None:
        return
    ticket = await _ticket(message, context)
    if ticket is not None:
        await _answer(ticket, message, context)
    elif message.chat.type == message.chat.PRIVATE:
        await private.on_message(update, context)
    else:
        await groups.on_message(update, context)


async def _ticket(message: Message, context: BotContext) -> Ticket | None:
    origin = replied_to(message)
    if origin is None:
        return None
    return await services(context).assistant.ticket_for(str(message.chat.id), origin.message_id)


async def _answer(ticket: Ticket, message: Message, context: BotContext) -> None:
    work = services(context)
    number = str(ticket.number)
    if not ticket.open:
        told = work.assistant.message("tiket_sudah_ditutup", nomor=number)
    elif not message.text:
        told = work.assistant.message("hanya_teks")
    else:
        answer = work.assistant.message("tiket_jawaban", nomor=number, jawaban=message.text)
        await tell(context.bot, place_of_asker(ticket), answer)
        await work.assistant.close_ticket(ticket, work.now())
        told = work.assistant.message("tiket_terkirim", nomor=number)
    await tell(context.bot, place_of(message), told)
