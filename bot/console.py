"""The same bot in a terminal: a line is a question, a digit chooses."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from datetime import datetime
from pathlib import Path
from typing import Protocol, TextIO

from rich.console import Console
from rich.text import Text

from bot.assistant import Assistant
from bot.errors import OperatorError
from bot.model import Asker, Attachment, Decision, Reply

ME = Asker("konsol", "konsol")
LEAVING = {"keluar", "exit", "quit"}
PROMPT = "> "
ALL_TOPICS = "t"  # the choice that leads to the shelves of the FAQ
RELOAD = "/muat_ulang"  # whoever is at the terminal is staff
FILES = Path("data")  # where files that the bot makes are put


class Reloader(Protocol):
    """Keeps the assistant up to date with its files."""

    async def by_hand(self) -> str:
        """Loads what is there now, and reports."""

    async def refresh(self) -> str:
        """Loads what has changed, and reports; "" where nothing has."""


def plain_text(reply: Reply) -> str:
    """The reply as a person reads it, without its choices: ``*tebal*`` without stars, then the source line."""
    parts = [reply.text.replace("*", ""), reply.quote.replace("*", ""), reply.footer]
    return "\n\n".join(part for part in parts if part)


def with_choices(reply: Reply) -> str:
    """The reply followed by its numbered choices and offers."""
    offered = [*reply.choices, *reply.actions]
    numbered = "\n".join(f"  {n}. {choice.label}" for n, choice in enumerate(offered, 1))
    return "\n\n".join(part for part in (plain_text(reply), numbered) if part)


async def chat(
    assistant: Assistant,
    lines: AsyncIterator[str],
    out: TextIO,
    now: Callable[[], datetime],
    *,
    echo: bool = True,
    reloader: Reloader | None = None,
) -> None:
    """Talks until the input ends or the person types ``keluar``; commands work as in Telegram.

    ``echo`` repeats every line before its reply, for lines that do not appear on the screen by being typed. A file that
    goes with a reply is put into ``FILES``; raises OperatorError where that can't be written. What ``reloader`` finds
    changed in the knowledge is loaded and reported before the next line is answered.
    """
    console = Console(file=out, highlight=False)

    def show(reply: Reply) -> None:
        # Only a screen has a width to wrap at; a pipe gets the lines as they are.
        console.print(Text(with_choices(reply)), end="\n\n", soft_wrap=not console.is_terminal)
        if reply.file is not None:
            saved = assistant.message("berkas_disimpan", berkas=_save(reply.file))
            console.print(Text(saved), end="\n\n", soft_wrap=not console.is_terminal)

    show(await assistant.welcome(ME, now()))
    async for line in lines:
        text = line.strip()
        if text.casefold() in LEAVING:
            return
        if echo and text:
            console.print(Text(PROMPT + text, style="bold"), soft_wrap=not console.is_terminal)
        if not text:
            continue
        by_hand = reloader is not None and text.casefold() == RELOAD
        if reloader is not None and (report := await (reloader.by_hand() if by_hand else reloader.refresh())):
            show(Reply(Decision.ANSWER, report))
        if not by_hand:
            show(await _answer(assistant, text, now()))


def _save(file: Attachment) -> str:
    """Writes a file, over an older one of its name, and returns its path as people write it."""
    place = FILES / file.name
    try:
        FILES.mkdir(parents=True, exist_ok=True)
        place.write_bytes(file.content)
    except OSError as error:
        raise OperatorError(
            f"{place} cannot be written ({error.strerror}). Remedy: allow writing into {FILES}, or free space there."
        ) from error
    return place.as_posix()


async def _answer(assistant: Assistant, text: str, now: datetime) -> Reply:
    command, _, rest = text.partition(" ")
    match command.casefold():
        case "/start":
            return await assistant.welcome(ME, now)
        case "/bantuan" | "/help":
            return assistant.help()
        case "/tentang":
            return assistant.about()
        case "/privasi":
            return await assistant.privacy(ME, now)
        case "/hapus_data":
            return await assistant.offer_to_forget(ME, now)
        case "/topik":
            return await assistant.choose(ME, ALL_TOPICS, now)
        case "/daerah":
            return await assistant.region(ME, rest, now)
        case "/angkatan":
            return await assistant.cohorts(ME, rest, now)
        case "/tanya":
            return await assistant.ask(ME, rest, now) if rest.strip() else assistant.help()
        case unknown if unknown.startswith("/"):
            return Reply(Decision.DECLINE, assistant.message("perintah_tak_dikenal"))
    return await assistant.ask(ME, text, now)
