"""What is worth a look though nothing is wrong: phrasings that overlap; entries that are thin, out of reach or long.

Everything here is a warning with a suggestion, except two phrasings that the bot reads as the very same words: one of
them can never be answered.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from bot.curation.places import Place, Places
from bot.dialogue.mind import OUTSIDE, PATTERN, phrasings
from bot.dialogue.wording import name_source, short_date
from bot.language.matching import Matcher
from bot.language.normalize import Terms
from bot.language.overlap import Overlap, Taken, neighbours, never_first, overlaps, taken
from bot.model import Entry, EntryKind, Knowledge, Problem
from bot.yamlfile import shown

FEWEST_PHRASINGS = 8  # below it new wordings are found too rarely; the knowledge has 19 and more
LONGEST_MESSAGE = 4096  # UTF-16 units of a Telegram message; more comes as a second one
MOST_NAMED = 3  # entries named as those that take the phrasings of another


@dataclass(frozen=True, slots=True)
class _Lint:
    """What all findings are told with."""

    knowledge: Knowledge
    matcher: Matcher
    places: Places

    def label(self, row: int) -> str:
        return self.matcher.labels[int(self.matcher.label_of[row])]

    def place(self, row: int) -> Place:
        label, text = self.label(row), self.matcher.utterances[row]
        return self.places.get((label, text)) or self.whole(label)

    def whole(self, label: str) -> Place:
        return self.places.get((label, ""), Place("knowledge"))

    def quoted(self, row: int) -> str:
        return f"{shown(self.matcher.utterances[row])} ({_named(self.label(row))}"


def matcher_of(knowledge: Knowledge) -> Matcher:
    """The matcher of a knowledge without calibrated cuts, which lint has no use for: about 2 s for 6,000 phrasings."""
    pairs = list(phrasings(knowledge))
    return Matcher([text for _, text in pairs], [label for label, _ in pairs], Terms.compile(knowledge.terms))


def lint(knowledge: Knowledge, matcher: Matcher, places: Places) -> tuple[Problem, ...]:
    """Everything worth a look, by file and line; ``matcher`` and ``places`` come from the same files.

    Example: ``lint(knowledge, matcher_of(knowledge), locate(folder))``
    """
    common = _Lint(knowledge, matcher, places)
    found = [*_overlapping(common), *_thin(common), *_unreachable(common), *_long(common)]
    return tuple(sorted(found, key=lambda problem: (problem.file, problem.line, problem.message)))


def _named(label: str) -> str:
    """A label as staff know it.

    >>> _named("syarat-seleksi"), _named("@daftar"), _named("-ktp")
    ('entri "syarat-seleksi"', 'pola "daftar"', 'luar topik "ktp"')
    """
    if label.startswith(PATTERN):
        return f'pola "{label.removeprefix(PATTERN)}"'
    return f'luar topik "{label.removeprefix(OUTSIDE)}"' if label.startswith(OUTSIDE) else f'entri "{label}"'


# --- overlaps -------------------------------------------------------------------------------------------------------


def _overlapping(lint: _Lint) -> Iterator[Problem]:
    """One warning for every two items that overlap, at the phrasing that shows it best."""
    pairs: dict[frozenset[str], list[Overlap]] = {}
    near = neighbours(lint.matcher)
    for pair in overlaps(lint.matcher, near):
        labels = frozenset({lint.label(pair.first), lint.label(pair.second)})
        if _is_staffs(labels, lint.knowledge):
            pairs.setdefault(labels, []).append(pair)
    lost: dict[frozenset[str], list[Taken]] = {}
    for loss in taken(lint.matcher, lint.knowledge.entries.keys(), near):
        lost.setdefault(frozenset({lint.label(loss.row), loss.label}), []).append(loss)
    for alike in pairs.values():
        yield _alike(alike, lint)
    for labels, losses in lost.items():
        if labels not in pairs:
            yield _lost(losses, lint)


def _is_staffs(labels: Collection[str], knowledge: Knowledge) -> bool:
    """Whether it is worth telling: an entry is part of it, and it is more than two ways of being polite."""
    entries = [knowledge.entries[label] for label in labels if label in knowledge.entries]
    return any(entry.kind is not EntryKind.SMALL_TALK for entry in entries)


def _alike(pairs: Sequence[Overlap], lint: _Lint) -> Problem:
    best = pairs[0]
    other, at = sorted((best.first, best.second), key=lint.place)
    same = "dibaca sama persis dengan" if best.identical else "hampir sama dengan"
    message = f"{lint.quoted(at)}) {same} {lint.quoted(other)}, {lint.place(other)}). "
    if best.identical:
        message += "Hapus salah satunya"
    else:
        message += "Bila maksudnya sama, hapus salah satunya; bila berbeda, tambahkan kata yang membedakannya"
    if len(pairs) > 1:
        message += f". Masih ada {len(pairs) - 1} pasangan mirip di antara keduanya: mungkin lebih baik digabungkan"
    place = lint.place(at)
    return Problem(place.file, place.line, message, warning=not best.identical)


def _lost(losses: Sequence[Taken], lint: _Lint) -> Problem:
    worst = max(losses, key=lambda loss: loss.lead)
    own, place = lint.label(worst.row), lint.place(worst.row)
    nearest = f"{shown(lint.matcher.utterances[worst.nearest])} ({lint.place(worst.nearest)})"
    remedy = "Pindahkan ke sana" if worst.label in lint.knowledge.entries else "Hapus"
    message = (
        f"{lint.quoted(worst.row)}): bila ditanyakan dengan kata yang sedikit lain, yang terpilih "
        f"{_named(worst.label)}, karena {nearest} lebih dekat. "
        f"{remedy}, atau tambahkan pertanyaan sejenis di {_named(own)}"
    )
    if len(losses) > 1:
        message += f". Begitu juga {len(losses) - 1} pertanyaan lain di antara keduanya"
    return Problem(place.file, place.line, message, warning=True)


# --- entries --------------------------------------------------------------------------------------------------------


def _entry_warning(entry: Entry, message: str, lint: _Lint) -> Problem:
    place = lint.whole(entry.id)
    return Problem(place.file, place.line, f"{_named(entry.id)} {message}", warning=True)


def _thin(lint: _Lint) -> Iterator[Problem]:
    for entry in lint.knowledge.entries.values():
        count = len(entry.utterances)
        if count < FEWEST_PHRASINGS:
            message = (
                f"baru memuat {count} pertanyaan. Tambahkan sampai paling sedikit {FEWEST_PHRASINGS}, dengan kata-kata "
                "yang benar-benar berbeda: resmi, obrolan, tidak langsung, bahasa Inggris"
            )
            yield _entry_warning(entry, message, lint)


def _unreachable(lint: _Lint) -> Iterator[Problem]:
    """Entries that none of their phrasings leads to; of a few phrasings, leaving one out says nothing."""
    entries = [e for e in lint.knowledge.entries.values() if len(e.utterances) >= FEWEST_PHRASINGS]
    for label, winners in never_first(lint.matcher, {entry.id for entry in entries}):
        takers = sorted(set(winners), key=lambda winner: (-winners.count(winner), winner))[:MOST_NAMED]
        message = (
            "tidak pernah terpilih untuk pertanyaan yang mirip pertanyaannya sendiri; yang terpilih "
            f"{', '.join(map(_named, takers))}. Gabungkan dengan entri itu, atau tulis ulang pertanyaannya dengan "
            "kata-kata yang khas untuk entri ini"
        )
        yield _entry_warning(lint.knowledge.entries[label], message, lint)


def _long(lint: _Lint) -> Iterator[Problem]:
    for entry in lint.knowledge.entries.values():
        longest = max(_length(answer, sources, entry, lint) for answer, sources in _answers(entry))
        if longest > LONGEST_MESSAGE:
            message = (
                f"terlalu panjang untuk satu pesan: {longest} karakter bersama kutipan dan sumbernya, paling banyak "
                f"{LONGEST_MESSAGE}. Singkatkan, atau biarkan terkirim sebagai dua pesan (lihat: python -m bot show "
                f"{entry.id})"
            )
            yield _entry_warning(entry, message, lint)


def _answers(entry: Entry) -> Iterator[tuple[str, tuple[str, ...]]]:
    yield entry.answer, entry.sources
    for variant in entry.variants:
        yield variant.answer, variant.sources or entry.sources


def _length(answer: str, sources: Sequence[str], entry: Entry, lint: _Lint) -> int:
    """Length of a message in the units in which Telegram counts."""
    source = lint.knowledge.sources.get(sources[0]) if sources else None
    told = {"sumber": name_source(source) if source else "", "tanggal": short_date(entry.checked)}
    footer = lint.knowledge.messages["sumber"].format_map(told)
    parts = [part for part in (answer, entry.quote, footer) if part]
    return len("\n\n".join(parts).encode("utf-16-le")) // 2
