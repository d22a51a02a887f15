"""YAML as text and line numbers: nothing guessed, every mistake named in Bahasa Indonesia; the only import of yaml.

YAML turns ``no`` into false, ``16:00`` into 960 and keeps the last of two equal keys without a word. Staff write
these files in a plain editor, so here a value is exactly the text that stands in the file, and whatever YAML would
resolve silently (duplicate keys, anchors, tags, empty values, text cut by a comment) is a ``Problem`` with its line.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from collections.abc import Sequence as Seq
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeAlias

import yaml

from bot.model import Problem

# libyaml's parser reads the knowledge some ten times faster than the pure Python one, which is the fallback.
LOADER: type[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

MAX_DEPTH = 20  # nested levels; knowledge and settings need 5, and a bound keeps recursion safe
SHOWN_CHARACTERS = 40  # of a faulty text, enough to find it by eye

NULLS = frozenset({"", "~", "null", "Null", "NULL"})
OPENING_CURLY, CLOSING_CURLY = "“„”‘‚’", "“”‘’"

_INVISIBLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufffd-\uffff]"
)
_ODD_SPACE = "[\u00a0\u2000-\u200a\u202f\u3000]"
_ODD_INDENT = re.compile(rf"^(?:[ -]|{_ODD_SPACE})*{_ODD_SPACE}|^\s*(?:- +)*[\w-]+:{_ODD_SPACE}")
_TAB_INDENT = re.compile(r"^ *\t\s*\S")
_LIST_MARKS = re.compile(r"^\s*(?:-\s+)*")
_KEY = re.compile(r"[\w.-]+:\s+")
_CLOSE_COLON = re.compile(r"^\s*(?:-\s+)*([a-z][\w-]*):(?!//)\S")
_CLOSE_DASH = re.compile(r"^\s*-[^\s-]")
_BLOCK_START = re.compile(r":\s+[|>][-+\d]*\s*$")
_COMMENT_VALUE = re.compile(r"[:-]\s+#")
_CUT_BY_HASH = re.compile(r"^(\s+)#(\s?)")


class Style(StrEnum):
    """How a text was written, which decides on what line its content begins."""

    PLAIN = "plain"
    QUOTED = "quoted"
    LITERAL = "literal"  # after ``|``: the content begins on the next line
    FOLDED = "folded"  # after ``>``


_STYLES = {"": Style.PLAIN, "'": Style.QUOTED, '"': Style.QUOTED, "|": Style.LITERAL, ">": Style.FOLDED}


@dataclass(frozen=True, slots=True)
class Scalar:
    """A text, exactly as written; ``line`` is 1-based, where it (or its ``|``) begins."""

    text: str
    line: int
    style: Style = Style.PLAIN


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list of values."""

    items: tuple[Node, ...]
    line: int


@dataclass(frozen=True, slots=True)
class Mapping:
    """Keys with their values, in the order of the file; every key occurs once."""

    pairs: tuple[tuple[Scalar, Node], ...]
    line: int

    def get(self, key: str) -> Node | None:
        """The value of a key, or None."""
        return next((value for name, value in self.pairs if name.text == key), None)


Node: TypeAlias = Scalar | Sequence | Mapping


@dataclass(frozen=True, slots=True)
class Document:
    """One file as read: its tree (None where it has none), its problems in line order, its bytes for hashing."""

    file: str
    root: Node | None
    problems: tuple[Problem, ...] = ()
    content: bytes = b""


def read(path: Path, file: str) -> Document:
    """Read a YAML file; a file that is missing or closed to us is a problem, not an exception.

    ``file`` is the name shown in problems: relative, with forward slashes.
    """
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        message = "berkas ini tidak ada. Buat berkasnya, atau kembalikan dari salinan terakhir"
    except IsADirectoryError:
        message = "ini sebuah folder, seharusnya berkas. Ganti namanya, lalu buat berkas dengan nama ini"
    except OSError as error:
        message = f"berkas ini tidak dapat dibuka ({error.strerror}). Periksa izin bacanya"
    else:
        return parse(content, file)
    return Document(file, None, (Problem(file, 0, message),))


