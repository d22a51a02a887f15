"""The report of ``python -m bot check``."""

from datetime import date

from bot.curation.check import report
from bot.curation.load import load
from bot.model import Problem
from tests.knowledge_builder import write_knowledge

MISTAKE = Problem("knowledge/pesan.yaml", 3, 'kunci "mulai" belum ada')
WARNING = Problem("knowledge/pesan.yaml", 4, "teks terpotong oleh tanda #", warning=True)


def test_every_problem_has_one_line_and_the_last_line_counts_them():
    """Mistakes and warnings are told apart and counted."""
    assert report([MISTAKE, MISTAKE, WARNING]).split("\n") == [
        'knowledge/pesan.yaml:3: kunci "mulai" belum ada',
        'knowledge/pesan.yaml:3: kunci "mulai" belum ada',
        "knowledge/pesan.yaml:4: peringatan: teks terpotong oleh tanda #",
        "2 kesalahan, 1 peringatan",
    ]


def test_sound_knowledge_is_summed_up(tmp_path):
    """Without problems one line says what the knowledge holds; rows not yet checked are not counted."""
    knowledge, problems = load(write_knowledge(tmp_path / "knowledge"), date(2026, 11, 21))
    assert report(problems, knowledge) == (
        f"Basis pengetahuan sah: 3 entri, 2 topik, 2 sumber, 9 wilayah, 4 keikutsertaan; versi {knowledge.version}."
    )


def test_sound_knowledge_with_warnings_says_so(tmp_path):
    """A warning doesn't stop the loading, and is counted behind the summary."""
    knowledge, _ = load(write_knowledge(tmp_path / "knowledge"))
    assert report([WARNING], knowledge).split("\n")[-1].endswith(f"versi {knowledge.version}. (1 peringatan)")
