"""Messages that go on with the last answer."""

from __future__ import annotations

import pytest

from bot.dialogue.following import following, goes_on
from bot.dialogue.interpret import interpret
from bot.dialogue.message import read_message
from bot.dialogue.mind import Mind
from bot.dialogue.model import AnswerEntry, Context


def meant(text: str, last: str, mind: Mind) -> str:
    (outcome,) = read_message(text, Context(entry=last), mind, None)
    return outcome.entry if isinstance(outcome, AnswerEntry) else type(outcome).__name__


@pytest.mark.parametrize(
    ("last", "text", "entry"),
    [
        ("penerima-penghargaan", "kalau economy?", "penerima-penghargaan"),
        ("penerima-penghargaan", "environment?", "penerima-penghargaan"),
        ("undangan-dan-terpilih", "yang lolos?", "undangan-dan-terpilih"),
        ("subdimensi-economy", "kalau living?", "subdimensi-living"),
        ("subdimensi-economy", "branding?", "subdimensi-branding"),
        ("pengertian-quick-win", "contohnya?", "contoh-quick-win"),
        ("asesmen-daring", "eh maksud saya bimtek", "bimtek-daring"),
    ],
)
def test_a_short_message_is_read_with_the_last_answer(mind: Mind, last: str, text: str, entry: str) -> None:
    assert meant(text, last, mind) == entry


@pytest.mark.parametrize(
    ("last", "text", "entry"),
    [
        ("pengertian-quick-win", "siapa saja asesornya?", "asesor-seleksi"),
        ("penerima-penghargaan", "quick win itu apa", "pengertian-quick-win"),
        ("penerima-penghargaan", "terima kasih", "terima-kasih"),
        ("pengertian-quick-win", "apa itu quick win?", "pengertian-quick-win"),
        ("pengertian-quick-win", "syarat seleksinya apa aja min?", "syarat-seleksi"),
    ],
)
def test_a_question_of_its_own_is_not(mind: Mind, last: str, text: str, entry: str) -> None:
    assert meant(text, last, mind) == entry


@pytest.mark.parametrize(
    ("last", "text", "entry"),
    [
        ("syarat-seleksi", "kalau daerah miskin?", "fiskal-rendah"),
        ("penerima-penghargaan", "yg economy siapa?", "penerima-penghargaan"),
        ("penandatanganan-mou", "tempatnya?", "penandatanganan-mou"),
        ("penandatanganan-mou", "itu tgl brp pak?", "penandatanganan-mou"),
        ("syarat-seleksi", "kalau belum punya masterplan?", "masterplan-nonpeserta"),
        ("anggaran-ideal", "terus sumber dananya?", "anggaran-pelaksanaan"),
        ("kecamatan-desa", "kalau provinsi?", "provinsi-ikut-program"),
        ("enam-dimensi", "kalau environment", "subdimensi-environment"),
        ("penerima-penghargaan", "terus cara daftarnya gimana", "cara-mendaftar"),
        ("kabupaten-atau-kota", "kalau kuota per provinsi ada ga", "kuota-provinsi"),
    ],
)
def test_the_last_answer_is_not_told_again_where_another_fits(mind: Mind, last: str, text: str, entry: str) -> None:
    assert meant(text, last, mind) == entry


def test_the_year_and_the_number_asked_for_are_those_of_the_message(mind: Mind) -> None:
    (year,) = read_message("kalau economy 2021?", Context(entry="penerima-penghargaan", year=2022), mind, None)
    (number,) = read_message("kalau bimtek 3 isinya apa", Context(entry="jumlah-bimtek"), mind, None)
    assert not isinstance(year, AnswerEntry) or (year.entry, year.year) == ("penerima-penghargaan", 2021)
    assert isinstance(number, AnswerEntry)
    assert (number.entry, number.number) == ("materi-bimtek", 3)


@pytest.mark.parametrize("text", ["kalau economy?", "yang lolos?", "itu kapan?", "biayanya?", "eh maksud saya bimtek"])
def test_nothing_goes_on_where_nothing_was_told(mind: Mind, text: str) -> None:
    question = interpret(text, mind)
    assert goes_on(question)
    assert following(question, Context(), mind) is None


@pytest.mark.parametrize(
    "text", ["apa saja syarat seleksi yang harus dipenuhi kabupaten", "terus siapa yang bayar", ""]
)
def test_a_message_that_says_what_it_asks_does_not_go_on_by_its_form(mind: Mind, text: str) -> None:
    assert not goes_on(interpret(text, mind))
