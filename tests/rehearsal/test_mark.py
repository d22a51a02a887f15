"""Known failures are written into the files without touching anything else."""

import shutil

import pytest

from bot.curation.load import load
from bot.rehearsal.mark import mark, mark_known

KEPT = 'gagal_diketahui: "lama"'
LINES = {
    "mark": ("- {tanya: a, harus: [b]}", "r", '- {tanya: a, harus: [b], gagal_diketahui: "r"}'),
    "mark a turn": ("    - {tanya: a}", "r", '    - {tanya: a, gagal_diketahui: "r"}'),
    "comment": ("- {tanya: a}  # {x}", "r", '- {tanya: a, gagal_diketahui: "r"}  # {x}'),
    "Windows line end": ("- {tanya: a}\r", "r", '- {tanya: a, gagal_diketahui: "r"}\r'),
    "braces and commas in quotes": (
        '- {tanya: "a}, {b", x: 1}',
        "r",
        '- {tanya: "a}, {b", x: 1, gagal_diketahui: "r"}',
    ),
    "escaped quotes": (r'- {tanya: "a \" } \\", x: 1}', "r", r'- {tanya: "a \" } \\", x: 1, gagal_diketahui: "r"}'),
    "apostrophe in a word": ("- {tanya: jum'at, x: a}", "r", '- {tanya: jum\'at, x: a, gagal_diketahui: "r"}'),
    "comma at the end": ("- {tanya: a,}", "r", '- {tanya: a, gagal_diketahui: "r"}'),
    "quotes in the reason": ("- {tanya: a}", 'x "y" \\', "- {tanya: a, gagal_diketahui: \"x 'y' /\"}"),
    "another reason": (f"- {{tanya: a, {KEPT}, x: 1}}", "r", '- {tanya: a, x: 1, gagal_diketahui: "r"}'),
    "unmark": (f"- {{tanya: a, {KEPT}, x: 1}}", "", "- {tanya: a, x: 1}"),
    "unmark the last key": (f"- {{tanya: a, {KEPT}}}  # x", "", "- {tanya: a}  # x"),
    "unmark a reason with a comma": ('- {tanya: a, gagal_diketahui: "x, y", z: [1]}', "", "- {tanya: a, z: [1]}"),
}


@pytest.mark.parametrize(("before", "reason", "after"), LINES.values(), ids=LINES)
def test_only_the_mark_changes(before, reason, after):
    text = f"# satu\n{before}\n- {{tanya: z}}\n"
    assert mark(text, {2: reason}) == (f"# satu\n{after}\n- {{tanya: z}}\n", ())


UNMARKABLE = {
    "keys below each other": "- tanya: a\n  harus: [b]",
    "mapping over two lines": "- {tanya: a,\n   harus: [b]}",
    "dialogue on one line": "- dialog: [{tanya: a}]",
    "two on one line": "[{tanya: a}, {tanya: b}]",
    "text after the mapping": "- {tanya: a}, {tanya: b}",
}


@pytest.mark.parametrize("text", UNMARKABLE.values(), ids=UNMARKABLE)
def test_what_is_not_one_mapping_on_one_line_is_left_alone(text):
    assert mark(text, {1: "r"}) == (text, (1,))


def test_long_reason_is_cut():
    (line, _) = mark("- {tanya: a}", {1: "kata " * 100})
    assert len(line) < 250
    assert line.endswith('…"}')


def test_files_are_marked_and_stay_sound(knowledge_folder, report, tmp_path):
    """New failures get their reason, what passes loses it, an old reason stays."""
    folder = tmp_path / "knowledge"
    shutil.copytree(knowledge_folder, folder)
    marked = mark_known(folder, report)
    assert (marked.changed, marked.unmarked) == (4, ())
    knowledge, problems = load(folder)
    assert problems == ()
    reasons = {t.question: t.known_failure for r in knowledge.rehearsals for t in r.turns if t.known_failure}
    assert reasons == {
        "nomor kontak": "menolak dengan kontak-program, seharusnya tempat-mou",
        "cara membuat ktp": "menolak, seharusnya kontak-program",
        "di mana mou ditandatangani": "menjawab dengan tempat-mou, seharusnya apa-itu-program",
        "malang 2018": "ada dua Malang",
    }
    assert "# keliru" in (folder / "uji" / "program.yaml").read_text()


def test_unmarkable_questions_are_named(knowledge_folder, report, tmp_path):
    folder = tmp_path / "knowledge"
    shutil.copytree(knowledge_folder, folder)
    file = folder / "uji" / "program.yaml"
    file.write_text(file.read_text().replace(', gagal_diketahui: "dahulu"', ',\n   gagal_diketahui: "dahulu"'))
    assert mark_known(folder, report).unmarked == ("knowledge/uji/program.yaml:8",)
