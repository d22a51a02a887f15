"""Rendering: every reply becomes HTML that Telegram accepts, in parts that fit, without losing a word."""

from __future__ import annotations

import re

import pytest
from fake_telegram import LONGEST_TEXT, parse_html, utf16
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.dialogue.mind import Mind
from bot.messages import MESSAGES
from bot.model import Choice, Decision, Reply
from handlers.presses import owned
from handlers.render import Part, render, shortened


def reply(text: str = "", *, footer: str = "", quote: str = "", short: str = "") -> Reply:
    return Reply(Decision.ANSWER, text, footer=footer, quote=quote, short=short)


def words(text: str) -> str:
    """The text without blanks, and without the stars that bold may eat."""
    return re.sub(r"[\s*\0]", "", text)


HTML = [
    ("plain", "Syaratnya dua.", "Syaratnya dua."),
    ("escaping", 'a < b & c > "d"', 'a &lt; b &amp; c &gt; "d"'),
    ("a tag is text", "<b>x</b>", "&lt;b&gt;x&lt;/b&gt;"),
    ("an entity is text", "&lt;", "&amp;lt;"),
    ("bold", "*Peserta 2018*: 50", "<b>Peserta 2018</b>: 50"),
    ("bold with markup inside", "*a & b*", "<b>a &amp; b</b>"),
    ("two bold words", "*a* dan *b*", "<b>a</b> dan <b>b</b>"),
    ("a bold line among lines", "- *a*\n- b", "- <b>a</b>\n- b"),
    ("bold over a line end stays", "*a\nb*", "*a\nb*"),
    ("a single star stays", "harga* naik", "harga* naik"),
    ("multiplication stays", "2 * 3 * 4", "2 * 3 * 4"),
    ("stars inside a word stay", "a*b*c", "a*b*c"),
    ("an empty pair stays", "** a **", "** a **"),
    ("stars inside an address stay", "https://a.id/*b*/c", "https://a.id/*b*/c"),
    ("bold around an address", "*lihat https://a.id/x.*", "<b>lihat https://a.id/x.</b>"),
    ("a star in an address ends no bold", "*a https://a.id/b*c d*", "<b>a https://a.id/b*c d</b>"),
    ("an address with &", "https://a.id/?a=1&b=2", "https://a.id/?a=1&amp;b=2"),
    ("paragraphs", "a\n\nb", "a\n\nb"),
    ("edges", "\n\n a \n", "a"),
]


@pytest.mark.parametrize(("text", "html"), [pytest.param(t, h, id=name) for name, t, h in HTML])
def test_html(text: str, html: str) -> None:
    """The text as staff wrote it, with *tebal* in bold and everything else as it stands."""
    assert render(reply(text)) == (Part(html),)
    parse_html(html)


def test_blocks() -> None:
    """Text, folded quote and source stand in this order, with blank lines between."""
    (part,) = render(reply("Jawab.", quote="Pasal *1*\nayat <2>", footer="Sumber: *A* & B"))
    assert part.html == (
        "Jawab.\n\n<blockquote expandable>Pasal <b>1</b>\nayat &lt;2&gt;</blockquote>\n\n<i>Sumber: *A* &amp; B</i>"
    )


def test_brief() -> None:
    """The short version is taken where there is one."""
    assert render(reply("panjang", short="pendek"), brief=True)[0].html == "pendek"
    assert render(reply("panjang"), brief=True)[0].html == "panjang"
    assert render(reply("panjang", short="pendek"))[0].html == "panjang"


def test_nothing_to_say() -> None:
    """A reply without text makes no message."""
    assert render(reply(" \n ")) == ()


FILLER = "kata " * 400  # 2,000 characters
SPLITS = [
    ("paragraph", [f"{FILLER}a.", f"{FILLER}b.", f"{FILLER}c."], "\n\n", 2),
    ("line", [f"{FILLER}a.", f"{FILLER}b.", f"{FILLER}c."], "\n", 2),
    ("word", ["kata"] * 1600, " ", 2),
    ("heading stays with its list", ["Judul", "", *["- butir"] * 900], "\n", 2),
]


@pytest.mark.parametrize(("pieces", "seam", "count"), [pytest.param(*row[1:], id=row[0]) for row in SPLITS])
def test_seams(pieces: list[str], seam: str, count: int) -> None:
    """A long text is split at the best seam, and none of its pieces is cut."""
    parts = render(reply(seam.join(pieces)))
    assert len(parts) == count
    split = [piece for part in parts for piece in part.html.split(seam)]
    assert [piece.strip() for piece in split] == [piece.strip() for piece in pieces]
    assert utf16(parts[0].html) > LONGEST_TEXT / 2


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("x" * 10_000, id="one long word"),
        pytest.param("😀" * 5_000, id="characters of two code units"),
        pytest.param("x" * 4095 + "😀y", id="a pair at the limit"),
        pytest.param("*" + "tebal " * 1_500 + "tebal*", id="bold over the limit"),
        pytest.param("&<>" * 2_000, id="markup at the limit"),
        pytest.param(" " * 5_000 + "x" + " " * 5_000 + "y", id="blanks"),
    ],
)
def test_limits(text: str) -> None:
    """Every part is valid by itself, fits, and together they say everything."""
    parts = [parse_html(part.html)[0] for part in render(reply(text))]
    assert all(1 <= utf16(part) <= LONGEST_TEXT for part in parts)
    assert words("".join(parts)) == words(text)


