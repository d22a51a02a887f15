"""What was asked in vain is put together, counted, and turned into something to paste."""

import csv
import io
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest

from bot.curation.load import load
from bot.dialogue.fitting import fit
from bot.dialogue.mind import Mind, assemble
from bot.rehearsal.unanswered import Gap, gaps, markdown, summary, table, text
from bot.store.log import Unanswered
from tests.knowledge_builder import write_knowledge

TODAY = date(2026, 11, 21)
FAQ = """\
- id: apa-itu-program
  judul: Apa itu program 100 Smart City
  pertanyaan:
    - Apa yang dimaksud dengan Gerakan Menuju 100 Smart City?
    - program smart city itu apa sih min
  jawaban: Program yang membimbing daerah.
  sumber: [portal-mou]
  diperiksa: 2026-11-21
- id: jadwal-bimtek
  judul: Jadwal bimtek
  pertanyaan:
    - Kapan bimtek dilaksanakan?
    - jadwal bimtek kapan ya
  jawaban: Empat kali setahun.
  sumber: [portal-mou]
  diperiksa: 2026-11-21
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_knowledge(tmp_path_factory.mktemp("tanya") / "knowledge", faq_program=FAQ)


@pytest.fixture(scope="module")
def small(folder: Path) -> Mind:
    knowledge, problems = load(folder)
    assert knowledge is not None, problems
    return assemble(knowledge, fit(knowledge, answer_precision=0.97, max_out_of_scope=0.05))


def declined(question: str, *entries: str) -> Unanswered:
    return Unanswered(question, False, "decline", entries, rejected=False, disliked=False)


def rejected(question: str, *entries: str) -> Unanswered:
    return Unanswered(question, False, "clarify", entries, rejected=True, disliked=False)


def disliked(question: str, *entries: str, picked: bool = False) -> Unanswered:
    return Unanswered(question, picked, "answer", entries, rejected=False, disliked=True)


SCHOLARSHIP = [
    declined(q) for q in ("minta beasiswa untuk asn", "beasiswa asn dong", "Minta beasiswa untuk ASN", "beasiswa asn")
]


def found(mind: Mind, log: Sequence[Unanswered] = (), reports: Sequence[str] = ()) -> tuple[Gap, ...]:
    return gaps(log, reports, mind, TODAY)


# Groups


def test_questions_alike_are_one_gap_and_the_most_asked_comes_first(small: Mind) -> None:
    log = [declined("harga cabai merah"), *SCHOLARSHIP]
    first, second = found(small, log)
    assert (first.times, first.questions) == (4, ("minta beasiswa untuk asn", "beasiswa asn", "beasiswa asn dong"))
    assert (second.times, second.questions) == (1, ("harga cabai merah",))


def test_the_same_log_gives_the_same_gaps_in_any_order(small: Mind) -> None:
    log = [*SCHOLARSHIP, rejected("jadwal apa saja", "jadwal-bimtek"), declined("harga cabai merah")]
    forwards, backwards = found(small, log), found(small, log[::-1])
    assert [(gap.times, gap.reasons, gap.nearest) for gap in forwards] == [
        (gap.times, gap.reasons, gap.nearest) for gap in backwards
    ]


def test_every_reason_is_counted(small: Mind) -> None:
    (gap,) = found(
        small, [declined("jadwal pameran"), rejected("jadwal pameran", "jadwal-bimtek"), disliked("jadwal pameran")]
    )
    assert gap.reasons == (("ditolak", 1), ("bukan ini semua", 1), ("👎", 1))


def test_messages_without_a_word_are_left_out(small: Mind) -> None:
    assert found(small, [declined("🙏🙏"), declined("?"), declined("")]) == ()


def test_an_entry_that_could_not_help_is_one_gap_however_it_was_asked(small: Mind) -> None:
    log = [declined("nomor kontak program", "kontak-program"), declined("ada wa nya gak", "kontak-program")]
    (gap,) = found(small, log)
    assert gap.times == 2
    assert gap.proposal.advice.startswith("Lengkapi entri kontak-program: ")
    assert gap.proposal.block.startswith("# faq/kontak.yaml, entri kontak-program: ganti baris-baris ini")


def test_an_entry_that_is_gone_is_no_gap_of_its_own(small: Mind) -> None:
    (gap,) = found(small, [declined("minta beasiswa untuk asn", "sudah-dihapus"), declined("minta beasiswa untuk asn")])
    assert gap.times == 2


def test_an_answer_that_did_not_help_is_to_be_looked_at(small: Mind) -> None:
    (gap,) = found(small, [disliked("bimtek itu kapan", "jadwal-bimtek")])
    assert gap.proposal.advice.startswith("Periksa jawaban entri jadwal-bimtek, yang dinilai kurang membantu.")
    assert '    - "bimtek itu kapan"' in gap.proposal.block


def test_what_was_picked_stands_under_its_title_and_is_no_phrasing(small: Mind) -> None:
    (gap,) = found(small, [disliked("e:jadwal-bimtek", "jadwal-bimtek", picked=True)])
    assert gap.questions == ("Jadwal bimtek",)
    assert "- " not in gap.proposal.block


# Proposals


def test_what_is_near_to_an_entry_is_proposed_for_it(small: Mind) -> None:
    (gap,) = found(small, [rejected("kapan jadwal bimtek dilaksanakan ya")])
    assert gap.nearest[0].startswith("jadwal-bimtek 0.")
    assert gap.proposal.advice.startswith("Tambahkan ke entri jadwal-bimtek bila itu yang dimaksud")
    assert gap.proposal.block == (
        '# faq/program.yaml, entri jadwal-bimtek, di bawah "pertanyaan:"\n    - "kapan jadwal bimtek dilaksanakan ya"'
    )


def test_what_was_offered_and_not_meant_is_not_proposed_again(small: Mind) -> None:
    (gap,) = found(small, [rejected("kapan jadwal bimtek dilaksanakan ya", "jadwal-bimtek")])
    assert gap.nearest[0].endswith(" (bukan ini)")
    assert gap.proposal.advice == "Buat entri baru:"


def test_what_is_far_from_every_entry_becomes_a_new_one(small: Mind) -> None:
    (gap,) = found(small, SCHOLARSHIP)
    assert gap.proposal.advice == "Buat entri baru:"
    assert "- id: minta-beasiswa-untuk-asn\n" in gap.proposal.block


def test_a_known_other_topic_may_stay_declined(small: Mind) -> None:
    (gap,) = found(small, [declined("cara bikin KTP")])
    assert gap.proposal.advice.startswith('Biarkan: dikenali sebagai luar topik "Administrasi kependudukan".')


def test_a_region_question_belongs_to_its_pattern(small: Mind) -> None:
    (gap,) = found(small, [disliked("apakah lamongan ikut"), disliked("apakah Kab. Malang ikut")])
    assert "tambahkan ke pola anggota" in gap.proposal.advice
    assert gap.proposal.block.endswith('di bawah "pertanyaan:"\n    - "apakah <daerah> ikut"')


# Reported data


def test_reports_on_one_region_and_year_are_one_gap(small: Mind) -> None:
    reports = ["Laporan data Kabupaten Lahat: 2022, https://a.go.id/1", "Laporan data Kabupaten Lahat: 2022 lihat SK"]
    (gap,) = found(small, reports=reports)
    assert (gap.times, gap.reasons, gap.questions) == (2, (("laporan data", 2),), tuple(reports))
    assert gap.proposal.block == (
        '# angkatan.yaml, tahun 2022, di bawah "peserta:"\n'
        '    - {wilayah: "16.04", status: belum-diperiksa, sumber: [ganti-dengan-id-sumber]}'
    )


def test_a_year_that_is_recorded_is_said_to_be(small: Mind) -> None:
    (gap,) = found(small, reports=["Laporan data Kabupaten Lamongan: 2018, https://a.go.id/1"])
    assert gap.nearest == ("tercatat 2018", "tercatat 2022")
    assert gap.proposal.advice.startswith("Tahun 2018 sudah tercatat untuk daerah ini")


def test_reports_that_name_neither_stay_apart(small: Mind) -> None:
    gaps_found = found(small, reports=["angkanya salah", "lihat surat"])
    assert [gap.times for gap in gaps_found] == [1, 1]
    assert all('{wilayah: "GANTI"' in gap.proposal.block for gap in gaps_found)


# Telling

ODD = ['=1+1 | "kutip"', "apa # itu: {a} [b] *c* &d", "x\x1b[2Jy\u2028z w"]


def test_terminal_shows_so_many_groups_and_says_how_many_more(small: Mind) -> None:
    shown = text(found(small, [*SCHOLARSHIP, declined("harga cabai merah")]), 30, 1, 120)
    assert shown.startswith(
        "30 hari terakhir: 5 pertanyaan tak terjawab dan laporan data, dalam 2 kelompok.\n\n No   Kali"
    )
    assert "minta beasiswa untuk asn (dan 2 lagi)" in shown
    assert "1. Buat entri baru:\n\n# faq/" in shown
    assert "harga cabai" not in shown
    assert shown.endswith("... dan 1 kelompok lagi (--most 2 menampilkan semua)")


def test_nothing_unanswered_is_told_in_a_sentence(small: Mind) -> None:
    nothing = "Tidak ada pertanyaan tak terjawab atau laporan data dalam 7 hari terakhir."
    assert text((), 7, 20, 120) == summary((), 7) == nothing
    assert nothing in markdown((), 7)


def test_markdown_has_every_block_in_a_fence(small: Mind) -> None:
    page = markdown(found(small, [*SCHOLARSHIP, *map(declined, ODD)]), 30)
    assert page.count("```yaml\n") == page.count("\n```\n") == len(found(small, [*SCHOLARSHIP, *map(declined, ODD)]))
    assert "## Kelompok 1\n\nBuat entri baru:\n\n```yaml\n# faq/" in page


def test_csv_has_one_row_per_group_with_all_its_questions(small: Mind) -> None:
    first, *_ = csv.DictReader(io.StringIO(table(found(small, [*SCHOLARSHIP, *map(declined, ODD)])), newline=""))
    assert (first["nomor"], first["kali"], first["sebab"]) == ("1", "4", "ditolak 4×")
    assert first["pertanyaan"] == "minta beasiswa untuk asn\nbeasiswa asn\nbeasiswa asn dong"
    assert first["yaml"].startswith("# faq/")


def test_control_characters_reach_neither_terminal_nor_files(small: Mind) -> None:
    odd = found(small, [*map(declined, ODD)])
    for written in (text(odd, 30, 9, 120), markdown(odd, 30), table(odd)):
        assert not set("\x1b\u2028") & set(written)
