"""Figures and sentences that hardly can be meant as they stand."""

from typing import NamedTuple

import pytest
from knowledge_builder import FILES, write_knowledge

from bot.curation.consistency import inconsistencies
from bot.curation.load import load, locate


def doubts(folder, **overrides):
    knowledge, problems = load(write_knowledge(folder, **overrides))
    assert knowledge is not None, problems
    return inconsistencies(knowledge, locate(folder))


class Doubt(NamedTuple):
    """One edit of a sound file that leaves it sound, with the part at whose line a warning stands, and its words."""

    file: str
    old: str
    new: str
    at: str
    fragment: str


DOUBTS = {
    "complete list with rows missing": Doubt(
        "angkatan", "jumlah_resmi: 2\n", "jumlah_resmi: 5\n", "- tahun: 2018", "baru 2 dari 5 daerah ditulis"
    ),
    "total below the year before": Doubt(
        "angkatan", "jumlah_total: 5\n", "jumlah_total: 1\n", "- tahun: 2022", "seharusnya 2 sampai 5"
    ),
    "total above what is possible": Doubt(
        "angkatan",
        "jumlah_total: 5\n",
        "jumlah_total: 6\n",
        "- tahun: 2022",
        "jumlah_total 6 tidak cocok dengan 2020 (2)",
    ),
    "signed in another year": Doubt(
        "angkatan", "2018-05-08", "2019-05-08", "- tahun: 2018", "penandatanganan 2019-05-08 bukan pada tahun itu"
    ),
    "repetition without an earlier year": Doubt(
        "angkatan",
        '"35.07", status: belum-diperiksa, sumber: [portal-mou]',
        '"35.07", status: terkonfirmasi, sumber: [portal-mou], pengulangan: ya',
        '"35.07"',
        'Kabupaten Malang ditandai "pengulangan: ya", tetapi tidak ada',
    ),
    "repetition that is not marked": Doubt(
        "angkatan",
        ", pengulangan: ya",
        "",
        '"35.24", status: terkonfirmasi, sumber: [portal-mou], p',
        "pada 2018. Tambahkan",
    ),
    "phrasing that names nothing": Doubt(
        "faq_program", "program smart city itu apa sih min", "itu apa sih min", "- program smart", "tidak menyebut hal"
    ),
    "message without its placeholder": Doubt(
        "pesan", "Pesan diperiksa {tanggal}", "Pesan diperiksa", "diperiksa: ", "tidak memuat {tanggal}"
    ),
}


@pytest.mark.parametrize("doubt", DOUBTS.values(), ids=DOUBTS)
def test_doubt_is_told_at_its_line(tmp_path, doubt):
    """One doubtful figure gives one warning where it stands."""
    path, text = FILES[doubt.file]
    assert text.count(doubt.old) >= 1
    found = doubts(tmp_path / "knowledge", **{doubt.file: text.replace(doubt.old, doubt.new, 1)})
    line = text[: text.index(doubt.at)].count("\n") + 1
    assert [(d.file, d.line, d.warning) for d in found] == [(f"knowledge/{path}", line, True)]
    assert doubt.fragment in found[0].message


def test_sound_figures_raise_no_doubt(tmp_path):
    """Unchecked rows and provinces count neither as present nor as missing."""
    assert doubts(tmp_path / "knowledge") == ()
