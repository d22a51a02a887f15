"""A reply as Telegram gets it, drawn in a terminal: its messages, how long they are, and the buttons. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from html import unescape

from telegram import InlineKeyboardButton
from telegram.constants import InlineKeyboardButtonLimit

from bot.model import Reply
from handlers.presses import LONGEST_DATA
from handlers.render import LONGEST_PART, Part, render

LONGEST_COPY = int(InlineKeyboardButtonLimit.MAX_COPY_TEXT)
"""Characters that a button can copy."""

SOMEBODY = "1234567890"  # who asks in a group: an id as long as they are, as it takes room in buttons
LINK = "https://t.me/<bot>?start="  # a deep link; the bot's name is known only to Telegram

_TAG = re.compile(r"</?(?:b|i|blockquote)(?: expandable)?>")
_QUOTE = re.compile(r"<blockquote expandable>(.*?)</blockquote>", re.DOTALL)


def preview(reply: Reply, says: Callable[..., str], *, group: bool = False, html: bool = False) -> str:
    """Draws every message of a reply with its length, then the buttons with what they carry.

    ``says`` fills in a sentence of ``pesan.yaml``. ``group`` draws what a group sees, ``html`` shows the text with its
    tags, as it is sent; otherwise bold words stand between stars and a folded quotation after >.
    """
    links: tuple[tuple[str, str], ...] = ()
    if group and reply.short and len(reply.entries) == 1:
        links = ((says("tombol_selengkapnya"), LINK + reply.entries[0]),)
    parts = render(reply, brief=group, copy_label=says("tombol_salin"), owner=SOMEBODY if group else "", links=links)
    return "\n".join(line for number, part in enumerate(parts, 1) for line in _drawn(part, number, len(parts), html))


def _drawn(part: Part, number: int, count: int, html: bool) -> Iterator[str]:
    length = len(unescape(_TAG.sub("", part.html)).encode("utf-16-le")) // 2
    yield f"┌─ Pesan {number} dari {count}: {length} dari {LONGEST_PART} karakter"
    text = part.html if html else _plain(part.html)
    yield from (f"│ {line}".rstrip() for line in text.split("\n"))
    yield "└─"
    for row in part.keyboard.inline_keyboard if part.keyboard else ():
        for button in row:
            yield f"  [ {button.text} ]  {_carried(button)}"


def _plain(html: str) -> str:
    """The text with ``*tebal*`` words and a sign before every line of a quotation.

    >>> _plain("<b>Dua</b> &amp; jelas.\\n\\n<blockquote expandable>Pasal 1</blockquote>")
    '*Dua* & jelas.\\n\\n> Pasal 1'
    """
    marked = _QUOTE.sub(lambda quote: "> " + quote[1].replace("\n", "\n> "), html)
    return unescape(_TAG.sub("", marked.replace("<b>", "*").replace("</b>", "*")))


def _carried(button: InlineKeyboardButton) -> str:
    if button.url:
        return f"membuka {button.url}"
    if button.copy_text:
        return f"menyalin {len(button.copy_text.text)} dari {LONGEST_COPY} karakter: {button.copy_text.text}"
    data = str(button.callback_data)
    return f"{data} ({len(data.encode())} dari {LONGEST_DATA} byte)"
