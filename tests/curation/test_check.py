"""The report of ``python -m bot check``."""

import json
from datetime import date

from bot.curation.check import as_annotations, as_json, report
from bot.curation.freshness import Due
from bot.curation.load import load
from bot.model import Problem
from tests.knowledge_builder import write_knowledge

MISTAKE = Problem("knowledge/pesan.yaml", 3, 'kunci "mulai" belum ada')
WARNING = Problem("knowledge/pesan.yaml", 4, "teks terpotong oleh tanda #", warning=True)
OLD = Problem("knowledge/faq/kontak.yaml", 9, "sudah lama", warning=True)


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


def test_mistakes_stand_before_warnings():
    """What must be corrected is read first, whatever its place."""
    assert report([WARNING, MISTAKE]).split("\n")[0] == str(MISTAKE)


def test_what_is_due_stands_under_its_owner():
    """One heading for every owner, and one for what nobody looks after; all of it counts as warnings."""
    told = report([WARNING], None, [Due("Aptika", OLD), Due("Aptika", OLD), Due("", OLD)])
    line = "  knowledge/faq/kontak.yaml:9: peringatan: sudah lama"
    headings = ["Perlu diperiksa, Aptika:", line, line, "Perlu diperiksa, belum ada penanggung jawab:", line]
    assert told.split("\n")[1:] == [*headings, "4 peringatan"]


def test_sound_knowledge_with_a_mistake_found_by_lint_is_not_called_sound(tmp_path):
    """Whatever the loading says: while a mistake is listed, the last line counts it."""
    knowledge, _ = load(write_knowledge(tmp_path / "knowledge"))
    assert report([MISTAKE], knowledge).split("\n")[-1] == "1 kesalahan"


def test_programs_get_everything_in_one_object(tmp_path):
    """File, line, level and message of every problem, the owner of what is due, and the sums."""
    knowledge, _ = load(write_knowledge(tmp_path / "knowledge"))
    told = json.loads(as_json([MISTAKE, WARNING], knowledge, [Due("Aptika", OLD)]))
    assert {key: told[key] for key in ("sound", "version", "mistakes", "warnings")} == {
        "sound": False,
        "version": knowledge.version,
        "mistakes": 1,
        "warnings": 2,
    }
    assert told["problems"] == [
        {"file": MISTAKE.file, "line": 3, "level": "error", "message": MISTAKE.message},
        {"file": WARNING.file, "line": 4, "level": "warning", "message": WARNING.message},
        {"file": OLD.file, "line": 9, "level": "warning", "message": OLD.message, "owner": "Aptika"},
    ]


def test_programs_see_whether_knowledge_can_be_served():
    """Knowledge that could not be loaded is never sound, and has no version."""
    told = json.loads(as_json([WARNING]))
    assert (told["sound"], told["version"]) == (False, None)


def test_annotations_stand_at_their_lines():
    """GitHub's own syntax: level, file and line; a file as a whole has no line."""
    whole = Problem("knowledge/faq/a,b.yaml", 0, "kosong: 100 %\ndua baris")
    assert as_annotations([MISTAKE, WARNING, whole], [Due("", OLD)]).split("\n") == [
        '::error file=knowledge/pesan.yaml,line=3::kunci "mulai" belum ada',
        "::warning file=knowledge/pesan.yaml,line=4::teks terpotong oleh tanda #",
        "::error file=knowledge/faq/a%2Cb.yaml::kosong: 100 %25%0Adua baris",
        "::warning file=knowledge/faq/kontak.yaml,line=9::sudah lama",
    ]
