"""An entry as Telegram gets it, drawn in a terminal."""

from __future__ import annotations

import pytest

from bot.model import Choice, Decision, Reply
from handlers.preview import preview
from handlers.render import LONGEST_PART

LABELS = {"tombol_salin": "Salin rujukan", "tombol_selengkapnya": "Selengkapnya"}
ANSWER = Reply(
    Decision.ANSWER,
    "*Dua* syarat & satu saran:\n- pertama",
    actions=(Choice("e:lain", "Entri lain"),),
    entries=("syarat",),
    short="Dua syarat.",
    quote="Pasal 1\nAyat 2",
    footer="Sumber: A",
    reference="A, 2026",
    question_id=7,
    ratable=True,
)


def says(key: str, **values: str) -> str:
    return LABELS[key]


def test_message_and_buttons_are_drawn():
    """Length, text with its marks, then every button with what it carries."""
    assert preview(ANSWER, says).split("\n") == [
        "┌─ Pesan 1 dari 1: 61 dari 4096 karakter",
        "│ *Dua* syarat & satu saran:",
        "│ - pertama",
        "│",
        "│ > Pasal 1",
        "│ > Ayat 2",
        "│",
        "│ Sumber: A",
        "└─",
        "  [ Entri lain ]  e:lain (6 dari 64 byte)",
        "  [ Salin rujukan ]  menyalin 7 dari 256 karakter: A, 2026",
        "  [ 👍 ]  +:7 (3 dari 64 byte)",
        "  [ 👎 ]  -:7 (3 dari 64 byte)",
    ]


def test_group_gets_the_short_version():
    """It is short, leads to the whole answer, and its thumbs belong to whoever asked."""
    drawn = preview(ANSWER, says, group=True)
    assert "│ Dua syarat." in drawn
    assert "[ Selengkapnya ]  membuka https://t.me/<bot>?start=syarat" in drawn
    assert "@1234567890:+:7 (15 dari 64 byte)" in drawn


def test_html_is_shown_as_it_is_sent():
    """With tags and entities, for whoever looks for a stray character."""
    drawn = preview(ANSWER, says, html=True)
    assert "│ <b>Dua</b> syarat &amp; satu saran:" in drawn
    assert "│ <blockquote expandable>Pasal 1" in drawn


LONG = "Kata dan kata lain. " * 300  # 6,000 characters


def test_long_text_is_shown_in_its_parts():
    """Each part within the limit, the buttons under the last one only."""
    drawn = preview(Reply(Decision.ANSWER, LONG, actions=(Choice("e:lain", "Entri lain"),)), says)
    heads = [line for line in drawn.split("\n") if line.startswith("┌─")]
    lengths = [int(head.split(": ")[1].split(" ")[0]) for head in heads]
    assert [head.split(":")[0] for head in heads] == ["┌─ Pesan 1 dari 2", "┌─ Pesan 2 dari 2"]
    assert max(lengths) <= LONGEST_PART
    assert drawn.split("\n")[-1] == "  [ Entri lain ]  e:lain (6 dari 64 byte)"
    assert drawn.count("[ Entri lain ]") == 1


LENGTHS = {"letters": ("abc", 3), "an emoji counts twice": ("👍", 2), "tags do not count": ("*a* & b", 5)}


@pytest.mark.parametrize(("text", "length"), LENGTHS.values(), ids=LENGTHS)
def test_length_is_counted_as_telegram_does(text, length):
    """UTF-16 units of what is read, without the marks of the HTML."""
    assert f": {length} dari 4096 karakter" in preview(Reply(Decision.ANSWER, text), says)