def test_exactly_full() -> None:
    """4096 characters are one message, one more makes two."""
    assert [len(render(reply("x" * length))) for length in (4096, 4097)] == [1, 2]


def test_keyboard_under_the_last_part() -> None:
    """The buttons hang where the reading ends."""
    long = Reply(Decision.CLARIFY, "kata " * 2_000, choices=(Choice("e:a", "A"),), actions=(Choice("h:1", "B"),))
    parts = render(long)
    assert [part.keyboard is not None for part in parts] == [False, False, True]
    keyboard = parts[-1].keyboard
    assert keyboard is not None
    assert [[(b.text, b.callback_data) for b in row] for row in keyboard.inline_keyboard] == [
        [("A", "e:a")],
        [("B", "h:1")],
    ]


def test_at_most_100_buttons() -> None:
    """Telegram refuses more."""
    many = Reply(Decision.CLARIFY, "pilih", choices=tuple(Choice(f"e:{n}", str(n)) for n in range(120)))
    keyboard = render(many)[0].keyboard
    assert keyboard is not None
    assert len(keyboard.inline_keyboard) == 100


SCRAPS = ["kata", "*", "*tebal*", "<b>", "&", "</i>", "&amp;", "https://a.id/*x*", "😀", "\n", "\n\n", " ", "- "]
PROSE = st.lists(st.sampled_from(SCRAPS) | st.text(max_size=8), max_size=60).map("".join)


@settings(max_examples=150, deadline=None)
@given(text=PROSE, quote=PROSE, footer=PROSE, repeat=st.sampled_from([1, 1, 40]))
def test_any_reply(text: str, quote: str, footer: str, repeat: int) -> None:
    """Whatever is written, Telegram can parse it, each part fits, and no word is lost."""
    told = reply(text * repeat, quote=quote, footer=footer)
    parts = [parse_html(part.html)[0] for part in render(told)]
    assert all(part and utf16(part) <= LONGEST_TEXT for part in parts)
    assert words("".join(parts)) == words(told.text + told.quote + told.footer)


@pytest.mark.parametrize("key", MESSAGES)
def test_every_sentence_is_drawn(mind: Mind, key: str) -> None:
    """Every sentence of the bot, whatever stands in its placeholders, is one message that Telegram can parse."""
    said = mind.says(key, **dict.fromkeys(MESSAGES[key], "<i>Siak</i> & *Lahat*"))
    (part,) = render(reply(said))
    text = parse_html(part.html)[0]
    assert words(text) == words(said)
    assert "{" not in text


LIMITS = [  # characters that Telegram shows there
    ("tombol_kedaluwarsa", 200),
    ("tombol_orang_lain", 200),
    ("nilai_membantu", 200),
    ("nilai_tidak_membantu", 200),
    ("deskripsi_singkat", 120),
    ("deskripsi", 512),
    ("tombol_chat_pribadi", 64),
]


@pytest.mark.parametrize(("key", "longest"), LIMITS)
def test_sentences_fit_where_they_are_shown(mind: Mind, key: str, longest: int) -> None:
    """Toasts, descriptions and the button above inline results have limits of their own."""
    assert 1 <= len(mind.knowledge.messages[key]) <= longest


def test_rows() -> None:
    """From top to bottom: navigation, choices, offers, links, the reference, thumbs; a question back has an owner."""
    asked = Reply(
        Decision.CLARIFY,
        "Yang mana?",
        choices=(Choice("e:a", "A"),),
        actions=(Choice("h:1", "B"),),
        reference="Sumber",
        question_id=7,
        ratable=True,
    )
    navigation = (Choice("p:1:x", "<"), Choice("p:3:x", ">"))
    (part,) = render(asked, navigation=navigation, copy_label="Salin", owner="101", links=(("Buka", "https://a.id"),))
    assert part.keyboard is not None
    assert [[button.callback_data or button.text for button in row] for row in part.keyboard.inline_keyboard] == [
        ["p:1:x", "p:3:x"],
        [owned("e:a", "101")],
        ["h:1"],
        ["Buka"],
        ["Salin"],
        [owned("+:7", "101"), owned("-:7", "101")],
    ]


@settings(max_examples=150, deadline=None)
@given(text=PROSE, longest=st.integers(10, 200))
def test_shortened(text: str, longest: int) -> None:
    """A beginning of the text that fits, and the whole where it fits."""
    short = shortened(text, longest)
    assert len(short) <= longest
    assert short == text.strip() or (short.endswith("…") and text.strip().startswith(short[:-1].rstrip()))
