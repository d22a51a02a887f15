"""What is noted when a message has arrived, and what is done where it never will; in the transaction that says so."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.mail import Kind, Outgoing, Settled, Way
from bot.model import Asker
from handlers.context import Assistant, Outbox
from handlers.sending import Place, sentence

log = logging.getLogger(__name__)

UNFINISHED = frozenset({Way.WAITING, Way.SENDING, Way.MERGING})

MARKS = frozenset({Kind.DELETE, Kind.BUTTONS})
"""What nobody waits for: a rating, for one, is kept also where it can't be shown."""


class Notes:
    """Reads what ``Outgoing.then`` and ``Outgoing.otherwise`` say, and does it.

    The keys of ``then``: ``answer`` (digest of an answer that a group may be pointed to), ``ticket`` (number of the one
    that staff are told of), ``asker`` (id of somebody who gets the answer of staff), ``receipt`` (what staff are told
    when all of them have got it), ``news`` (staff are told of an edit), ``forget`` (nothing of this answer is kept),
    ``carries`` (other messages go along), ``apology``.
    """

    def __init__(self, assistant: Assistant, outbox: Outbox) -> None:
        self._assistant = assistant
        self._outbox = outbox

    async def take(self, row: Outgoing, settled: Settled, now: datetime) -> None:
        """Does what has to be done now that a message has arrived, or is known not to."""
        if settled.way is Way.WAITING:
            return
        if settled.way is Way.SENT:
            await self._arrived(row, settled.message_id, now)
        else:
            await self._failed(row, settled.way, now)
        if "carries" in row.then:
            await self._outbox.unpack(row.id, settled.way, now)
        if "receipt" in row.then:
            await self._receipt(row, row.then["receipt"], now)
        if "forget" in row.then and row.update_id is not None:
            await self._outbox.erase(row.update_id, now)

    async def _arrived(self, row: Outgoing, message_id: int | None, now: datetime) -> None:
        if message_id is None and row.target is not None:
            message_id = await self._outbox.place(row.target)
        if message_id is None:
            return
        if "answer" in row.then:
            place = Asker("", row.chat, group=True, topic=str(row.topic or ""))
            await self._assistant.chats.remember(place, row.then["answer"], message_id, now)
        if "ticket" in row.then:
            await self._assistant.desk.bind(row.then["ticket"], row.chat, message_id)

    async def _failed(self, row: Outgoing, way: Way, now: datetime) -> None:
        self._tell_operator(row)
        if row.kind is Kind.EDIT and row.target is not None:
            await self._outbox.reshape(row.target, None)
        if "asker" in row.then and way is Way.FAILED:
            await self._assistant.desk.missed(row.then["asker"])
        for other in row.otherwise or self._apology(row, way):
            if way is not Way.UNREACHABLE or other.chat != row.chat:
                await self._outbox.add(replace(other, update_id=row.update_id), now)

    def _apology(self, row: Outgoing, way: Way) -> tuple[Outgoing, ...]:
        """What is said where an answer was refused; nobody is told twice, nor of what was not meant for them."""
        silent = row.then.keys() & {"apology", "asker", "carries", "ticket", "news"}
        if way is not Way.FAILED or silent or row.kind in MARKS or row.update_id is None:
            return ()
        place = Place(int(row.chat), row.topic, row.reply_to, question=row.question)
        return (sentence(place, self._assistant.message("gangguan"), then={"apology": True}),)

    def _tell_operator(self, row: Outgoing) -> None:
        if "ticket" in row.then:
            log.error(
                "ticket %d did not reach the staff chat. Remedy: check telegram.staff_chat, and that the bot is there",
                row.then["ticket"],
            )
        if "apology" in row.then:
            log.error("update %s: the apology did not arrive either", row.update_id)
        if "news" in row.then:
            log.error("staff could not be told of an edit of the knowledge. Remedy: check telegram.staff_chat")

    async def _receipt(self, row: Outgoing, receipt: dict[str, Any], now: datetime) -> None:
        """Tells staff how many their answer has reached, once it is known of all."""
        if row.update_id is None:
            return
        known = [way for _, way in sorted((await self._outbox.ways(row.update_id)).items())]
        if any(way in UNFINISHED for way in known):
            return
        parts = receipt.get("parts", 1)  # of the answer, which each asker got as often: the last one counts
        ways = known[parts - 1 : parts * receipt.get("askers", len(known)) : parts]
        says, number = self._assistant.message, str(receipt["ticket"])
        counts = {
            "tiket_terkirim": ways.count(Way.SENT),
            "tiket_tak_terjangkau": ways.count(Way.UNREACHABLE),
            "tiket_gagal": ways.count(Way.FAILED),
        }
        lines = [says(key, nomor=number, jumlah=str(count)) for key, count in counts.items() if count]
        lines.append(says("tiket_tetap_terbuka" if counts["tiket_gagal"] else "tiket_ditutup", nomor=number))
        place = Place(receipt["chat"], receipt["topic"], receipt["reply_to"], question=receipt["question"])
        await self._outbox.add(replace(sentence(place, "\n".join(lines)), update_id=row.update_id), now)
