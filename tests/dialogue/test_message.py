"""A whole message: greetings around a question, and several questions at once."""

from __future__ import annotations

import pytest

from bot.dialogue.message import MOST_QUESTIONS, read_message
from bot.dialogue.mind import Mind
from bot.dialogue.model import AnswerEntry, AskTable, AskWhichRegion, Context, Decline, SetRegion


def queries(text: str, mind: Mind) -> list[str]:
    return [o.query.encode() for o in read_message(text, Context(), mind, None) if isinstance(o, AskTable)]


@pytest.mark.parametrize(
    "text",
    [
        "apakah lamongan masuk 2018",
        "Selamat pagi. Apakah Lamongan masuk 2018?",
        "apakah lamongan masuk 2018? terima kasih",
        "Selamat siang Bapak/Ibu.\nApakah Lamongan masuk 2018?\nTerima kasih.",
    ],
)
def test_greetings_and_thanks_around_a_question_are_left_aside(mind: Mind, text: str) -> None:
    assert queries(text, mind) == ["anggota;35.24;;2018;"]


def test_a_courtesy_is_no_question(mind: Mind) -> None:
    """ "waktunya" in a courtesy asks for no date, however near a phrasing with that word is."""
    asked = "Mohon izin mengganggu waktunya. apakah lamongan masuk 2018? Atas perhatiannya kami ucapkan terima kasih."
    assert queries(asked, mind) == ["anggota;35.24;;2018;"]
    assert len(read_message(asked, Context(), mind, None)) == 1


def test_several_questions_are_read_in_their_order(mind: Mind) -> None:
    asked = "apakah lamongan masuk 2018? daftar peserta 2019? apakah siak masuk 2017?"
    assert queries(asked, mind) == ["anggota;35.24;;2018;", "daftar;;;2019;", "anggota;14.08;;2017;"]


def test_the_same_question_twice_is_one(mind: Mind) -> None:
    assert queries("apakah lamongan masuk 2018? lamongan masuk 2018?", mind) == ["anggota;35.24;;2018;"]


def test_no_more_than_three_questions_are_read(mind: Mind) -> None:
    asked = "? ".join(f"apakah {name} masuk 2018" for name in ("lamongan", "siak", "sleman", "bantul", "tuban"))
    assert queries(asked, mind) == ["anggota;35.24;;2018;", "anggota;14.08;;2018;", "anggota;34.04;;2018;"]


def test_a_year_said_once_holds_for_all_parts(mind: Mind) -> None:
    assert queries("apakah lamongan masuk? apakah siak masuk 2018?", mind) == [
        "anggota;35.24;;2018;",
        "anggota;14.08;;2018;",
    ]


def test_an_ambiguous_part_is_one_of_the_questions(mind: Mind) -> None:
    first, second = read_message("apakah bandung masuk 2018? daftar peserta 2019?", Context(), mind, None)
    assert isinstance(first, AskWhichRegion)
    assert first.candidates == ("32.04", "32.73")
    assert isinstance(second, AskTable)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("lamongan masuk tahun berapa sama daftar peserta 2019 apa saja", ["anggota;35.24;;;", "daftar;;;2019;"]),
        ("lamongan thn brp trs siak masuk tahun berapa", ["anggota;35.24;;;", "anggota;14.08;;;"]),
        ("klaten, sleman, sama siak udah ikut semua?", ["anggota;33.10,34.04,14.08;;;"]),
        ("apa beda angkatan lamongan dan siak tahun berapa", ["anggota;35.24,14.08;;;"]),
        ("lamongan dan siak tahun berapa", ["anggota;35.24,14.08;;;"]),
    ],
)
def test_questions_in_a_row_need_no_sign_between_them(mind: Mind, text: str, wanted: list[str]) -> None:
    assert queries(text, mind) == wanted


def test_whoever_introduces_themselves_is_not_only_remembered(mind: Mind) -> None:
    asked = "saya dari bappeda kab wajo. kami diminta menyusun anggaran, komponen apa saja yang harus kami siapkan?"
    (outcome,) = read_message(asked, Context(), mind, None)
    assert not isinstance(outcome, SetRegion)
    (outcome,) = read_message("saya dari bappeda kab wajo", Context(), mind, None)
    assert isinstance(outcome, SetRegion)


