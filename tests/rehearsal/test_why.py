"""Explanations: what was read, what carried it, the cuts and the decision, the same bytes every time."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest
from command_line import bot

from bot.dialogue.interpret import interpret
from bot.dialogue.mind import Mind
from bot.dialogue.turn import LONGEST
from bot.language.calibration import Cuts
from bot.rehearsal.why import SHOWN, carriers, why

TODAY = date(2026, 11, 21)
MEMBERSHIP = "apakah lamongan masuk 2018"


def explained(text: str, mind: Mind, *before: str) -> str:
    return why(text, mind, TODAY, before)


@pytest.mark.parametrize(
    ("before", "text", "line"),
    [
        ((), "syarat seleksinya apa aja min?", "  Dibaca: syarat seleksinya apa saja admin"),
        ((), "syrat seleksi apa saja", "  Ejaan diperbaiki: syrat → syarat"),
        ((), "apa syarat seleksi", "  Ejaan diperbaiki: tidak ada"),
        ((), "syarat zzqqw xyxyx", "  Kata yang dikenal: 33%"),
        ((), "?!", "  Dibaca: (tidak ada kata)"),
        ((), MEMBERSHIP, "  Dibaca: apakah <daerah> masuk <tahun> 2018"),
        ((), MEMBERSHIP, '  Tempat: "lamongan" = Kabupaten Lamongan'),
        ((), "apakah lamngan masuk 2018", '  Tempat: "lamngan" = Kabupaten Lamongan (salah ketik diperbaiki)'),
        ((), "malang ikut?", '  Tempat: "malang" = Kabupaten Malang atau Kota Malang'),
        ((), "ikn ikut ga", '  Tempat: "ikn" = bukan kabupaten/kota'),
        ((), "apa itu batu", '  Tempat: "batu" = Kota Batu (mungkin kata biasa, dibaca sebagai tempat)'),
        ((), "masuk 2018 dan 2019", "  Tahun: 2018, 2019"),
        ((), "bimtek III ngapain aja", "  Nomor: 3"),
        ((), "peserta 2018 kota saja", "  Hanya: kota"),
        ((), "daerah saya ikut?", "  Disebut: daerah saya"),
        ((), "selamat pagi. syarat seleksinya apa?", "Disisihkan sebagai sapaan: selamat pagi"),
        ((MEMBERSHIP,), "kalau 2019?", f"Sebelumnya: {MEMBERSHIP}"),
        (("daerah saya lamongan",), "daerah saya ikut?", "Daerah penanya: Kabupaten Lamongan"),
        (("daerah saya lamongan", "halo"), "daerah saya ikut?", "Daerah penanya: Kabupaten Lamongan"),
        (("malang 2018",), "2", "Keputusan: memilih yang ditawarkan sebelumnya, Kota Malang"),
    ],
)
def test_what_was_read_is_told(mind: Mind, before: tuple[str, ...], text: str, line: str) -> None:
    assert line in explained(text, mind, *before).splitlines()


@pytest.mark.parametrize(
    ("before", "text", "decision"),
    [
        ((), "syarat seleksinya apa aja min?", 'menjawab dengan syarat-seleksi "'),
        ((), MEMBERSHIP, "menjawab dari tabel, Keikutsertaan Kabupaten Lamongan (Kabupaten Lamongan; 2018)"),
        (
            (MEMBERSHIP,),
            "kalau 2019?",
            "menjawab dari tabel, Keikutsertaan Kabupaten Lamongan (Kabupaten Lamongan; 2019)",
        ),
        ((), "malang ikut?", "menanyakan daerahnya: Kabupaten Malang | Kota Malang"),
        ((), "daerah saya ikut?", "menanyakan daerahnya: belum disebut"),
        ((), "2019", "menanyakan apanya dari tahun 2019"),
        ((), "daerah saya lamongan", "mencatat daerah penanya, Kabupaten Lamongan"),
        ((), "saya dari siak", "menawarkan mencatat daerah penanya, Kabupaten Siak"),
        (("syarat seleksinya apa?",), "sumbernya apa", "pertanyaan tentang jawaban terakhir, sumber"),
        ((), "ktp saya hilang, ngurusnya di mana", "menolak, di luar topik: "),
        ((), "zzz qqq www", "menolak, terlalu sedikit kata yang dikenal"),
    ],
)
def test_the_decision_is_told_in_words(mind: Mind, before: tuple[str, ...], text: str, decision: str) -> None:
    assert f"\nKeputusan: {decision}" in explained(text, mind, *before)


def test_choices_are_told_where_nothing_is_sure_enough(mind: Mind) -> None:
    unsure = replace(mind, cuts=Cuts(9.0, -9.0))
    told = explained("syarat ikut seleksi kota cerdas", unsure)
    assert "\nKeputusan: menawarkan syarat-seleksi " in told
    assert re.search(r"\nBalasan: bertanya balik \(syarat-seleksi.*\), pilihan: ", told)


def test_each_question_of_a_message_is_explained(mind: Mind) -> None:
    told = explained("syaratnya apa aja min, trs program ini dr taun brp sih", mind)
    assert "\nBagian 1: syaratnya apa aja min\n" in told
    assert "\nBagian 2: trs program ini dr taun brp sih\n" in told
    assert "\nSeluruh pesan: " in told
    assert told.count("\nKeputusan: ") == 2


def test_what_the_person_gets_is_told_where_it_differs_from_the_decision(mind: Mind) -> None:
    """An answer that has expired is found, and yet not told."""
    entries = dict(mind.knowledge.entries)
    entries["syarat-seleksi"] = replace(entries["syarat-seleksi"], valid_until=date(2020, 1, 1))
    old = replace(mind, knowledge=replace(mind.knowledge, entries=entries))
    told = explained("syarat seleksinya apa aja min?", old)
    assert '\nKeputusan: menjawab dengan syarat-seleksi "' in told
    assert "\nBalasan: menolak (syarat-seleksi)\n" in told


def test_a_message_that_is_too_long_is_not_read(mind: Mind) -> None:
    assert "tidak dibaca" in explained("syarat " * LONGEST, mind)


def test_the_best_candidates_come_with_scores_and_phrasings(mind: Mind) -> None:
    told = explained("syarat seleksinya apa aja min?", mind)
    candidates = interpret("syarat seleksinya apa aja min?", mind).ranking.candidates[:SHOWN]
    assert len(candidates) == SHOWN
    for number, candidate in enumerate(candidates, 1):
        name = re.escape(candidate.label[1:])
        values = rf"nilai {candidate.standing:.3f} \(skor {candidate.score:.3f}, "
        assert re.search(rf"  {number}\. .*{name}.*: {values}", told)
        assert f'lewat "{candidate.utterance}" (mirip {candidate.cosine:.2f}' in told


def test_labels_that_may_not_stand_for_the_message_are_told(mind: Mind) -> None:
    """A greeting inside a question comes close, and is left aside."""
    told = explained("halo min selamat pagi syarat seleksi", mind)
    assert re.search(r'Disisihkan, pesan ini bukan itu saja: \S+ "Salam', told)


@pytest.mark.parametrize(
    ("cuts", "answer", "decline"),
    [
        (Cuts(-9.0, -9.0), "tercapai", "tercapai"),
        (Cuts(9.0, -9.0), "tidak tercapai", "tercapai"),
        (Cuts(9.0, 9.0), "tidak tercapai", "tidak tercapai"),
    ],
)
def test_the_cuts_are_told_with_whether_they_are_reached(mind: Mind, cuts: Cuts, answer: str, decline: str) -> None:
    told = explained("syarat seleksinya apa?", replace(mind, cuts=cuts)).splitlines()
    assert f"  Ambang jawab: keyakinan {cuts.answer:.3f}, {answer}" in told
    assert f"  Ambang tolak: kecocokan {cuts.decline:.3f}, {decline}" in told
    assert "  Ambang dipelajari dari rumusan pertanyaan entri" in told


def test_an_entry_with_a_cut_of_its_own_is_measured_by_it(mind: Mind) -> None:
    entries = dict(mind.knowledge.entries)
    entries["syarat-seleksi"] = replace(entries["syarat-seleksi"], threshold=0.999)
    strict = replace(mind, knowledge=replace(mind.knowledge, entries=entries), cuts=Cuts(-9.0, -9.0))
    told = explained("syarat ikut seleksi kota cerdas", strict)
    assert "  Ambang entri ini sendiri, sebagai gantinya: skor 0.999, tidak tercapai" in told.splitlines()


# --- what carried a phrasing ----------------------------------------------------------------------------------------


def carried(text: str, mind: Mind, place: int = 0) -> dict[str, float]:
    ranking = interpret(text, mind).ranking
    return dict(carriers(ranking, ranking.candidates[place], mind))


def test_words_that_the_phrasing_has_carry_it(mind: Mind) -> None:
    found = carried("berapa kali bimtek diadakan", mind)
    assert next(iter(found)) in {"bimtek", "kali", "diadakan"}
    assert list(found.values()) == sorted(found.values(), reverse=True)


def test_a_misspelt_word_carries_under_the_name_that_it_was_repaired_to(mind: Mind) -> None:
    assert "syarat" in carried("syrat seleksi", mind)


QUESTIONS = [
    "syarat seleksinya apa aja min?",
    "syrat seleksi yg brp",
    "apakah lamongan masuk 2018",
    "apa apa apa itu smart city smart city",
    "bimtek bimtek",
    "masterplan itu buat apaan sih kak",
]


@pytest.mark.parametrize("text", QUESTIONS)
@pytest.mark.parametrize("place", [0, 1, 4])
def test_words_and_pairs_together_are_the_likeness(mind: Mind, text: str, place: int) -> None:
    """Nothing that makes a phrasing like the question is left unnamed, but for what is too small to name."""
    candidate = interpret(text, mind).ranking.candidates[place]
    assert sum(carried(text, mind, place).values()) == pytest.approx(candidate.cosine, abs=0.05)


def test_nothing_carries_a_phrasing_that_has_nothing_of_the_question(mind: Mind) -> None:
    assert carried("?", mind) == {}


# --- whatever is asked ----------------------------------------------------------------------------------------------


def test_every_test_question_is_explained(mind: Mind) -> None:
    """Every 50th of them: it is read, decided and replied to, and names the version it was explained with."""
    for rehearsal in mind.knowledge.rehearsals[::50]:
        *before, last = (turn.question for turn in rehearsal.turns)
        told = explained(last, mind, *before)
        assert f"\nVersi basis pengetahuan: {mind.knowledge.version}\n" in told
        assert re.search(r"\nKeputusan: .+\n(.+\n)*Balasan: .+", told), last


def test_two_processes_give_the_same_bytes(mind: Mind) -> None:
    """Whatever order sets of strings have in them."""
    asked = ("why", "--after", MEMBERSHIP, "kalau lahat?", "syrat", "seleksi")
    one, other = (bot(*asked, PYTHONHASHSEED=seed) for seed in ("1", "2"))
    assert one.returncode == 0, one.stderr.decode()
    assert one.stdout == other.stdout
    assert "Pertanyaan: kalau lahat? syrat seleksi" in one.stdout.decode()
    assert "syrat → syarat" in one.stdout.decode()
