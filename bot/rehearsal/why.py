"""Why the bot replies as it does: what it read, what came close and by which words, the cuts, the decision. Pure.

For staff, in Bahasa Indonesia. The same knowledge, question and day give the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import pairwise
from typing import assert_never

from bot.dialogue.compose import Setting
from bot.dialogue.interpret import RANKED, Question
from bot.dialogue.message import read_message
from bot.dialogue.mind import OUTSIDE, PATTERN, Mind
from bot.dialogue.model import (
    AnswerEntry,
    AskAboutYear,
    AskMeta,
    AskTable,
    AskWhichRegion,
    Context,
    Decline,
    OfferEntries,
    Outcome,
    RegionQuery,
    Scored,
    SetRegion,
    TellPlace,
)
from bot.dialogue.parts import read_parts
from bot.dialogue.pick import picked
from bot.dialogue.table import query_title
from bot.dialogue.turn import LONGEST, take_turn
from bot.language.matching import DECIMALS, Candidate, Ranking, lead
from bot.language.normalize import YEAR_WORD, tokens
from bot.model import OffTopic, Reply
from bot.regions.gazetteer import Mention
from bot.rehearsal.judge import DOING

SHOWN = 5  # candidates
TERMS = 4  # words named that carried a phrasing
PLACEHOLDERS = {"xdaerah": "<daerah>", "xprovinsi": "<provinsi>", YEAR_WORD: "<tahun>"}
FAINTEST = 0.005  # of a cosine; what a word adds less is rounding


def why(text: str, mind: Mind, today: date, before: Sequence[str] = ()) -> str:
    """Explains the reply to ``text``, said after the messages ``before``; ``today`` decides which answers have expired.

    Example: ``print(why("kalau 2019?", mind, date(2026, 11, 21), before=["apakah lamongan masuk 2018"]))``
    """
    context, own = Context(), ""
    setting = Setting(today)
    for said in before:
        turn = take_turn(said, context, mind, setting, own or context.region or None)
        context, own = turn.context, own if turn.remember is None else turn.remember
    region = own or context.region or None
    turn = take_turn(text, context, mind, setting, region)
    lines = [f"Pertanyaan: {_flat(text)}", f"Versi basis pengetahuan: {mind.knowledge.version}"]
    lines += [f"Sebelumnya: {_flat(said)}" for said in before]
    lines += _remembered(context, region, mind)
    decided, read = _reading(text.strip(), context, mind, region)
    return "\n".join([*lines, *decided, f"Balasan: {_did(turn.reply)}", *read])


def _flat(text: str) -> str:
    return " ".join(text.split())


def _remembered(context: Context, region: str | None, mind: Mind) -> Iterator[str]:
    """What the messages before left behind."""
    if context.entry:
        yield f"Diingat: jawaban terakhir {_entry(context.entry, mind)}"
    if context.query:
        yield f"Diingat: pertanyaan tabel terakhir, {_table(RegionQuery.decode(context.query), mind)}"
    if context.pending:
        yield "Diingat: daerah masih ditunggu"
    if context.report:
        yield f"Diingat: laporan data tentang {_region(context.report, mind)} masih ditunggu"
    if region:
        yield f"Daerah penanya: {_region(region, mind)}"


def _reading(text: str, context: Context, mind: Mind, region: str | None) -> tuple[list[str], list[str]]:
    """What was decided on the message, and how it was read; nothing of the latter where it was not read."""
    if len(text) > LONGEST:
        return [f"Keputusan: tidak dibaca, karena lebih panjang daripada {LONGEST} huruf"], []
    chosen = picked(text, context, mind)
    if chosen is not None:
        return [f"Keputusan: memilih yang ditawarkan sebelumnya, {dict(context.choices)[chosen]}"], []
    decided = [f"Keputusan: {_told(outcome, mind)}" for outcome in read_message(text, context, mind, region)]
    parts = read_parts(text, mind)
    read = [f"Disisihkan sebagai sapaan: {part.text}" for part in parts.aside] if parts.content else []
    read += [f"Hanya keterangan, bukan pertanyaan: {part.text}" for part in parts.told]
    read += _question("Seluruh pesan", parts.whole, mind)
    if len(parts.content) > 1:
        for number, part in enumerate(parts.content, 1):
            read += _question(f"Bagian {number}", part, mind)
    return decided, read


def _did(reply: Reply) -> str:
    """What the person gets; an answer that has expired, or that says there are no data, declines."""
    named = f" ({', '.join(reply.entries)})" if reply.entries else ""
    offered = f", pilihan: {' | '.join(choice.label for choice in reply.choices)}" if reply.choices else ""
    return f"{DOING[reply.decision]}{named}{offered}"


# --- one question ---------------------------------------------------------------------------------------------------


def _question(title: str, question: Question, mind: Mind) -> Iterator[str]:
    ranking = question.ranking
    yield ""
    yield f"{title}: {_flat(question.text)}"
    yield f"  Dibaca: {' '.join(map(_word, ranking.words)) or '(tidak ada kata)'}"
    pairs = zip(ranking.words, ranking.repaired, strict=True)
    repairs = [f"{typed} → {meant}" for typed, meant in pairs if typed != meant]
    yield f"  Ejaan diperbaiki: {', '.join(repairs) or 'tidak ada'}"
    yield f"  Kata yang dikenal: {ranking.known:.0%}"
    yield from (f"  Tempat: {_mention(m, question, mind)}" for m in mind.gazetteer.find(question.text))
    yield from _slots(question)
    for number, candidate in enumerate(ranking.candidates[:SHOWN], 1):
        yield from _candidate(number, candidate, ranking, mind)
    yield from _left_out(question, mind)
    yield from _measured(question, mind)


def _word(word: str) -> str:
    """A word as staff know it: what stands for a place or a year as in ``tanya-wilayah.yaml``."""
    return PLACEHOLDERS.get(word, word)


def _mention(mention: Mention, question: Question, mind: Mind) -> str:
    said = question.text[mention.start : mention.end].strip()
    meant = " atau ".join(_region(code, mind) for code in mention.codes) or "bukan kabupaten/kota"
    notes = [] if mention.exact else ["salah ketik diperbaiki"]
    if mention.weak:
        notes.append("mungkin kata biasa")
        notes.append("dibaca sebagai tempat" if mention in question.mentions else "tidak dibaca sebagai tempat")
    return f'"{said}" = {meant}' + (f" ({', '.join(notes)})" if notes else "")


def _slots(question: Question) -> Iterator[str]:
    slots = question.slots
    if slots.years:
        yield f"  Tahun: {', '.join(map(str, slots.years))}"
    if slots.numbers:
        yield f"  Nomor: {', '.join(map(str, slots.numbers))}"
    if slots.type:
        yield f"  Hanya: {slots.type.value}"
    if slots.mine or slots.my_province:
        yield f"  Disebut: {'daerah saya' if slots.mine else 'provinsi saya'}"


def _candidate(number: int, candidate: Candidate, ranking: Ranking, mind: Mind) -> Iterator[str]:
    name = _label(candidate.label, mind)
    told = f"skor {candidate.score:.3f}, kata tercakup {candidate.covered:.0%}"
    yield f"  {number}. {name}: nilai {candidate.standing:.3f} ({told})"
    carried = carriers(ranking, candidate, mind)[:TERMS]
    words = ", ".join(f"{term} {share:.2f}" for term, share in carried)
    yield f'     lewat "{candidate.utterance}" (mirip {candidate.cosine:.2f}{f": {words}" if words else ""})'


def _left_out(question: Question, mind: Mind) -> Iterator[str]:
    """Labels that came close but may not stand for this message: greetings and region questions it has more than."""
    eligible = {candidate.label for candidate in question.ranking.candidates}
    for candidate in mind.matcher.rank(question.masked, RANKED).candidates[:SHOWN]:
        if candidate.label not in eligible:
            yield f"  Disisihkan, pesan ini bukan itu saja: {_label(candidate.label, mind)}, skor {candidate.score:.3f}"


def _measured(question: Question, mind: Mind) -> Iterator[str]:
    """The figures that the cuts are compared with."""
    ranking = question.ranking
    if not ranking.candidates:
        return
    top, cuts = ranking.candidates[0], mind.cuts
    ahead = lead([candidate.standing for candidate in ranking.candidates[:2]])
    yield f"  Keyakinan {ranking.confidence:.3f} (unggul {ahead:.3f}, kata tercakup {top.covered:.0%})"
    yield f"  Kecocokan dengan isi pengetahuan {question.belonging:.3f}"
    yield f"  Ambang jawab: keyakinan {cuts.answer:.3f}, {_reached(ranking.confidence >= cuts.answer)}"
    entry = mind.knowledge.entries.get(top.label)
    if entry is not None and entry.threshold is not None:
        reached = _reached(top.score >= entry.threshold)
        yield f"  Ambang entri ini sendiri, sebagai gantinya: skor {entry.threshold:.3f}, {reached}"
    yield f"  Ambang tolak: kecocokan {cuts.decline:.3f}, {_reached(question.belonging >= cuts.decline)}"
    yield f"  Ambang dipelajari dari {'pertanyaan uji' if cuts.rehearsed else 'rumusan pertanyaan entri'}"


def _reached(reached: bool) -> str:
    return "tercapai" if reached else "tidak tercapai"


# --- what carried a phrasing ----------------------------------------------------------------------------------------


def carriers(ranking: Ranking, candidate: Candidate, mind: Mind) -> list[tuple[str, float]]:
    """The words, and pairs of words, by which the question is like the candidate's phrasing: most evidence first.

    Each with its share of the cosine (0-1); together they give the cosine, which is the mean of the words as typed and
    as repaired. A piece of letters that several words have counts for each of them alike.
    """
    phrasing = _weights(tokens(candidate.utterance, mind.terms), mind)
    names = [_word(word) for word in ranking.repaired]
    found: dict[str, float] = {}
    for words in (ranking.words, ranking.repaired):
        owners = _owners(words, names, mind)
        for feature, weight in _weights(words, mind).items():
            part = weight * phrasing.get(feature, 0.0) / 2
            for term in owners.get(feature, ()):
                found[term] = found.get(term, 0.0) + part / len(owners[feature])
    kept = ((term, share) for term, share in found.items() if share >= FAINTEST)
    return sorted(kept, key=lambda item: (-round(item[1], DECIMALS), item[0]))


def _weights(words: Sequence[str], mind: Mind) -> dict[int, float]:
    """The vector of a text: feature number → weight."""
    numbers, weights = mind.matcher.postings.vector(words)
    return dict(zip(numbers.tolist(), weights.tolist(), strict=True))


def _owners(words: Sequence[str], names: Sequence[str], mind: Mind) -> dict[int, list[str]]:
    """Which words, or else which pairs, a feature comes from; words are called by their ``names``."""
    owners: dict[int, list[str]] = {}
    named = list(zip(words, names, strict=True))
    for word, name in dict(named).items():
        for feature in _weights((word,), mind):
            owners.setdefault(feature, []).append(name)
    for (one, name), (other, next_name) in pairwise(named):
        for feature in _weights((one, other), mind):
            owners.setdefault(feature, [f"{name} {next_name}"])
    return owners


# --- in words -------------------------------------------------------------------------------------------------------


def _told(outcome: Outcome, mind: Mind) -> str:
    """What was decided."""
    match outcome:
        case AnswerEntry():
            number = f", nomor {outcome.number}" if outcome.number else ""
            year = f", tahun {outcome.year}" if outcome.year else ""
            return f"menjawab dengan {_entry(outcome.entry, mind)}{year}{number}"
        case AskTable(query=query):
            return f"menjawab dari tabel, {_table(query, mind)}"
        case OfferEntries(options=options):
            offered = (_entry(o.entry, mind) if isinstance(o, Scored) else _table(o.query, mind) for o in options)
            return f"menawarkan {' | '.join(offered)}"
        case AskWhichRegion(candidates=codes):
            return f"menanyakan daerahnya: {' | '.join(_region(code, mind) for code in codes) or 'belum disebut'}"
        case TellPlace(place=place):
            return f"menjelaskan tempat {place.names[0]}"
        case AskAboutYear(years=years):
            return f"menanyakan apanya dari tahun {', '.join(map(str, years))}"
        case SetRegion(codes=codes, sure=sure):
            return f"{'mencatat' if sure else 'menawarkan mencatat'} daerah penanya, {_region(codes[0], mind)}"
        case AskMeta(meta=meta):
            return f"pertanyaan tentang jawaban terakhir, {meta.value}"
        case Decline():
            return f"menolak, {_declined(outcome.off_topic, nonsense=outcome.nonsense)}"
    assert_never(outcome)


def _declined(group: OffTopic | None, *, nonsense: bool) -> str:
    if nonsense:
        return "terlalu sedikit kata yang dikenal"
    return f'di luar topik: {group.id} "{group.title}"' if group else "tidak ada yang cukup dekat"


def _label(label: str, mind: Mind) -> str:
    if label.startswith(PATTERN):
        return f"pola {label.removeprefix(PATTERN)}"
    if label.startswith(OUTSIDE):
        return f"luar topik {label.removeprefix(OUTSIDE)}"
    return _entry(label, mind)


def _entry(entry: str, mind: Mind) -> str:
    return f'{entry} "{mind.knowledge.entries[entry].title}"'


def _region(code: str, mind: Mind) -> str:
    return mind.knowledge.regions[code].full_name if code in mind.knowledge.regions else code


def _table(query: RegionQuery, mind: Mind) -> str:
    """A table question by its button's label and all its places and years."""
    places = ", ".join(_region(code, mind) for code in (*query.regions, *query.provinces))
    years = ", ".join(map(str, query.years))
    filled = "; ".join(part for part in (places, years) if part)
    return query_title(query, mind) + (f" ({filled})" if filled else "")
