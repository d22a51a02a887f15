"""The desk where questions wait for a person: handed over, added to, taken back, and shown to staff."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from bot.dialogue.mind import Mind
from bot.dialogue.model import ADD, WITHDRAW, choices
from bot.dialogue.sameness import gist, nearest
from bot.dialogue.wording import short_date
from bot.model import Asker, Decision, Reply, Ticket, TicketAsker
from bot.store.access import LARGEST_NUMBER
from bot.store.store import Store
from bot.store.tickets import TicketKind

MOST_LISTED = 30  # tickets that /tiket lists; more are counted
LONGEST_LINE = 120  # characters of a question in that list


class Desk:
    """The tickets as askers and staff see them.

    ``mind`` gives the knowledge of the moment; ``staffed`` tells whether there is a staff chat.
    """

    def __init__(self, store: Store, mind: Callable[[], Mind], *, staffed: bool) -> None:
        self._store = store
        self._tickets = store.tickets
        self._mind = mind
        self._staffed = staffed

    # --- askers ---

    async def hand_off(self, asker: Asker, question: str | None, now: datetime, message: int) -> Reply:
        """Hands a question of the log (masked) to staff; who asks what somebody waits for already, waits too.

        ``message`` is the asker's, which the answer will quote; 0 for none.
        """
        mind = self._mind()
        if not self._staffed:
            return Reply(Decision.DECLINE, mind.says("tiket_tidak_tersedia"))
        if question is None:
            return Reply(Decision.DECLINE, mind.says("tiket_tanpa_pertanyaan"))
        waiting = [t for t in await self._tickets.unsettled() if t.kind == "petugas"]
        own = next((t for t in waiting if t.question == question and t.of(asker)), None)
        if own is not None:  # a second press tells staff nothing new, unless they were not reached
            untold = await self._told(own, now) if own.staff_message_id is None else ""
            return self._handed(own, untold)
        asked = gist(question, mind)
        for ticket in waiting:
            if asked.same_as(gist(ticket.question, mind)):
                joined = await self._tickets.join(ticket.number, asker, now, message or None)
                if joined is not None:
                    return self._handed(joined, await self._told_joined(joined, asker, question, now))
        opened = await self._tickets.open(asker, now, question, message_id=message or None)
        return self._handed(opened, await self._told(opened, now))

    async def report(self, asker: Asker, text: str, now: datetime) -> tuple[Ticket, str]:
        """Hands reported data to staff; returns its ticket and what staff are told, "" where there are none."""
        kind: TicketKind = "data"
        ticket = await self._tickets.open(asker, now, text, kind=kind)
        return ticket, await self._told(ticket, now) if self._staffed else ""

    async def may_add(self, asker: Asker, number: int) -> Reply:
        """Asks for what is to be added to a ticket; a notice where the presser does not wait for it."""
        ticket = await self._tickets.get(number)
        refused = self._refused(ticket, asker)
        if refused is not None:
            return refused
        key = "tiket_grup_tambah" if asker.group else "tiket_tambah"
        return Reply(Decision.CLARIFY, self._mind().says(key, nomor=number))

    async def add(self, asker: Asker, number: int, text: str) -> Reply:
        """Adds to a ticket what its asker wrote, and tells staff."""
        mind = self._mind()
        ticket = await self._tickets.get(number)
        refused = self._refused(ticket, asker)
        added = await self._tickets.add(number, text) if refused is None else None
        if added is None:
            return replace(refused or self._settled(number), notice=False)
        masked = added.additions[len(ticket.additions if ticket else "") :].strip()
        for_staff = mind.says("tiket_tambahan_petugas", nomor=number, isi=masked)
        return replace(self._handed(added, for_staff), text=mind.says("tiket_ditambah", nomor=number))

    async def withdraw(self, asker: Asker, number: int, now: datetime) -> Reply:
        """Takes a question back; staff hear of it when nobody waits for the answer any more."""
        mind = self._mind()
        refused = self._refused(await self._tickets.get(number), asker)
        left = await self._tickets.withdraw(number, asker, now) if refused is None else None
        if left is None:
            return refused or self._settled(number)
        reply = Reply(Decision.ANSWER, mind.says("tiket_ditarik", nomor=number))
        if left.open:
            return reply
        return replace(reply, ticket=left, for_staff=mind.says("tiket_ditarik_petugas", nomor=number))

    def _handed(self, ticket: Ticket, for_staff: str) -> Reply:
        says = self._mind().says
        add, withdraw = f"{ADD}:{ticket.number}", f"{WITHDRAW}:{ticket.number}"
        offered = choices([(add, says("tombol_tiket_tambah")), (withdraw, says("tombol_tiket_tarik"))])
        said = says("tiket_dibuka", nomor=ticket.number)
        return Reply(Decision.ANSWER, said, actions=offered, ticket=ticket if for_staff else None, for_staff=for_staff)

    def _refused(self, ticket: Ticket | None, asker: Asker) -> Reply | None:
        """Why this person can't change a ticket; None where they can."""
        if ticket is None or not ticket.open:
            return self._settled(ticket.number if ticket else 0)
        if ticket.of(asker) is not None:
            return None
        return Reply(Decision.DECLINE, self._mind().says("tombol_orang_lain"), notice=True)

    def _settled(self, number: int) -> Reply:
        key = "tiket_sudah_selesai" if number else "tombol_kedaluwarsa"
        values = {"nomor": number} if number else {}
        return Reply(Decision.DECLINE, self._mind().says(key, **values), notice=True)

    # --- staff ---

    async def shown_in(self, staff_chat: str, message_id: int) -> Ticket | None:
        """The ticket that a message in the staff chat is about."""
        return await self._tickets.shown_in(staff_chat, message_id)

    async def bind(self, number: int, staff_chat: str, message_id: int) -> None:
        """Remembers a message that told staff of a ticket."""
        await self._tickets.bind(number, staff_chat, message_id)

    async def delivered(self, waiting: TicketAsker, now: datetime) -> None:
        """Remembers that the answer is on its way to one asker, who gets no second one."""
        await self._tickets.delivered(waiting, now)

    async def missed(self, asker: int) -> None:
        """The answer did not reach an asker, by the id of the store: they wait on, and the ticket is open again."""
        await self._tickets.missed(asker)

    async def close(self, ticket: Ticket, now: datetime) -> None:
        """Marks a ticket as settled."""
        await self._tickets.close(ticket.number, now)

    async def leave(self, chat: str, now: datetime) -> tuple[tuple[Ticket, str], ...]:
        """Lets nobody wait in a chat that the bot was removed from.

        Returns the tickets that nobody waits for any more, with what staff are told of each.
        """
        closed = await self._tickets.leave(chat, now)
        return (
            tuple((t, self._mind().says("tiket_grup_pergi", nomor=t.number)) for t in closed) if self._staffed else ()
        )

    async def overview(self) -> Reply:
        """Lists the open tickets, oldest first."""
        mind = self._mind()
        tickets = await self._tickets.unsettled()
        if not tickets:
            return Reply(Decision.ANSWER, mind.says("tiket_kosong"))
        lines = [mind.says("tiket_daftar", jumlah=len(tickets))]
        lines += [f"- {self._line(ticket)}" for ticket in tickets[:MOST_LISTED]]
        if len(tickets) > MOST_LISTED:
            lines.append(mind.says("tiket_daftar_lain", jumlah=len(tickets) - MOST_LISTED))
        return Reply(Decision.ANSWER, "\n".join([*lines, "", mind.says("tiket_daftar_cara")]))

    async def show(self, number: int, now: datetime) -> Reply:
        """Shows one ticket again; a reply to it answers the askers as the first message did."""
        ticket = await self._tickets.get(number) if number <= LARGEST_NUMBER else None
        if ticket is None:
            return Reply(Decision.DECLINE, self._mind().says("tiket_tak_dikenal", nomor=number))
        if not ticket.open:
            return Reply(Decision.DECLINE, self._mind().says("tiket_sudah_ditutup", nomor=number))
        return Reply(Decision.ANSWER, "", ticket=ticket, for_staff=await self._told(ticket, now))

    def _line(self, ticket: Ticket) -> str:
        question = " ".join(ticket.question.split())
        if len(question) > LONGEST_LINE:
            question = question[: LONGEST_LINE - 1].rstrip() + "…"
        day = short_date(ticket.opened.date()) if ticket.opened else ""
        said = {"nomor": ticket.number, "tanggal": day, "penanya": len(ticket.waiting), "pertanyaan": question}
        return self._mind().says("tiket_baris", **said)

    async def _told(self, ticket: Ticket, now: datetime) -> str:
        """What staff read of a ticket: the question, what was added, where it comes from and what comes near it."""
        mind = self._mind()
        notes = [ticket.additions] if ticket.additions else []
        notes += await self._regions([waiting.asker for waiting in ticket.waiting], now)
        if len(ticket.waiting) > 1:
            notes.append(mind.says("tiket_penanya", jumlah=len(ticket.waiting)))
        near = nearest(ticket.question, mind) if ticket.kind == "petugas" else ()
        if near:
            lines = (f"- {entry.title} ({_decimal(score)})" for entry, score in near)
            notes.append("\n".join([mind.says("tiket_terdekat"), *lines]))
        told = "\n".join([ticket.question, *(["", *notes] if notes else [])])
        return mind.says("tiket_untuk_petugas", nomor=ticket.number, pertanyaan=told)

    async def _told_joined(self, ticket: Ticket, asker: Asker, question: str, now: datetime) -> str:
        said = {"nomor": ticket.number, "jumlah": len(ticket.waiting), "pertanyaan": question}
        return "\n".join([self._mind().says("tiket_bergabung", **said), *await self._regions([asker], now)])

    async def _regions(self, askers: Iterable[Asker], now: datetime) -> list[str]:
        """One line with the regions on record for those who ask, in a group that of the group; nothing for none."""
        mind, names = self._mind(), []
        for asker in askers:
            memory = await self._store.recall(asker, now, timedelta())
            region = mind.knowledge.regions.get((memory.chat_region if asker.group else memory.person_region) or "")
            names += [region.full_name] if region is not None else []
        return [mind.says("tiket_daerah", daerah=", ".join(dict.fromkeys(names)))] if names else []


def _decimal(score: float) -> str:
    return f"{score:.2f}".replace(".", ",")
