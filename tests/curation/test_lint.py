"""Warnings about what is not wrong but worth a look, each with its place and a suggestion."""

from __future__ import annotations

from pathlib import Path

import pytest
from knowledge_builder import FILES, write_knowledge

from bot.curation.lint import FEWEST_PHRASINGS, lint, matcher_of
from bot.curation.load import load, locate
from bot.model import Problem

WAYS = ("lokasi parkir kantor", "arah ke gedung utama", "denah lantai dua", "peta menuju lobi", "letak mushala")
MORE = ("jalan masuk kendaraan", "gerbang timur", "rute dari stasiun", "halte terdekat", "bus ke sana")


def entry(ident: str, phrasings: tuple[str, ...], answer: str = "Jawaban.", rest: str = "") -> str:
    listed = "".join(f"    - {text}\n" for text in phrasings)
    return (
        f"- id: {ident}\n  judul: Judul {ident}\n  jenis: layanan\n  pertanyaan:\n{listed}"
        f"  jawaban: {answer}\n  diperiksa: 2026-11-21\n{rest}"
    )


def linted(folder: Path, faq: str) -> list[Problem]:
    """The findings in a topic of its own, added to the small knowledge of the tests."""
    topics = FILES["topik"][1] + "- {id: tamu, judul: Tamu}\n"
    write_knowledge(folder, faq_tamu=faq, topik=topics)
    knowledge, problems = load(folder)
    assert knowledge is not None, problems
    return [
        problem
        for problem in lint(knowledge, matcher_of(knowledge), locate(folder))
        if problem.file == "knowledge/faq/tamu.yaml"
    ]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "knowledge"


def test_near_duplicate_names_both_places_and_entries(folder):
    """The later one is reported, and says where the other one is."""
    faq = entry("denah", (*WAYS, "alamat gedung arsip")) + entry(
        "arsip", ("gedung arsip alamatnya di mana ya min", *MORE)
    )
    (problem,) = [found for found in linted(folder, faq) if "hampir sama" in found.message]
    assert problem == Problem(
        "knowledge/faq/tamu.yaml",
        17,
        '"gedung arsip alamatnya di mana ya min" (entri "arsip") hampir sama dengan "alamat gedung arsip" '
        '(entri "denah", knowledge/faq/tamu.yaml:10). Bila maksudnya sama, hapus salah satunya; bila berbeda, '
        "tambahkan kata yang membedakannya",
        warning=True,
    )


def test_many_near_duplicates_of_two_entries_are_one_warning(folder):
    """Two entries that say the same all over are to be merged, not to fill the screen."""
    faq = entry("denah", WAYS) + entry("denah-lama", tuple(f"{text} ya kak" for text in WAYS))
    (problem,) = [found for found in linted(folder, faq) if "hampir sama" in found.message]
    assert problem.message.endswith("Masih ada 4 pasangan mirip di antara keduanya: mungkin lebih baik digabungkan")


def test_phrasings_that_are_read_alike_are_a_mistake(folder):
    """After terms nothing tells them apart, so that one of them is never answered."""
    faq = entry("denah", (*WAYS, "cara masuk gedung arsip bagaimana")) + entry(
        "arsip", ("cara masuk gedung arsip gmn?", *MORE)
    )
    (problem,) = [found for found in linted(folder, faq) if not found.warning]
    assert problem.message == (
        '"cara masuk gedung arsip gmn?" (entri "arsip") dibaca sama persis dengan "cara masuk gedung arsip bagaimana" '
        '(entri "denah", knowledge/faq/tamu.yaml:10). Hapus salah satunya'
    )


def test_phrasing_that_another_entry_takes_is_named(folder):
    """A phrasing that stands alone in its entry tells which entry gets it, and by which of its phrasings."""
    bus = ("jadwal bus kota pagi", "jam bus kota", "bus kota berangkat jam berapa", "bus kota pagi pertama")
    faq = entry("bus", bus) + entry("denah", (*WAYS, *MORE[:4], "bus kota berangkat ke mana"))
    (problem,) = [found for found in linted(folder, faq) if "yang terpilih" in found.message]
    assert problem == Problem(
        "knowledge/faq/tamu.yaml",
        24,
        '"bus kota berangkat ke mana" (entri "denah"): bila ditanyakan dengan kata yang sedikit lain, yang terpilih '
        'entri "bus", karena "bus kota berangkat jam berapa" (knowledge/faq/tamu.yaml:7) lebih dekat. Pindahkan ke '
        'sana, atau tambahkan pertanyaan sejenis di entri "denah"',
        warning=True,
    )


