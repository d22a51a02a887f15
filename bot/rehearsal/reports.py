"""A rehearsal's report for the terminal, as Markdown and as CSV, in Bahasa Indonesia."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from bot.rehearsal.figures import EntryFigures, Report, Share
from bot.rehearsal.judge import Result, as_read
from bot.rehearsal.tables import csv_text, markdown_table

SHOWN_CONFUSIONS = 20  # pairs in a Markdown report; the CSV has all questions
COLUMNS = (
    "berkas",
    "baris",
    "percakapan",
    "pertanyaan",
    "gaya",
    "hasil",
    "golongan",
    "alasan",
    "harus",
    "keputusan",
    "entri",
    "skor",
    "balasan",
)
WORDS = {"answer": "jawab", "clarify": "tanya-balik", "decline": "tolak"}


def outcome(result: Result) -> str:
    """What became of a question, in the word the reports use."""
    if result.passed:
        return "lulus, hapus gagal_diketahui" if result.turn.known_failure else "lulus"
    return "gagal, sudah diketahui" if result.turn.known_failure else "gagal"


def text(report: Report, failures: int) -> str:
    """The report for the terminal; ``failures`` is the number of unforeseen results that are shown in full."""
    unforeseen = [result for result in report.results if not result.as_foreseen]
    lines = [line for result in unforeseen[:failures] for line in _told(result)]
    if len(unforeseen) > failures:
        lines += [f"... dan {len(unforeseen) - failures} lagi (--failures {len(unforeseen)} menampilkan semua)"]
    return "\n".join([*lines, *([""] if lines else []), *_summary(report)])


def _told(result: Result) -> Iterable[str]:
    yield f"{result.turn.file}:{result.turn.line}: {result.turn.question}"
    yield f"    {_why(result)}"


def _why(result: Result) -> str:
    return result.reason or "lulus: hapus gagal_diketahui"


def _summary(report: Report) -> list[str]:
    groups = {"Gaya": report.by_style(), "Berkas": report.by_topic()}
    wide = max((len(name) for shares in groups.values() for name in shares), default=0)
    lines = [f"{name}: {value}" for name, value in _totals(report)]
    for title, shares in groups.items():
        lines += ["", f"{title}:", *(f"  {name.ljust(wide)}  {share}" for name, share in shares.items())]
    lines += ["", "Yang diterima penanya:", *(f"  {count:5}  {name}" for name, count in report.verdicts().items())]
    return lines


def _totals(report: Report) -> list[tuple[str, str]]:
    return [
        ("Versi basis pengetahuan", report.version),
        ("Pertanyaan lulus", str(report.passed)),
        ("Percakapan lulus seluruhnya", str(report.dialogues)),
        ("Ketepatan jawaban langsung", str(report.precision)),
        ("Gagal", str(len(report.failures))),
        ("Gagal yang sudah diketahui", str(len(report.known))),
        ("Lulus padahal ditandai gagal_diketahui", str(len(report.mended))),
    ]


def markdown(report: Report, picture: str = "") -> str:
    """The report as a Markdown page; ``picture`` is the address of the confusion picture, "" for none."""
    parts = [
        "# Laporan uji tanya jawab",
        markdown_table(("Angka", "Nilai"), _totals(report)),
        "## Yang diterima penanya",
        markdown_table(("Golongan", "Banyak"), report.verdicts().items()),
        "## Menurut gaya bertanya",
        _shares("Gaya", report.by_style()),
        "## Menurut berkas",
        _shares("Berkas", report.by_topic()),
        "## Yang paling sering tertukar",
        *([f"![Entri yang paling sering tertukar]({picture})"] if picture else []),
        markdown_table(("Ditanyakan", "Yang keluar", "Kali"), report.confusions()[:SHOWN_CONFUSIONS]),
        "## Entri yang belum sempurna",
        markdown_table(("Entri", "Ditemukan", "Tepat", "Yang keluar sebagai gantinya"), _imperfect(report.entries())),
        "## Gagal",
        _results(report.failures),
        "## Gagal yang sudah diketahui",
        markdown_table(("Tempat", "Pertanyaan", "Alasan"), ([*_place(r), r.turn.known_failure] for r in report.known)),
        "## Lulus padahal ditandai gagal_diketahui",
        _results(report.mended),
    ]
    return "\n\n".join(parts) + "\n"


def _imperfect(entries: Iterable[EntryFigures]) -> Iterable[Sequence[object]]:
    for figures in entries:
        if figures.recall.rate < 1 or figures.precision.rate < 1:
            instead = ", ".join(f"{told} {count}×" for told, count in figures.taken_for)
            yield figures.entry, figures.recall, figures.precision, instead


def _results(results: Iterable[Result]) -> str:
    return markdown_table(("Tempat", "Pertanyaan", "Yang terjadi"), ([*_place(r), _why(r)] for r in results))


def _place(result: Result) -> tuple[str, str]:
    return f"{result.turn.file}:{result.turn.line}", result.turn.question


def _shares(title: str, shares: Mapping[str, Share]) -> str:
    return markdown_table((title, "Lulus"), shares.items())


def table_of_questions(report: Report) -> str:
    """Every question with its reply as CSV with a heading, lines ending in CR LF as the format wants."""
    return csv_text(COLUMNS, (_row(result) for result in report.results))


def _row(result: Result) -> Sequence[object]:
    turn, reply = result.turn, result.reply
    return (
        turn.file,
        turn.line,
        result.conversation if result.in_dialogue else "",
        turn.question,
        turn.style,
        outcome(result),
        result.verdict.value,
        result.reason,
        " ".join(turn.must),
        WORDS[reply.decision.value],
        " ".join(reply.entries),
        f"{reply.score:.3f}",
        as_read(reply),
    )
