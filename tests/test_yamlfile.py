"""YAML is read as text with lines, and every slip of the pen is named where an editor shows it."""

from typing import NamedTuple

import pytest
import yaml

from bot import yamlfile
from bot.model import Problem
from bot.yamlfile import Mapping, Scalar, Sequence, Style, line_at, node_at, parse, plain, read

LOADERS = [pytest.param(yaml.SafeLoader, id="python")]
if hasattr(yaml, "CSafeLoader"):
    LOADERS.append(pytest.param(yaml.CSafeLoader, id="libyaml"))


@pytest.fixture(params=LOADERS)
def _loader(request, monkeypatch):
    """Both parsers word their errors differently; what staff read must not depend on which one is installed."""
    monkeypatch.setattr(yamlfile, "LOADER", request.param)


def problems_of(text: str | bytes) -> list[Problem]:
    content = text if isinstance(text, bytes) else text.encode()
    return list(parse(content, "f.yaml").problems)


TEXTS = {
    "a time is no number": ("a: 16:00", "16:00"),
    "a leading zero stays": ("a: 0217654", "0217654"),
    "no is a word": ("a: no", "no"),
    "yes is a word": ("a: yes", "yes"),
    "a date is no date": ("a: 2019-02-06", "2019-02-06"),
    "a code is no decimal number": ("a: 32.10", "32.10"),
    "a version is no float": ("a: 1e3", "1e3"),
    "true is a word": ("a: true", "true"),
    "a quoted null is a text": ('a: "~"', "~"),
    "a quoted empty text is a text": ('a: ""', ""),
    "spaces inside quotes stay": ("a: ' x '", " x "),
    "a block keeps its lines": ("a: |\n  x\n\n  - y\n", "x\n\n- y\n"),
    "an apostrophe inside plain text": ("a: Jum'at", "Jum'at"),
    "an address with a fragment": ("a: https://x.id/a#b", "https://x.id/a#b"),
}


@pytest.mark.usefixtures("_loader")
@pytest.mark.parametrize(("text", "expected"), TEXTS.values(), ids=TEXTS)
def test_values_are_exactly_the_text(text, expected):
    """Whatever YAML would guess from a value, we get the text."""
    document = parse(text.encode(), "f.yaml")
    assert document.problems == ()
    assert plain(document.root) == {"a": expected}


@pytest.mark.usefixtures("_loader")
def test_tree_has_lines_and_styles():
    """Every node knows where it begins and every scalar how it was written."""
    root = parse(b"# catatan\na: x\nb:\n  - 'y'\n  - |\n    z\n", "f.yaml").root
    quoted, block = Scalar("y", 4, Style.QUOTED), Scalar("z\n", 5, Style.LITERAL)
    a, b = (Scalar("a", 2), Scalar("x", 2)), (Scalar("b", 3), Sequence((quoted, block), 4))
    assert root == Mapping((a, b), 2)


def test_paths_lead_to_nodes_and_to_the_lines_of_their_keys():
    """A list under a key is shown at its key, an item at itself, and what is missing at what should hold it."""
    root = parse(b"a:\n  - x\n  - b: y\n    c:\n      - z\n", "f.yaml").root
    assert node_at(root, ["a", 1, "b"]) == Scalar("y", 3)
    assert node_at(root, ["a", 7]) is None
    assert [line_at(root, path) for path in (["a"], ["a", 1, "c"], ["a", 1, "c", 0], ["a", 1, "d"])] == [1, 4, 5, 3]


HARMLESS = {
    "a byte order mark": b"\xef\xbb\xbfa: x\nb: y\n",
    "Windows line ends": b"a: x\r\nb: y\r\n",
    "old Mac line ends": b"a: x\rb: y\r",
    "trailing spaces": b"a: x   \nb: y\t\n",
    "no line end at the end": b"a: x\nb: y",
    "one document mark": b"---\na: x\nb: y\n",
    "a comment with two spaces": b"a: x  # catatan\nb: y\n",
}


@pytest.mark.usefixtures("_loader")
@pytest.mark.parametrize("content", HARMLESS.values(), ids=HARMLESS)
def test_harmless_differences_are_accepted(content):
    """What editors and systems add by themselves is no mistake and doesn't change the text."""
    document = parse(content, "f.yaml")
    assert document.problems == ()
    assert plain(document.root) == {"a": "x", "b": "y"}


class Slip(NamedTuple):
    text: str | bytes
    line: int
    fragment: str


