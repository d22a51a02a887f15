"""Pages of a long list: where they are cut, and what leads from one to the next."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.model import Choice, Decision, Reply
from handlers.pages import LONGEST_PAGE, Turn, cut, draw, turn_in
from handlers.render import Part, render

HEAD = "*Peserta 2018*: 60 tercatat"
LINES = tuple(f"- *Provinsi {number}* (1): Kabupaten Panjang Sekali Namanya {number}" for number in range(60))
NOTE = "Tanda tanya pada 6 nama berarti sumbernya berbeda-beda."
LIST_ID = "daftar;;;2018;"
LONG = Reply(
    Decision.ANSWER,
    "\n".join([HEAD, *LINES, NOTE]),
    actions=(Choice(f"f:{LIST_ID}", "Berkas"),),
    footer="Sumber: A",
    list_id=LIST_ID,
)


def says(key: str, **values: str) -> str:
    return " ".join([key, *values.values()])


def buttons(part: Part) -> list[list[tuple[str, str]]]:
    rows = part.keyboard.inline_keyboard if part.keyboard else ()
    return [[(button.text, str(button.callback_data)) for button in row] for row in rows]


CUTS = [
    ("fits", "H\na\nb", 5, ("H\na\nb",)),
    ("one too long", "H\na\nb", 4, ("H\na", "H\nb")),
    ("pages of similar length", "H\na\nb\nc\nd", 7, ("H\na\nb", "H\nc\nd")),
    ("a line that fits on a page stays whole", "H\naa bb\ncc dd", 7, ("H\naa bb", "H\ncc dd")),
    ("a line longer than a page is cut between words", "H\naa bb cc", 7, ("H\naa bb", "H\ncc")),
    ("a word longer than a page is cut", "H\naaabbb", 5, ("H\naaa", "H\nbbb")),
    ("a long first line is not repeated", "Heading\nbb\ncc\ndd", 10, ("Heading", "bb\ncc\ndd")),
    ("blank lines alone make no page", "a\n\n\n\n\n\n\nb", 4, ("a\nb",)),
    ("nothing but blanks", " " * 20, 5, ()),
]


@pytest.mark.parametrize(("text", "longest", "pages"), [pytest.param(*row[1:], id=row[0]) for row in CUTS])
def test_cut(text: str, longest: int, pages: tuple[str, ...]) -> None:
    """Pages end where lines end, and each begins with the first line of the list."""
    assert cut(text, longest) == pages


@settings(max_examples=80, deadline=None)
@given(lines=st.lists(st.text("ab *", max_size=60), min_size=1, max_size=40), longest=st.integers(80, 400))
def test_no_line_is_lost(lines: list[str], longest: int) -> None:
    """Every page fits, begins with the head, and together they hold each line once, in order."""
    pages = cut("\n".join(["Judul", *lines]), longest)
    assert all(len(page) <= longest for page in pages)
    assert all(page.startswith("Judul\n") for page in pages)
    shown = [line for page in pages for line in page.split("\n")[1:]]
    assert [line for line in shown if line.strip()] == [line for line in lines if line.strip()]


@settings(max_examples=80, deadline=None)
@given(text=st.text("abc \n😀", max_size=400), longest=st.integers(3, 60))
def test_no_word_is_lost(text: str, longest: int) -> None:
    """Whatever the text is, no page is too long, and without the repeated head the pages say what it says."""
    pages = cut(text, longest)
    head = text.partition("\n")[0]
    repeated = len(text) > longest and 0 < len(head) <= longest // 2
    again = len("".join(head.split()))
    said = "".join("".join(page.split())[again if repeated and number else 0 :] for number, page in enumerate(pages))
    assert all(len(page) <= longest for page in pages)
    assert said == ("".join(text.split()) if pages else "")
    assert pages or not text.strip()


def test_pages_of_a_list() -> None:
    """The first page leads on, the last one back, those between both ways; the reply's own buttons stay below."""
    drawn = [draw(LONG, page, says) for page in (1, 2, 3, 4)]
    forth, back = "tombol_berikutnya", "tombol_sebelumnya"
    own = [("Berkas", f"f:{LIST_ID}")]
    assert [buttons(part) for part in drawn if part] == [
        [[(forth, "p:2:daftar;;;2018;")], own],
        [[(back, "p:1:daftar;;;2018;"), (forth, "p:3:daftar;;;2018;")], own],
        [[(back, "p:2:daftar;;;2018;"), (forth, "p:4:daftar;;;2018;")], own],
        [[(back, "p:3:daftar;;;2018;")], own],
    ]
    for number, part in enumerate(drawn, 1):
        assert part is not None
        assert part.html.startswith("<b>Peserta 2018</b>: 60 tercatat\n- <b>Provinsi")
        assert part.html.endswith(f"\n\nhalaman {number} 4\n\n<i>Sumber: A</i>")
        assert (NOTE in part.html) == (number == 4)


def test_short_list() -> None:
    """A list that fits on a page looks like any other reply."""
    short = Reply(Decision.ANSWER, f"{HEAD}\n{NOTE}", actions=LONG.actions, footer="Sumber: A", list_id=LIST_ID)
    assert (draw(short, 1, says),) == render(short)


def with_id(list_id: str, text: str = LONG.text, footer: str = "") -> Reply:
    return Reply(Decision.ANSWER, text, list_id=list_id, footer=footer)


LONGEST_ID = "x" * (64 - len("p:4:"))


@pytest.mark.parametrize(
    ("reply", "page", "drawn"),
    [
        pytest.param(with_id(LONGEST_ID), 1, True, id="id just fits"),
        pytest.param(with_id(LONGEST_ID + "x"), 1, False, id="id too long for a button"),
        pytest.param(with_id(LONGEST_ID + "x", HEAD), 1, True, id="id too long, but no button needed"),
        pytest.param(with_id(""), 1, False, id="no list"),
        pytest.param(with_id(LIST_ID), 0, False, id="page before the first"),
        pytest.param(with_id(LIST_ID), 5, False, id="page after the last"),
        pytest.param(with_id(LIST_ID, HEAD), 2, False, id="second page of a short list"),
        pytest.param(with_id(LIST_ID, ""), 1, False, id="nothing"),
        pytest.param(with_id(LIST_ID, footer="x" * 4096), 1, False, id="a page that fits into no message"),
    ],
)
def test_what_can_be_drawn(reply: Reply, page: int, drawn: bool) -> None:
    """A page is drawn only where there is one, and where its buttons can work."""
    assert (draw(reply, page, says) is not None) is drawn


@pytest.mark.parametrize("turn", [Turn(1, LIST_ID), Turn(999, "daftar;;35,36;2018,2019;kota"), Turn(2, "a:b")])
def test_turn(turn: Turn) -> None:
    """What a button carries is read as it was written."""
    assert turn_in(turn.data) == turn


@pytest.mark.parametrize(
    "data", ["", "p:", "p::x", "p:0:x", "p:-1:x", "p:1000:x", "p:²:x", "p:2:", "p:2", "w:2:x", "p:2:\n"]
)
def test_forged_turn(data: str) -> None:
    """Anything else is no turn."""
    assert turn_in(data) is None


def test_a_page_is_read_without_much_scrolling() -> None:
    """A page with its source stays far below what one message can hold."""
    assert 1_000 <= LONGEST_PAGE <= 1_500