def test_phrasing_that_a_pattern_takes_is_not_to_be_moved_there(folder):
    """Patterns are the program's: a curator removes the phrasing or gives it company."""
    (problem,) = linted(folder, entry("denah", (*WAYS, *MORE[:3], "lihat siapa saja peserta 2018")))
    assert 'pola "daftar", karena "siapa saja peserta <tahun>" (knowledge/tanya-wilayah.yaml:7)' in problem.message
    assert problem.message.endswith('Hapus, atau tambahkan pertanyaan sejenis di entri "denah"')


def test_thin_entry_is_told_how_many_are_missing(folder):
    """Below the minimum an entry is named at its first line."""
    (problem,) = linted(folder, entry("denah", WAYS))
    assert (problem.line, problem.warning) == (1, True)
    assert problem.message.startswith(
        f'entri "denah" baru memuat 5 pertanyaan. Tambahkan sampai paling sedikit {FEWEST_PHRASINGS}'
    )


def test_entry_out_of_reach_names_who_is_chosen_instead(folder):
    """An entry whose every phrasing is nearer to others is told to whom it loses."""
    words = [
        ("bus", ("jadwal bus kota pagi", "jam bus kota", "bus kota berangkat kapan", "bus kota pertama")),
        ("taksi", ("nomor taksi malam", "pesan taksi malam", "taksi malam tarifnya", "taksi malam antre")),
        ("kantin", ("menu kantin siang", "harga kantin siang", "kantin siang buka", "kantin siang penuh")),
    ]
    lost = tuple(
        f"{start} {end}"
        for start, ends in (
            ("bus kota", ("terakhir", "sore", "gratis")),
            ("taksi malam", ("aman", "daring", "bandara")),
            ("kantin siang", ("halal", "murah", "sepi")),
        )
        for end in ends
    )
    faq = "".join(entry(ident, texts) for ident, texts in words) + entry("sisa", lost)
    (problem,) = [found for found in linted(folder, faq) if "tidak pernah terpilih" in found.message]
    assert problem.line == 31
    named = problem.message.split("yang terpilih ")[1].split(". Gabungkan")[0]
    assert sorted(named.split(", ")) == ['entri "bus"', 'entri "kantin"', 'entri "taksi"']


def test_entry_with_its_own_words_is_silent(folder):
    """Enough phrasings, unlike all others: nothing to say."""
    phrasings = tuple(
        f"ruang rapat {name}" for name in ("besar", "kecil", "biru", "hijau", "atas", "bawah", "kaca", "ujung")
    )
    assert linted(folder, entry("ruang", phrasings)) == []


def test_message_that_needs_two_is_told_with_its_length(folder):
    """Answer and quotation together are longer than Telegram lets a message be; each is allowed alone."""
    phrasings = tuple(
        f"ruang rapat {name}" for name in ("besar", "kecil", "biru", "hijau", "atas", "bawah", "kaca", "ujung")
    )
    faq = entry("ruang", phrasings, answer="x" * 3000, rest=f"  kutipan: {'y' * 1500}\n")
    (problem,) = linted(folder, faq)
    assert problem.message.startswith('entri "ruang" terlalu panjang untuk satu pesan: 4')
    assert "paling banyak 4096" in problem.message


def test_two_ways_of_being_polite_may_be_alike(folder):
    """Whether a greeting is answered by one entry or another of small talk makes no difference."""
    faq = (entry("pamit", ("sampai jumpa besok lagi",)) + entry("dadah", ("besok sampai jumpa lagi ya",))).replace(
        "layanan", "sapaan"
    )
    assert [found for found in linted(folder, faq) if "hampir sama" in found.message] == []