SLIPS = {
    "tab as indentation": Slip("- id: a\n\tjudul: b\n", 2, "Ganti tiap tab dengan dua spasi"),
    "tab after a dash": Slip("a:\n  - x\n  - \ty: z\n", 3, "Ganti tiap tab dengan dua spasi"),
    "tab inside a block": Slip("a: |\n\tx\n", 2, "Ganti tiap tab dengan dua spasi"),
    "quote open to the end": Slip('- id: a\n  judul: "Syarat\n  b: c\n', 2, "tidak ditutup"),
    "quote open to the next quote": Slip('- id: a\n  judul: "Syarat\n  b: "c d"\n', 2, "tidak ditutup"),
    "single quote left open": Slip("- id: a\n  judul: 'Syarat\n  b: c\n", 2, "tanda kutip ' yang dibuka"),
    "apostrophe inside single quotes": Slip("- id: a\n  judul: 'Jum'at'\n  b: c\n", 2, "setelah tanda kutip penutup"),
    "text after quotes": Slip('- id: a\n  judul: "Syarat" utama\n', 2, "setelah tanda kutip penutup"),
    "no space after a colon": Slip("- id: a\n  judul:Syarat\n  b: c\n", 2, 'Tulis "judul: …"'),
    "no space after the first colon": Slip("- id:a\n  judul: Syarat\n", 1, 'Tulis "id: …"'),
    "no space after the last colon": Slip("- id: a\n  judul:Syarat\n", 2, 'Tulis "judul: …"'),
    "no space after a colon inside braces": Slip("- {id:a, judul: b}\n", 1, 'Tulis "id: …"'),
    "colon inside text": Slip("- id: a\n  judul: Syarat: utama\n", 2, 'memuat ": "'),
    "too deep": Slip("- id: a\n   judul: b\n  c: d\n", 2, "indentasi"),
    "not deep enough": Slip("- id: a\n judul: b\n", 2, "indentasi"),
    "not deep at all": Slip("- id: a\njudul: b\n", 2, "indentasi"),
    "crooked list": Slip("a:\n    - x\n   - y\n", 3, "indentasi"),
    "item swallowed by the text above": Slip("a:\n  - x\n    - y\n", 3, "menyatu dengan teks di atasnya"),
    "dash without space": Slip("a:\n  - x\n  -y\n  - z\n", 3, 'tulis spasi setelah tanda "-"'),
    "only dashes without space": Slip("a:\n  -x\n  -y\n", 2, 'tulis spasi setelah tanda "-"'),
    "list on the line of its key": Slip("a: - x\n", 1, "daftar dimulai di baris baru"),
    "starts with @": Slip("a: @diskominfo\n", 1, "diawali tanda @"),
    "starts with a backtick": Slip("a: `x`\n", 1, "diawali tanda `"),
    "starts with %": Slip("a: %x\n", 1, "diawali tanda %"),
    "starts with bold": Slip("a: *Ya*, bisa\n", 1, "diawali tanda *"),
    "starts with a star": Slip("a: *Ya bisa\n", 1, "diawali tanda *"),
    "starts with a bracket": Slip("a: [Baru] Syarat\n", 1, "diawali tanda ["),
    "starts with a closing bracket": Slip("a: ] x\n", 1, "diawali tanda ]"),
    "starts with a placeholder": Slip("a: {nama}, halo\n", 1, "diawali tanda {"),
    "is a placeholder": Slip("a: {nama}\n", 1, "diawali tanda {"),
    "starts with ?": Slip("a: ? x\n", 1, "diawali tanda ?"),
    "starts with #": Slip("a: #1 utama\n", 1, "diawali tanda #"),
    "anchor": Slip("a: &b x\n", 1, "diawali tanda &"),
    "alias": Slip("a: x\nb: *a\n", 2, "diawali tanda *"),
    "tag": Slip("a: !!str x\n", 1, "diawali tanda !"),
    "merge key": Slip("a: x\n<<: *a\n", 2, 'kunci "<<"'),
    "duplicate key": Slip("a: x\nb: y\na: z\n", 3, 'kunci "a" sudah ada di baris 1'),
    "key that is a list": Slip("? [a]\n: x\n", 1, "kunci harus berupa satu kata"),
    "comma inside braces": Slip("- {id: a, judul: satu, dua}\n", 1, "memuat koma"),
    "open bracket": Slip("- id: a\n  sumber: [x, y\n  judul: z\n", 2, "kurung [ ] di baris ini tidak lengkap"),
    "open brace": Slip("- {id: a, nama: b\n\nc: d\n", 1, "kurung { } di baris ini tidak lengkap"),
    "open bracket at the end": Slip("- id: a\n  sumber: [\n", 2, "kurung [ ] atau { } di baris ini tidak lengkap"),
    "text after the block mark": Slip("a: |halo\n", 1, "Mulai teksnya di baris baru"),
    "block not indented": Slip("- a: |\n  halo\n  dua\n", 2, "menjorok"),
    "block with a crooked line": Slip("- a: |\n    halo\n   dua\n", 3, "menjorok"),
    "backslash inside double quotes": Slip('a: "C:\\data"\n', 1, "tanda \\ tidak boleh"),
    "escaped control character": Slip('a: "x\\x07"\n', 1, "U+0007"),
    "text without a key": Slip("- id: a\n  Syarat utama\n  b: c\n", 2, 'bukan "kunci: isi"'),
    "two documents": Slip("a: x\n---\nb: y\n", 2, "dokumen kedua"),
    "document end": Slip("- a\n...\n- b\n", 3, "menutup isi berkas"),
    "tilde": Slip("a: x\nb: ~\n", 2, 'kunci "b" tidak berisi'),
    "null": Slip("a: null\n", 1, 'kunci "a" tidak berisi'),
    "no value": Slip("a: x\nb:\nc: y\n", 2, 'kunci "b" tidak berisi'),
    "empty item": Slip("a:\n  - x\n  -\n", 3, "butir daftar ini kosong"),
    "curly quotes": Slip("a: “Syarat utama”\n", 1, "tanda kutip melengkung"),
    "curly quotes with a colon": Slip("a: “Syarat: utama”\n", 1, "tanda kutip melengkung"),
    "control character": Slip("a: x\nb: y\x07z\n", 2, "karakter tersembunyi (U+0007)"),
    "invisible space": Slip("a: x\nb: y\u200bz\n", 2, "karakter tersembunyi (U+200B)"),
    "broken character": Slip("a: x\ufffd\n", 1, "karakter rusak (U+FFFD)"),
    "unusual line end": Slip("a: x\u2028y\nb: z\n", 1, "U+2028"),
    "very deep": Slip("[" * 30 + "]" * 30, 1, "bertingkat lebih dari 20"),
    "empty": Slip("", 0, "berkas ini kosong"),
    "only a comment": Slip("# judul\n", 0, "berkas ini kosong"),
    "Windows-1252": Slip("a: x\nb: Jum’at\n".encode("cp1252"), 2, "kemungkinan Windows-1252"),
    "UTF-16": Slip("a: x\n".encode("utf-16"), 1, "kemungkinan UTF-16"),
}


