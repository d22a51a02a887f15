"""What is proposed can be pasted as it is: the check reads it, whatever people typed."""

from datetime import date
from pathlib import Path

import pytest

from bot.curation.load import load
from bot.language.normalize import NO_TERMS
from bot.model import Entry
from bot.rehearsal.proposals import MOST_PHRASINGS, SOURCE, add_member, ask_table, begin, complete, join, new_id
from tests.knowledge_builder import ANGKATAN, FAQ_KONTAK, FAQ_PROGRAM, TANYA_WILAYAH, write_knowledge

TODAY = date(2026, 11, 21)
ODD = [  # what people type, and YAML or the check could misread
    "biaya: gratis # atau tidak?",
    'kata "beliau" \\ itu',
    "- apakah {ini} [aman] *ya* &a !b | > %",
    "~",
    "16:00",
    "'kutip' tunggal",
    "👍 apa itu é ✓",
    "[NIK] saya",
    "x" * 900,
]


def problems(folder: Path) -> list[str]:
    """What the check says, the source aside that the block asks to be replaced."""
    return [str(p) for p in load(folder)[1] if not p.warning and SOURCE not in p.message]


def entry(ident: str) -> Entry:
    return Entry(ident, "program", "", (), "", TODAY)


def pasted_under(text: str, key: str, block: str) -> str:
    """A file with the lines of a block below the first line that ends in a key."""
    _, _, lines = block.partition("\n")
    return text.replace(f"{key}\n", f"{key}\n{lines}\n", 1)


def test_a_new_entry_is_read_and_holds_what_people_typed(tmp_path: Path) -> None:
    block = begin(ODD, "", topic="program", ident="entri-baru", today=TODAY).block
    sourced = block.replace(SOURCE, "portal-mou")
    folder = write_knowledge(tmp_path / "knowledge", faq_program=f"{FAQ_PROGRAM}\n{sourced}\n")
    assert problems(folder) == []
    knowledge, _ = load(folder)
    assert knowledge is not None
    kept = [text.replace("{ini}", "ini").replace("> ", "") for text in ODD[:-1]]
    assert knowledge.entries["entri-baru"].utterances == (*kept, "x" * 500)
    assert knowledge.entries["entri-baru"].checked == TODAY


def test_a_new_entry_is_not_served_before_its_source_is_filled_in(tmp_path: Path) -> None:
    block = begin(["apa itu"], "", topic="program", ident="entri-baru", today=TODAY).block
    knowledge, found = load(write_knowledge(tmp_path / "knowledge", faq_program=f"{FAQ_PROGRAM}\n{block}\n"))
    assert knowledge is None
    assert any(SOURCE in problem.message for problem in found)


def test_more_phrasings_are_read(tmp_path: Path) -> None:
    block = join(entry("apa-itu-program"), ODD[:3], "").block
    folder = write_knowledge(tmp_path / "knowledge", faq_program=pasted_under(FAQ_PROGRAM, "pertanyaan:", block))
    knowledge, found = load(folder)
    assert knowledge is not None, found
    assert set(ODD[:2]) < set(knowledge.entries["apa-itu-program"].utterances)


def test_an_answer_takes_the_place_of_the_missing_one(tmp_path: Path) -> None:
    _, _, lines = complete(entry("kontak-program"), TODAY).block.partition("\n")
    kept = [x for x in FAQ_KONTAK.splitlines() if x.split(":")[0].strip() not in {"jenis", "jawaban", "diperiksa"}]
    faq = "\n".join([*kept, lines, ""]).replace(SOURCE, "portal-mou")
    knowledge, found = load(write_knowledge(tmp_path / "knowledge", faq_kontak=faq))
    assert knowledge is not None, found
    assert knowledge.entries["kontak-program"].answer == "GANTI dengan jawaban resmi."


def test_a_row_of_the_region_table_is_read(tmp_path: Path) -> None:
    block = add_member("16.04", "2018", ()).block.replace(SOURCE, "portal-mou")
    folder = write_knowledge(tmp_path / "knowledge", angkatan=pasted_under(ANGKATAN, "peserta:", block))
    knowledge, found = load(folder)
    assert knowledge is not None, found
    assert "16.04" in {row.region for row in knowledge.cohorts[2018].members}


def test_a_region_question_is_read(tmp_path: Path) -> None:
    block = ask_table("anggota", ["sudahkah <daerah> ikut <tahun>?"]).block
    folder = write_knowledge(tmp_path / "knowledge", tanya_wilayah=pasted_under(TANYA_WILAYAH, "pertanyaan:", block))
    knowledge, found = load(folder)
    assert knowledge is not None, found
    assert "sudahkah <daerah> ikut <tahun>?" in knowledge.patterns[0].utterances


def test_a_block_stays_short() -> None:
    block = begin([f"tanya {n}" for n in range(99)], "", topic="program", ident="a", today=TODAY).block
    assert block.count("\n    - ") == MOST_PHRASINGS


@pytest.mark.parametrize(
    ("question", "ident"),
    [
        ("Ada beasiswa untuk ASN gak ya?", "beasiswa-untuk-asn-gak"),
        ("2018?", "entri-baru"),
        ("apa itu ya", "entri-baru"),
        ("pertanggungjawabannya keberlanjutannya penyelenggaraannya", "pertanggungjawabannya-keberlanjutann"),
        ("biaya biaya biaya", "biaya"),
        ("kuota", "kuota-3"),
    ],
)
def test_an_id_says_what_about(question: str, ident: str) -> None:
    assert new_id(question, {"kuota", "kuota-2"}, NO_TERMS) == ident
