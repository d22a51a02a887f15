"""A message taken apart."""

from __future__ import annotations

import pytest

from bot.dialogue.interpret import interpret
from bot.dialogue.mind import Mind
from bot.dialogue.parts import MOST_PARTS, read_parts, sides, split


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("apa syaratnya", ("apa syaratnya",)),
        ("apa syaratnya? kapan asesmennya?", ("apa syaratnya?", "kapan asesmennya?")),
        ("apa syaratnya dan kapan asesmennya", ("apa syaratnya", "dan kapan asesmennya")),
        ("apa syaratnya, trs siapa asesornya", ("apa syaratnya", "trs siapa asesornya")),
        ("Selamat pagi.\nApa syaratnya?", ("Selamat pagi", "Apa syaratnya?")),
        ("halo! apa syaratnya", ("halo", "apa syaratnya")),
        ("siak dan lamongan", ("siak dan lamongan",)),
        ("syarat, biaya, jadwal", ("syarat, biaya, jadwal",)),
        ("tgl 8.5.2018", ("tgl 8.5.2018",)),
        ("apa syaratnya? 🙏🙏", ("apa syaratnya?",)),
        ("apa syaratnya, oh iya satu lagi bisa daring", ("apa syaratnya", "oh iya", "satu lagi bisa daring")),
        ("???", ()),
        ("", ()),
    ],
)
def test_a_message_is_split_where_another_question_may_begin(text: str, parts: tuple[str, ...]) -> None:
    assert split(text) == parts


@pytest.mark.parametrize(
    ("text", "content", "told", "aside"),
    [
        ("Selamat pagi. apa syaratnya?", ["apa syaratnya?"], [], ["Selamat pagi"]),
        ("kami baru mulai. apa syaratnya?", ["apa syaratnya?"], ["kami baru mulai"], []),
        ("lamongan ikut 2018. siapa asesornya?", ["siapa asesornya?"], ["lamongan ikut 2018"], []),
        ("Langkah pertama selesai. apa syaratnya?", ["apa syaratnya?"], ["Langkah pertama selesai"], []),
        ("tidak ada balasan apa pun. harus bagaimana?", ["harus bagaimana?"], ["tidak ada balasan apa pun"], []),
        ("toba masuk kan. apa itu quick win", ["toba masuk kan", "apa itu quick win"], [], []),
        ("kami baru mulai", ["kami baru mulai"], [], []),
        ("Selamat pagi. terima kasih", [], [], ["Selamat pagi", "terima kasih"]),
    ],
)
def test_what_asks_is_told_from_what_tells_and_greets(
    mind: Mind, text: str, content: list[str], told: list[str], aside: list[str]
) -> None:
    parts = read_parts(text, mind)
    assert [[part.text for part in some] for some in (parts.content, parts.told, parts.aside)] == [content, told, aside]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("syaratnya apa sama biayanya berapa", [("syaratnya apa", "biayanya berapa")]),
        ("bawa data apa sm bisa zoom aja ga", [("bawa data apa", "bisa zoom aja ga")]),
        ("syaratnya apa trus siak udah ikut blm", [("syaratnya apa", "siak udah ikut blm")]),
        ("namanya apa, dan MoU lama masih berlaku tidak", [("namanya apa", "MoU lama masih berlaku tidak")]),
        ("dimensi apa saja sekalian contoh quick win", [("dimensi apa saja", "contoh quick win")]),
        ("apakah kabupaten dan kota boleh ikut", []),
        ("apakah tuban, lamongan, dan malang ikut tidak", []),
        ("apakah kominfo, bappeda, dan dinas lain harus hadir tidak", []),
        ("boleh pakai APBD, CSR, KPBU atau hibah tidak", []),
        ("data apa yang dibawa, RPJMD, RTRW, atau apa", []),
        ("apa beda dewan dan tim apa saja", []),
        ("smart people sama kayak society apa", []),
        ("syarat dan parameter seleksi apa saja", []),
    ],
)
def test_a_joint_counts_where_both_sides_ask(mind: Mind, text: str, expected: list[tuple[str, str]]) -> None:
    found = sides(interpret(text, mind), mind)
    assert [(first.text, second.text) for first, second in found] == expected


def test_no_more_parts_are_read_than_anybody_asks(mind: Mind) -> None:
    parts = read_parts("apa syaratnya? " * 50, mind)
    assert len(parts.content) + len(parts.told) + len(parts.aside) == MOST_PARTS