def test_what_is_only_told_is_no_question(mind: Mind) -> None:
    assert queries("peserta 2019 siapa saja? saya dari lamongan nih", mind) == ["daftar;;;2019;"]
    assert queries("saya dari lamongan. apakah ikut 2018?", mind) == ["anggota;35.24;;2018;"]


@pytest.mark.parametrize("text", ["", "???", "🦖", "asdf qwer? zxcv hjkl"])
def test_a_message_without_a_question_is_declined(mind: Mind, text: str) -> None:
    (outcome,) = read_message(text, Context(), mind, None)
    assert isinstance(outcome, Decline)


@pytest.mark.parametrize(("sign", "entry"), [("👍", "siap-noted"), ("🙏🙏", "terima-kasih"), (" 😊 ", "siap-noted")])
def test_a_sign_stands_for_a_word(mind: Mind, sign: str, entry: str) -> None:
    (outcome,) = read_message(sign, Context(), mind, None)
    assert isinstance(outcome, AnswerEntry)
    assert outcome.entry == entry


def entries(text: str, mind: Mind) -> list[str]:
    found = read_message(text, Context(), mind, None)
    return [o.entry if isinstance(o, AnswerEntry) else type(o).__name__ for o in found]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("apa syaratnya dan siapa asesornya", ["syarat-seleksi", "asesor-seleksi"]),
        ("apa dasar hukum dan siapa penyelenggaranya", ["dasar-hukum", "lembaga-penyelenggara"]),
        ("apakah kabupaten dan kota boleh ikut", ["kabupaten-atau-kota"]),
        ("berapa lama bimtek sama seleksi harus dijalani", ["jarak-lama-bimtek"]),
        ("Langkah pertama sudah kami lakukan. Berapa biaya pendaftaran?", ["biaya-pendaftaran"]),
        ("lamongan ikut 2018. siapa asesornya?", ["asesor-seleksi"]),
        ("saya dari lamongan, mau tanya siapa asesornya", ["asesor-seleksi"]),
        ("saya dari papua. provinsi mana yang paling banyak?", ["AskTable"]),
        ("gimana kota bekasi itu bang, kapan masuknya", ["AskTable"]),
        ("syarat seleksi apa aja trus kota kediri udah ikut blm", ["syarat-seleksi", "AskTable"]),
        ("data apa yg dibawa saat bimtek? terus siapa yg hadir?", ["data-bimtek", "peserta-bimtek"]),
        ("siapa yg hadir saat bimtek, bisa lewat zoom ga", ["peserta-bimtek", "bimtek-daring"]),
        ("responden survei dampak harus berapa & siapa asesornya", ["responden-survei-dampak", "asesor-seleksi"]),
        ("saya staf baru di lamongan. kami ini masuk angkatan berapa ya", ["AskTable"]),
        ("Selamat malam, perkenalkan saya Yuni dari Bappeda", ["salam"]),
        ("Selamat pagi. BPJS saya tidak aktif", ["Decline"]),
        ("Selamat pagi. Minta nomor bu Rini.", ["Decline"]),
        ("saya dari Sleman. Kapan hasil asesmen masuk ke kami?", ["pemberitahuan-hasil"]),
        ("Saya dari Kabupaten Garut. Akun kami sudah terdaftar belum di aplikasi evaluasi?", ["aplikasi-evaluasi"]),
        ("jadwal asesmen kapan", ["jadwal-asesmen"]),
    ],
)
def test_what_is_asked_is_answered_and_no_more(mind: Mind, text: str, wanted: list[str]) -> None:
    assert entries(text, mind) == wanted


@pytest.mark.parametrize("text", ["syaratnya apa sama " * 70, "apa dan " * 180, "x? " * 500, "dan\n" * 375])
def test_a_message_of_nothing_but_joints_comes_to_an_end(mind: Mind, text: str) -> None:
    """Each joint tried on its own would double the work: twelve of them took 20 s."""
    assert len(read_message(text + "syaratnya apa", Context(), mind, None)) <= MOST_QUESTIONS


@pytest.mark.parametrize("text", ["Selamat pagi. terima kasih", "halo! pagi min", "terima kasih. selamat siang."])
def test_nothing_but_courtesies_is_answered_with_one(mind: Mind, text: str) -> None:
    (entry,) = entries(text, mind)
    assert entry in mind.small_talk
