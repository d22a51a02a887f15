"""A conversation with the running bot, written down as those who take part in it see it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from fake_telegram import FakeTelegram, Group, Json, Person, Results, Sent
from talking import Talk

MOST_LABELS = 6  # buttons that are written down; of a menu with 38 provinces these tell enough
INDENT = "    "


@dataclass
class Transcript:
    """Lets people talk to the bot, and writes down what everybody sees."""

    talk: Talk
    people: tuple[Person, ...]
    groups: tuple[Group, ...]
    lines: list[str] = field(default_factory=list)
    heard: list[Sent] = field(default_factory=list)
    said: Json = field(default_factory=dict)  # the last message of a person

    @property
    def fake(self) -> FakeTelegram:
        return self.talk.fake

    def heading(self, text: str) -> None:
        self.lines += ["", f"== {text} =="]

    async def says(
        self,
        person: Person,
        text: str,
        group: Group | None = None,
        topic: int | None = None,
        *,
        answers: int = 1,
        **more: Any,
    ) -> list[Sent]:
        """Somebody says something; returns what the bot sends, in order of arrival."""
        self.said = self.fake.says(person, text, chat=group, topic=topic, **more)
        self._write(self._place(group.id if group else person.id, topic), person.name, text, self.said["message_id"])
        return await self.hears(answers)

    async def edits(self, person: Person, text: str) -> Sent:
        """Somebody changes the last question, in a private chat; returns the answer, which changes too."""
        self.fake.edits(self.said, text)
        self._write(self._place(person.id, None), f"{person.name} mengubah", text, self.said["message_id"])
        return await self._changed()

    async def presses(self, person: Person, sent: Sent, label: str, *, answers: int = 1) -> list[Sent]:
        """Somebody presses a button that is answered by messages."""
        self._press(person, sent, label)
        return await self.hears(answers)

    async def turns(self, person: Person, sent: Sent, label: str) -> Sent:
        """Somebody presses a button that changes its own message."""
        self._press(person, sent, label)
        return await self._changed()

    async def toast(self, person: Person, sent: Sent, label: str) -> str | None:
        """Somebody presses a button that only says something itself."""
        self._press(person, sent, label)
        await self.talk.silence()
        said = self.talk.toasts()[-1]
        self.lines.append(f"{INDENT}(pemberitahuan) {said}")
        return said

    async def types(self, person: Person, query: str) -> Results:
        """Somebody types after the bot's name in another chat."""
        self.fake.types(person, query)
        results = await self.fake.next_results()
        self.lines.append(f"[chat lain] {person.name} mengetik: @bot {query}")
        self.lines += [f"{INDENT}{title}" for title in results.titles[:MOST_LABELS]]
        return results

    def sends_result(self, person: Person, results: Results, number: int, group: Group) -> None:
        """Somebody sends one of the results to a group."""
        self.fake.sends_result(person, results, results.titles[number], group)
        self.lines.append(f"[{self._place(group.id, None)}] {person.name} lewat bot: {_under(results.texts[number])}")

    async def hears(self, count: int = 1) -> list[Sent]:
        """The next messages of the bot, wherever it sends them."""
        heard = [await self.fake.next_message() for _ in range(count)]
        for sent in heard:
            self._hear(sent)
            self.heard.append(sent)
        return heard

    def __str__(self) -> str:
        return "\n".join([*self.lines, "", f"{len(self.fake.calls)} panggilan API, {len(self.fake.refused)} ditolak"])

    async def _changed(self) -> Sent:
        sent = await self.fake.next_edit()
        self._hear(sent, "BOT mengubah")
        return sent

    def _press(self, person: Person, sent: Sent, label: str) -> None:
        self.lines.append(f"[{self._place(sent.chat, sent.topic)}] {person.name} menekan [{label}]")
        self.fake.presses(person, sent, label)

    def _hear(self, sent: Sent, who: str = "BOT") -> None:
        answered = f" (membalas #{sent.reply_to})" if sent.reply_to else ""
        number = sent.message["message_id"]
        same = any((old.message["message_id"], old.text) == (number, sent.text) for old in self.heard)
        self._write(self._place(sent.chat, sent.topic), who + answered, "(tombol saja)" if same else sent.text, number)
        shown = [f"[{label}]" for label in sent.labels[:MOST_LABELS]]
        if len(sent.labels) > MOST_LABELS:
            shown.append(f"dan {len(sent.labels) - MOST_LABELS} tombol lain")
        if shown:
            self.lines.append(INDENT + " ".join(shown))

    def _write(self, place: str, who: str, text: str, number: int) -> None:
        self.lines.append(f"[{place}] {who} #{number}: {_under(text)}")

    def _place(self, chat: int, topic: int | None) -> str:
        titles = {group.id: f"grup {group.title}" for group in self.groups}
        titles |= {person.id: f"pribadi {person.name}" for person in self.people}
        return titles[chat] + (f", topik {topic}" if topic else "")


def _under(text: str) -> str:
    """A text whose lines stand under its first one."""
    return text.replace("\n", f"\n{INDENT}")