def parse(content: bytes, file: str) -> Document:
    """Parse the bytes of a YAML file into text and lines; all problems are collected, none is raised.

    >>> document = parse(b"buka: 16:00", "jam.yaml")
    >>> plain(document.root)
    {'buka': '16:00'}
    >>> print(parse(b"a: 1" + chr(10).encode() + b"a: 2", "jam.yaml").problems[0])
    jam.yaml:2: kunci "a" sudah ada di baris 1. Hapus salah satunya
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        return Document(file, None, (Problem(file, line, _encoding_message(content)),), content)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    lines, problems = _clean(text.split("\n"), file)
    if any(_TAB_INDENT.match(line) for line in lines):
        return Document(file, None, _in_order(problems), content)
    builder = _Builder(lines, file)
    root: Node | None = None
    try:
        root = builder.document()
    except yaml.YAMLError as error:
        line, message = _explain(error, lines, builder.last)
        builder.problems = [problem for problem in builder.problems if problem.line != line]
        builder.report(line, message)
    return Document(file, root, _in_order(problems + builder.problems), content)


def plain(node: Node | None) -> Any:
    """The tree as dict, list and str, for validation.

    >>> plain(Sequence((Scalar("no", 1), Mapping(((Scalar("a", 2), Scalar("1", 2)),), 2)), 1))
    ['no', {'a': '1'}]
    """
    match node:
        case Mapping(pairs):
            return {key.text: plain(value) for key, value in pairs}
        case Sequence(items):
            return [plain(item) for item in items]
        case Scalar(text):
            return text
        case None:
            return None


def node_at(root: Node, path: Seq[str | int]) -> Node | None:
    """The value at a path of keys and positions; None where the path does not exist."""
    node: Node | None = root
    for step in path:
        if isinstance(node, Mapping):
            node = node.get(str(step))
        elif isinstance(node, Sequence) and isinstance(step, int) and step < len(node.items):
            node = node.items[step]
        else:
            return None
    return node


def line_at(root: Node, path: Seq[str | int]) -> int:
    """The line an editor shows for a path of keys and positions, as far as the path exists.

    Lists and mappings under a key are found at that key: a block list begins one line below what a person calls it.

    >>> line_at(Mapping(((Scalar("a", 3), Sequence((Scalar("x", 4),), 4)),), 3), ["a", 0])
    4
    """
    line = root.line
    for length in range(len(path)):
        parent, node = node_at(root, path[:length]), node_at(root, path[: length + 1])
        if node is None:
            break
        keys = parent.pairs if isinstance(parent, Mapping) and not isinstance(node, Scalar) else ()
        line = next((key.line for key, value in keys if value is node), node.line)
    return line


def shown(text: str) -> str:
    """A text in quotes for a message: on one line and not longer than needed to recognise it.

    >>> shown("Syarat" + chr(10) + "utama")
    '"Syarat utama"'
    """
    flat = " ".join(text.split())
    return f'"{flat}"' if len(flat) <= SHOWN_CHARACTERS else f'"{flat[: SHOWN_CHARACTERS - 1]}…"'


_TAB_MESSAGE = "ada tab di baris ini. Ganti tiap tab dengan dua spasi"
_CURLY_MESSAGE = 'tanda kutip melengkung “ ” bukan tanda kutip YAML. Ganti dengan tanda kutip lurus "…", atau hapus'
_SWALLOWED_MESSAGE = 'baris "- …" ini menyatu dengan teks di atasnya. Luruskan tanda "-" dengan butir lain di daftarnya'
_AFTER_QUOTE_MESSAGE = (
    "ada teks setelah tanda kutip penutup. Apit seluruh teks dengan satu pasang tanda kutip; "
    "tanda kutip di dalam \"…\" ditulis \\\" dan di dalam '…' ditulis ''"
)
_LONE_TEXT_MESSAGE = (
    'baris ini bukan "kunci: isi" dan bukan butir "- …". Bila ini lanjutan teks, tulis "|" setelah kuncinya '
    "dan jorokkan semua baris teksnya"
)
_COLON_MESSAGE = 'teks yang memuat ": " harus diapit tanda kutip lurus, misalnya judul: "Syarat: umum"'
_COMMA_MESSAGE = 'di dalam { } teks yang memuat koma harus diapit tanda kutip lurus, misalnya {judul: "Satu, dua"}'
_INDENT_MESSAGE = (
    "jarak dari tepi kiri (indentasi) baris ini tidak cocok dengan baris di atasnya. "
    "Luruskan dengan kunci atau butir lain yang setingkat"
)
_BLOCK_MESSAGE = 'semua baris teks setelah tanda "|" harus menjorok dua spasi lebih dalam daripada kuncinya, sama rata'


class _Builder:
    """Turns parser events into nodes. Events, unlike composed nodes, still show anchors, aliases and tags."""

    def __init__(self, lines: Seq[str], file: str) -> None:
        self.lines, self.file = lines, file
        self.problems: list[Problem] = []
        self.last: Any = None  # the scalar before a syntax error often is its cause
        self._next: Callable[[], Any] = LOADER("\n".join(lines)).get_event

    def report(self, line: int, message: str, warning: bool = False) -> None:
        problem = Problem(self.file, line, message, warning)
        if problem not in self.problems:
            self.problems.append(problem)

    def document(self) -> Node | None:
        """The tree of the first document; anything after it is a problem."""
        self._next()
        if isinstance(self._next(), yaml.StreamEndEvent):
            self.report(0, "berkas ini kosong. Isi dengan daftar yang diminta, atau kembalikan dari salinan terakhir")
            return None
        root = self._node(self._next(), depth=1)
        self._next()
        event = self._next()
        if isinstance(event, yaml.DocumentStartEvent):
            self.report(_line_of(event), 'garis "---" memulai dokumen kedua. Hapus baris itu')
        return root

    def _node(self, event: Any, depth: int) -> Node:
        line = _line_of(event)
        if depth > MAX_DEPTH:
            raise yaml.MarkedYAMLError(problem="too deep", problem_mark=event.start_mark)
        if isinstance(event, yaml.AliasEvent):
            self.report(line, _special_start("*"))
            return Scalar(f"*{event.anchor}", line)
        if event.anchor is not None:
            self.report(line, _special_start("&"))
        if event.tag is not None:
            self.report(line, _special_start("!"))
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(line, depth)
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(line, depth, flow=bool(event.flow_style))
        return self._scalar(event, line)

    def _sequence(self, line: int, depth: int) -> Sequence:
        items: list[Node] = []
        while not isinstance(event := self._next(), yaml.SequenceEndEvent):
            item = self._node(event, depth + 1)
            if _is_null(item):
                self._report_null(item.line, 'butir daftar ini kosong. Tulis isinya setelah "- ", atau hapus barisnya')
            items.append(item)
        return Sequence(tuple(items), line)

    def _mapping(self, line: int, depth: int, flow: bool) -> Mapping:
        pairs: dict[str, tuple[Scalar, Node]] = {}
        while not isinstance(event := self._next(), yaml.MappingEndEvent):
            key = self._node(event, depth + 1)
            before = len(self.problems)
            value = self._node(self._next(), depth + 1)
            if not isinstance(key, Scalar) or _is_null(key):
                self.report(key.line, 'kunci harus berupa satu kata, misalnya "judul: …"')
            elif key.text == "<<":
                del self.problems[before:]  # its alias is part of the same mistake
                self.report(key.line, 'kunci "<<" tidak dipakai di sini. Tulis isinya lengkap di tempat ini')
            elif key.text in pairs:
                earlier = pairs[key.text][0].line
                self.report(key.line, f"kunci {shown(key.text)} sudah ada di baris {earlier}. Hapus salah satunya")
            else:
                pairs[key.text] = key, value
                self._check_null(key, value, flow, first=len(pairs) == 1)
        return Mapping(tuple(pairs.values()), line)

    def _check_null(self, key: Scalar, value: Node, flow: bool, first: bool) -> None:
        if not _is_null(value):
            return
        if flow and (close := _CLOSE_COLON.match(key.text)):
            self.report(key.line, _no_space_message(close[1]))
        elif flow and isinstance(value, Scalar) and not value.text:
            self.report(key.line, _special_start("{") if first else _COMMA_MESSAGE)
        else:
            remedy = f'Tulis isinya setelah "{key.text}: ", atau hapus baris itu'
            self._report_null(key.line, f"kunci {shown(key.text)} tidak berisi. {remedy}")

    def _report_null(self, line: int, message: str) -> None:
        comment = _COMMENT_VALUE.search(self.lines[line - 1])
        self.report(line, _special_start("#") if comment else message)

    def _scalar(self, event: Any, line: int) -> Scalar:
        self.last = event
        scalar = Scalar(event.value, line, _STYLES[event.style or ""])
        if scalar.style is Style.PLAIN:
            self._check_plain(scalar, event)
        elif scalar.style is Style.QUOTED and (hidden := _INVISIBLE.search(scalar.text)):
            self.report(line, f"kode \\ di dalam tanda kutip menghasilkan {_character(hidden[0])}. Hapus kode itu")
        return scalar

    def _check_plain(self, scalar: Scalar, event: Any) -> None:
        text, end = scalar.text, event.end_mark
        if len(text) > 1 and text[0] in OPENING_CURLY and text[-1] in CLOSING_CURLY:
            self.report(scalar.line, _CURLY_MESSAGE)
        if _CLOSE_DASH.match(text) and not text[1].isdigit():
            self.report(scalar.line, _dash_message(text))
        inside = end.line < len(self.lines)  # damaged text can end one line after the last
        for row in range(event.start_mark.line + 1, end.line + inside):
            if self.lines[row].lstrip().startswith("- "):
                self.report(row + 1, _SWALLOWED_MESSAGE)
        cut = _CUT_BY_HASH.match(self.lines[end.line][end.column :]) if inside else None
        # Two spaces before # and one after are how a comment is written on purpose.
        if text and cut and (len(cut[1]) == 1 or not cut[2]):
            self.report(end.line + 1, _cut_message(text), warning=True)


def _line_of(event: Any) -> int:
    return int(event.start_mark.line) + 1


def _is_null(node: Node) -> bool:
    return isinstance(node, Scalar) and node.style is Style.PLAIN and node.text in NULLS


def _in_order(problems: Seq[Problem]) -> tuple[Problem, ...]:
    return tuple(sorted(problems, key=lambda problem: problem.line))


def _clean(lines: Seq[str], file: str) -> tuple[list[str], list[Problem]]:
    """Replace what cannot be seen by ordinary spaces, so that the rest of the file is checked too."""
    cleaned, problems = [], []
    for number, line in enumerate(lines, start=1):
        text = line.rstrip(" \t")  # at the end of a line they mean nothing, and a tab there stops PyYAML's own parser
        if found := _INVISIBLE.search(text):
            problems.append(Problem(file, number, f"ada {_character(found[0])} di baris ini. Ketik ulang baris ini"))
            text = _INVISIBLE.sub(" ", text)
        if found := _ODD_INDENT.match(text):
            message = "ada spasi khusus (hasil salin-tempel) di awal baris. Hapus, lalu ketik spasi biasa"
            problems.append(Problem(file, number, message, warning=True))
            text = re.sub(_ODD_SPACE, " ", found[0]) + text[found.end() :]
        if _TAB_INDENT.match(text):
            problems.append(Problem(file, number, _TAB_MESSAGE))
        cleaned.append(text)
    return cleaned, problems


def _encoding_message(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" in content[:100]:
        likely = "UTF-16 (di Notepad disebut Unicode)"
    else:
        likely = "Windows-1252 (ANSI)"
    return f'berkas ini bukan UTF-8, kemungkinan {likely}. Simpan ulang dengan pilihan "UTF-8"'


def _character(character: str) -> str:
    kind = "karakter rusak" if character == "\ufffd" else "karakter tersembunyi"
    return f"{kind} (U+{ord(character):04X})"


def _cut_message(text: str) -> str:
    return (
        f"teks terpotong oleh tanda #: yang terbaca hanya {shown(text[-SHOWN_CHARACTERS:])}. "
        "Apit seluruh teks dengan tanda kutip lurus; untuk catatan, tulis dua spasi sebelum # dan satu sesudahnya"
    )


def _special_start(character: str) -> str:
    return f'teks yang diawali tanda {character} harus diapit tanda kutip lurus: "{character}…"'


def _unclosed_message(quote: str) -> str:
    return f"tanda kutip {quote} yang dibuka di baris ini tidak ditutup. Tambahkan {quote} di akhir teksnya"


def _dash_message(text: str) -> str:
    return f'tulis spasi setelah tanda "-": {shown("- " + text[1:])}'


def _bracket_message(bracket: str) -> str:
    pair = {"[": "[ ]", "{": "{ }"}.get(bracket, "[ ] atau { }")
    return (
        f"kurung {pair} di baris ini tidak lengkap. Pisahkan isinya dengan koma dan tutup kurungnya; "
        "bila kurung itu bagian dari teks, apit seluruh teks dengan tanda kutip lurus"
    )


def _no_space_message(key: str) -> str:
    return f'tidak ada spasi setelah titik dua. Tulis "{key}: …"'


# What the parser was reading or missing, in libyaml's words or those of PyYAML's own parser, and what to tell.
_DIRECT: tuple[tuple[str, bool, str], ...] = (  # (fragment, at the context's line?, message)
    ("tab character", False, _TAB_MESSAGE),
    ("unexpected ':'", False, _no_space_message("kunci")),
    ("too deep", False, f"susunan ini bertingkat lebih dari {MAX_DEPTH}. Sederhanakan"),
    ("while scanning an alias", True, _special_start("*")),
    ("while scanning an anchor", True, _special_start("&")),
    ("while scanning a tag", True, _special_start("!")),
    ("while parsing a tag", True, _special_start("!")),
    ("while scanning a directive", True, _special_start("%")),
    ("mapping keys are not allowed", False, _special_start("?")),
    ("sequence entries are not allowed", False, 'daftar dimulai di baris baru: pindahkan "- …" ke bawah kuncinya'),
    ("while scanning a block scalar", True, 'setelah tanda "|" atau ">" jangan ada teks. Mulai teksnya di baris baru'),
    ("<document start>", False, 'baris "..." atau "---" menutup isi berkas lebih awal. Hapus baris itu'),
    ("escape", False, "tanda \\ tidak boleh di dalam \"…\". Hapus, atau pakai tanda kutip tunggal '…'"),
)
_LOST_STRUCTURE = ("could not find expected ':'", "did not find expected key", "'-' indicator", "<block end>")


def _explain(error: yaml.YAMLError, lines: Seq[str], last: Any) -> tuple[int, str]:
    """The 1-based line to look at and the likely cause of a syntax error, in Bahasa Indonesia."""
    fallback = "susunan YAML di sekitar baris ini tidak terbaca. Bandingkan dengan entri lain yang benar"
    if not isinstance(error, yaml.MarkedYAMLError) or error.problem_mark is None:
        return 0, fallback
    row = _last_filled(error.problem_mark.line, lines)
    start = _last_filled(error.context_mark.line, lines) if error.context_mark else row
    said = f"{error.context or ''} {error.problem or ''}"
    if "quoted scalar" in said and ("end of stream" in said or "document" in said) and error.context_mark:
        return start + 1, _unclosed_message(_character_at(error.context_mark, lines))
    if "cannot start any token" in said or "parsing a block node" in said:
        character = _character_at(error.problem_mark, lines)
        return row + 1, _TAB_MESSAGE if character == "\t" else _special_start(character)
    for fragment, at_start, message in _DIRECT:
        if fragment in said:
            return (start if at_start else row) + 1, message
    if "while parsing a flow" in said and error.context_mark:
        return start + 1, _bracket_message(_character_at(error.context_mark, lines))
    if "mapping values are not allowed" in said:
        return _explain_colon(row, lines)
    if any(fragment in said for fragment in _LOST_STRUCTURE):
        return _explain_structure(start if "simple key" in said else row, lines, last)
    return row + 1, fallback


def _explain_colon(row: int, lines: Seq[str]) -> tuple[int, str]:
    """The cause of a key where none may stand: text with ": " in it, or a slip on the line before."""
    value, before = _value(lines[row]), _last_filled(row - 1, lines)
    if value.startswith(tuple(OPENING_CURLY)):
        return row + 1, _CURLY_MESSAGE
    if ": " in value or value.endswith(":"):
        return row + 1, _COLON_MESSAGE
    if close := _CLOSE_COLON.match(lines[before]):
        return before + 1, _no_space_message(close[1])
    return row + 1, _INDENT_MESSAGE


def _explain_structure(row: int, lines: Seq[str], last: Any) -> tuple[int, str]:
    """The cause of a line that is neither the next key nor the next item."""
    line, value = lines[row], _value(lines[row])
    if close := _CLOSE_COLON.match(line):
        return row + 1, _no_space_message(close[1])
    if _CLOSE_DASH.match(line):
        return row + 1, _dash_message(line.strip())
    if last is not None and last.style in ("'", '"'):
        if last.end_mark.line > last.start_mark.line:
            return last.start_mark.line + 1, _unclosed_message(last.style)
        if last.end_mark.line == row:
            return row + 1, _AFTER_QUOTE_MESSAGE
    if value.startswith(("*", "&", "!", "{", "[")):
        return row + 1, _special_start(value[0])
    if last is not None and not last.style and _CUT_BY_HASH.match(lines[last.end_mark.line][last.end_mark.column :]):
        return last.end_mark.line + 1, _cut_message(last.value)
    if _is_key(line):
        return row + 1, _INDENT_MESSAGE
    above = next((text for text in reversed(lines[:row]) if _is_key(text)), "")
    if _BLOCK_START.search(above):
        return row + 1, _BLOCK_MESSAGE
    return row + 1, _LONE_TEXT_MESSAGE if not line.lstrip().startswith("-") else _INDENT_MESSAGE


def _is_key(line: str) -> bool:
    return bool(_KEY.match(_LIST_MARKS.sub("", line) + " "))


def _value(line: str) -> str:
    """What stands on a line after its list marks and its key."""
    return _KEY.sub("", _LIST_MARKS.sub("", line), count=1).strip()


def _character_at(mark: Any, lines: Seq[str]) -> str:
    return lines[mark.line][mark.column : mark.column + 1] if mark.line < len(lines) else ""


def _last_filled(row: int, lines: Seq[str]) -> int:
    """The row, or the last one above it, that has content: the parser often stumbles only at the end of the file."""
    at = min(row, len(lines) - 1)
    while at > 0 and (not lines[at].strip() or lines[at].lstrip().startswith("#")):
        at -= 1
    return max(at, 0)
