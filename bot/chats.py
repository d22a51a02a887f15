"""What groups have: the settings of their admins, a region with its time of day, and what was answered lately."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from hashlib import sha256

from bot.dialogue.mind import Mind
from bot.model import Asker, ChatSettings, Decision, Earlier, GroupRules, Region, RegionType, Reply
from bot.regions.zones import zone_of
from bot.store.store import Store

ANSWER_LIFE = timedelta(hours=1)  # how long a group is pointed to an answer instead of reading it again
DIGEST = 32  # hex digits


class Chats:
    """The groups as their members and admins see them; ``mind`` gives the knowledge of the moment."""

    def __init__(self, store: Store, mind: Callable[[], Mind]) -> None:
        self._store = store
        self._mind = mind

    async def rules(self, chat: str) -> GroupRules:
        """What is set in a group."""
        settings, code = await self._store.chats.get(chat)
        region = self._mind().knowledge.regions.get(code or "")
        return GroupRules(settings, region, zone_of(region.code) if region else settings.zone)

    async def change(self, chat: str, settings: ChatSettings, now: datetime) -> None:
        """Keeps what an admin has chosen."""
        await self._store.chats.set(chat, settings, now)

    async def set_region(self, chat: str, code: str, now: datetime) -> None:
        """Sets the region of a group; "" forgets it. Raises ValueError for what is no kabupaten or kota."""
        region = self._mind().knowledge.regions.get(code)
        if code and (region is None or region.type is RegionType.PROVINCE):
            raise ValueError(f"{code!r} is no kabupaten or kota")
        await self._store.set_chat_region(chat, code or None, now)

    def provinces(self) -> tuple[Region, ...]:
        """All provinces, by code."""
        return self._of(lambda region: region.type is RegionType.PROVINCE)

    def regions_of(self, province: str) -> tuple[Region, ...]:
        """The kabupaten and kota of a province, by code; none for what is no province."""
        return self._of(lambda region: region.province == province and region.type is not RegionType.PROVINCE)

    def _of(self, wanted: Callable[[Region], bool]) -> tuple[Region, ...]:
        return tuple(sorted(filter(wanted, self._mind().knowledge.regions.values()), key=lambda region: region.code))

    async def joined(self, chat: str, now: datetime) -> None:
        """Notes that the bot was added to a group."""
        await self._store.chats.joined(chat, now)

    async def introduce(self, chat: str, now: datetime) -> bool:
        """Tells whether the bot shall introduce itself in a group: once, unless it was removed again."""
        return await self._store.chats.introduce(chat, now)

    async def left(self, chat: str, now: datetime) -> None:
        """Notes that the bot was removed from a group, and forgets what was said there."""
        await self._store.chats.left(chat, now)

    async def moved(self, old: str, new: str) -> None:
        """A group has become a supergroup, with another id."""
        await self._store.chats.move(old, new)

    async def earlier(self, asker: Asker, reply: Reply, now: datetime) -> Earlier | None:
        """Where the same answer stands already, given in the same place within the hour; None where it does not."""
        if not _worth_pointing_to(reply):
            return None
        return await self._store.chats.answer(asker, _digest(reply), now - ANSWER_LIFE)

    def digest(self, reply: Reply) -> str:
        """What an answer is known by; "" for a reply that a group is not pointed to."""
        return _digest(reply) if _worth_pointing_to(reply) else ""

    async def remember(self, asker: Asker, answer: str, message_id: int, now: datetime) -> None:
        """Remembers for an hour which message gave an answer in a group; "" where it gives none any more."""
        await self._store.chats.remember(asker, answer, message_id, now, now - ANSWER_LIFE)


def _worth_pointing_to(reply: Reply) -> bool:
    """Whether a reply is an answer from the knowledge, with its source: greetings and notices are said again."""
    return reply.decision is Decision.ANSWER and bool(reply.footer) and reply.file is None


def _digest(reply: Reply) -> str:
    """The same words are the same answer, whichever question led to them; one that was edited since is a new one."""
    return sha256(f"{reply.text}\n{reply.quote}\n{reply.footer}".encode()).hexdigest()[:DIGEST]