@pytest.mark.usefixtures("_loader")
@pytest.mark.parametrize("slip", SLIPS.values(), ids=SLIPS)
def test_slip_is_named_at_its_line(slip):
    """One slip gives one problem, at the line where it was made, with its remedy."""
    (problem,) = problems_of(slip.text)
    assert slip.fragment in problem.message
    assert (problem.line, problem.warning) == (slip.line, False)


@pytest.mark.skipif(not hasattr(yaml, "CSafeLoader"), reason="only libyaml minds it")
def test_key_that_touches_a_bracket_is_named():
    """PyYAML's own parser accepts this one, libyaml doesn't."""
    (problem,) = problems_of("- {id: a, sumber:[b]}\n")
    assert 'Tulis "kunci: …"' in problem.message


WARNINGS = {
    "hash inside text": Slip("a: Bimtek #2 di Jakarta\n", 1, 'yang terbaca hanya "Bimtek"'),
    "hash that looks like a comment": Slip("a: Bimtek # dua\n", 1, "terpotong oleh tanda #"),
    "hash inside a list": Slip("a:\n  - x\n  - y #2\n", 3, "terpotong oleh tanda #"),
    "special space as indentation": Slip("a:\n\u00a0\u00a0b: x\n", 2, "spasi khusus"),
    "special space after a colon": Slip("a:\u00a0x\n", 1, "spasi khusus"),
}


@pytest.mark.usefixtures("_loader")
@pytest.mark.parametrize("slip", WARNINGS.values(), ids=WARNINGS)
def test_doubtful_text_is_a_warning(slip):
    """What may be meant so is told but still read."""
    (problem,) = problems_of(slip.text)
    assert slip.fragment in problem.message
    assert (problem.line, problem.warning) == (slip.line, True)


def test_special_spaces_of_indentation_are_read_as_spaces():
    """A pasted non-breaking space looks like a space, so it is one."""
    assert plain(parse("a:\n\u00a0\u00a0b: x\n".encode(), "f.yaml").root) == {"a": {"b": "x"}}


def test_several_slips_are_told_together_in_line_order():
    """Nobody has to start the check once per mistake."""
    found = problems_of("a: x\nb: ~\nc: y\x07\na: z\n")
    assert [problem.line for problem in found] == [2, 3, 4]


def test_file_that_is_missing_is_a_problem(tmp_path):
    """A missing file is told like a mistake in it."""
    (problem,) = read(tmp_path / "topik.yaml", "knowledge/topik.yaml").problems
    assert str(problem).startswith("knowledge/topik.yaml:0: berkas ini tidak ada")


def test_folder_in_place_of_a_file_is_a_problem(tmp_path):
    """So is a folder with the name of a file."""
    (problem,) = read(tmp_path, "knowledge/topik.yaml").problems
    assert "folder" in problem.message
    assert problem.line == 0


def test_document_keeps_the_bytes_it_was_read_from(tmp_path):
    """The version of the knowledge is a hash of exactly what was parsed."""
    path = tmp_path / "topik.yaml"
    path.write_bytes(b"a: x\r\n")
    assert read(path, "topik.yaml").content == b"a: x\r\n"
