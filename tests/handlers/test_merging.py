"""Several answers in one message."""

from __future__ import annotations

from dataclasses import replace

import pytest
from fake_telegram import parse_html

from bot.mail import Kind, Outgoing
from handlers.merging import CARRIES, carrier, together


def plain(number: int, answer: str = "jawaban", topic: int | None = None) -> Outgoing:
    payload = {"html": f"<i>{number}</i>", "merged": [f"Soal {number} &amp; lain?", answer]}
    return Outgoing("-1", Kind.MESSAGE, payload, topic=topic, reply_to=number, id=number)


FILE = Outgoing("-1", Kind.DOCUMENT, {"name": "a", "content": ""})
MENU = Outgoing("-1", Kind.MESSAGE, {"html": "a"})
QUEUES = {
    "too few": ([plain(1), plain(2)], 0),
    "enough": ([plain(1), plain(2), plain(3)], 3),
    "five at most": ([plain(number) for number in range(7)], 5),
    "a file in between": ([plain(1), plain(2), FILE, plain(3), plain(4)], 0),
    "buttons after three": ([plain(1), plain(2), plain(3), MENU], 3),
    "another topic": ([plain(1), plain(2), plain(3, topic=7)], 0),
    "one that was tried": ([replace(plain(1), unknown=1), plain(2), plain(3)], 0),
    "one that apologises for being late": ([replace(plain(1), late=True), plain(2), plain(3)], 0),
    "too long together": ([plain(number, "a" * 1000) for number in range(5)], 3),
    "much too long": ([plain(number, "a" * 3000) for number in range(5)], 0),
    "nothing": ([], 0),
}


@pytest.mark.parametrize(("queue", "expected"), QUEUES.values(), ids=QUEUES)
def test_how_many_go_together(queue: list[Outgoing], expected: int) -> None:
    """The first ones, in their order, as far as they are plain answers and fit."""
    assert together(queue) == tuple(queue[:expected])


def test_one_message_for_all() -> None:
    """Each question in bold over its answer, as a reply to the first, without buttons."""
    made = carrier((plain(1), plain(2), plain(3)))
    text, entities = parse_html(made.payload["html"])
    assert text.split("\n\n") == [f"Soal {number} & lain?\njawaban" for number in (1, 2, 3)]
    assert [tag for tag, _ in entities] == ["b"] * 3
    assert (made.reply_to, made.then, made.update_id) == (1, CARRIES, None)
