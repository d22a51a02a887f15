"""What staff read after a rehearsal."""

import csv
import io

from bot.model import Choice, Decision, RehearsalTurn, Reply
from bot.rehearsal.figures import Report
from bot.rehearsal.judge import Result, judge
from bot.rehearsal.reports import markdown, table_of_questions, text


def test_terminal_shows_surprises_with_their_place(report):
    """Known failures are not shown, a known failure that passes is."""
    lines = text(report, failures=9).split("\n")
    assert lines[:4] == [
        "knowledge/uji/dialog.yaml:6: nomor kontak",
        "    menolak dengan kontak-program, seharusnya tempat-mou",
        "knowledge/uji/program.yaml:5: cara membuat ktp",
        "    menolak, seharusnya kontak-program",
    ]
    assert lines[6:8] == ["knowledge/uji/program.yaml:8: apa itu smart city", "    lulus: hapus gagal_diketahui"]
    assert "Pertanyaan lulus: 6/10 (60.0%)" in lines
    assert "Ketepatan jawaban langsung: 4/6 (66.7%)" in lines
    assert "      1  ditolak dengan benar" in lines


def test_terminal_shows_no_more_failures_than_asked_for(report):
    shown = text(report, failures=1).split("\n")
    assert shown[2] == "... dan 3 lagi (--failures 4 menampilkan semua)"


def test_terminal_without_failures_begins_with_the_totals():
    assert text(Report("abc", ()), failures=5).startswith("Versi basis pengetahuan: abc\n")


def test_markdown_has_every_section(report):
    page = markdown(report, picture="keliru.svg")
    assert page.startswith("# Laporan uji tanya jawab\n")
    assert "![Entri yang paling sering tertukar](keliru.svg)" in page
    assert "| obrolan | 1/2 (50.0%) |" in page
    assert "| apa-itu-program | tempat-mou | 1 |" in page
    assert "| kontak-program | 1/2 (50.0%) | 1/2 (50.0%) | (ditolak) 1× |" in page
    assert "| knowledge/uji/program.yaml:7 | malang 2018 | ada dua Malang |" in page
    assert "| knowledge/uji/program.yaml:8 | apa itu smart city | lulus: hapus gagal_diketahui |" in page


def test_markdown_says_where_there_is_nothing():
    page = markdown(Report("abc", ()))
    assert page.count("Tidak ada.") == 7
    assert "![" not in page


def test_markdown_keeps_its_columns():
    """The bars between offered options would end a cell."""
    turn = RehearsalTurn("malang?", must=("x",), file="knowledge/uji/a.yaml", line=1)
    choices = (Choice("w:1", "Kabupaten Malang"), Choice("w:2", "Kota Malang"))
    reply = Reply(Decision.CLARIFY, "Yang mana?", choices)
    page = markdown(Report("abc", (Result(turn, reply, judge(turn, reply)),)))
    assert "Kabupaten Malang \\| Kota Malang" in page


def test_csv_has_one_row_per_question(report):
    rows = list(csv.DictReader(io.StringIO(table_of_questions(report), newline="")))
    assert len(rows) == 10
    assert [row["hasil"] for row in rows[-2:]] == ["gagal, sudah diketahui", "lulus, hapus gagal_diketahui"]
    assert rows[4] == {
        "berkas": "knowledge/uji/program.yaml",
        "baris": "3",
        "percakapan": "",
        "pertanyaan": "nomor kontak",
        "gaya": "resmi",
        "hasil": "lulus",
        "golongan": "dijawab benar",
        "alasan": "",
        "harus": "kontak-program",
        "keputusan": "tolak",
        "entri": "kontak-program",
        "skor": rows[4]["skor"],
        "balasan": report.results[4].reply.text + "\n\n" + report.results[4].reply.footer,
    }
    assert 0 < float(rows[4]["skor"]) <= 1
