"""How much the gazetteer finds, and how often it is wrong, on the real table (``pytest -s`` prints the figures)."""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.curation.load import load
from bot.model import Knowledge, Region, RegionType
from bot.regions.gazetteer import Gazetteer, Mention

KNOWLEDGE = Path(__file__).parents[2] / "knowledge"
SENTENCES = Path(__file__).with_name("ordinary_sentences.txt")
SEED = 100
RECALL = 0.98  # of official and everyday names, and of names with one typo
FALSE_HITS = 0.01  # of ordinary sentences
KEY_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
MARKERS = {RegionType.PROVINCE: "prov ", RegionType.REGENCY: "kab. ", RegionType.CITY: "kota "}
FRAMES = (
    "{}",
    "{} 2019",
    "apakah {} sudah masuk belum min",
    "{} ikut tahun brp ya",
    "daerah saya {} kok blm dapat undangan",
    "kalau {} gimana",
    "mohon info apakah {} termasuk peserta program ini",
    "min cek {} ada di daftar ga?",
    "yg dari {} siapa pembimbingnya kak",
    "is {} a participant?",
)


@dataclass(frozen=True, slots=True)
class Sample:
    """A text that names one region."""

    text: str
    code: str


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    loaded, problems = load(KNOWLEDGE)
    assert loaded, problems
    return loaded


@pytest.fixture(scope="module")
def gazetteer(knowledge: Knowledge) -> Gazetteer:
    """As the bot builds it: with the vocabulary of the FAQ as common words."""
    utterances = " ".join(text for entry in knowledge.entries.values() for text in entry.utterances)
    return Gazetteer(knowledge.regions, knowledge.other_places, set(utterances.lower().split()))


def key(name: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", name.lower()) if c.isalnum())


def with_typo(name: str, rng: random.Random) -> str:
    """The name with one letter dropped, swapped, slipped to the next key, or doubled; the place is random."""
    while True:
        at = rng.randrange(len(name))
        row = next((row for row in KEY_ROWS if name[at] in row), "")
        if not row:
            continue
        beside = row[max(0, row.index(name[at]) - 1) : row.index(name[at]) + 2].replace(name[at], "")
        typed = rng.choice((
            name[:at] + name[at + 1 :],
            name[:at] + name[at + 1 : at + 2] + name[at] + name[at + 2 :],
            name[:at] + rng.choice(beside) + name[at + 1 :],
            name[: at + 1] + name[at:],
        ))  # fmt: skip
        if key(typed) != key(name):
            return typed


def official(region: Region, rng: random.Random) -> Iterator[str]:
    yield region.full_name
    yield region.name


def everyday(region: Region, rng: random.Random) -> Iterator[str]:
    yield MARKERS[region.type] + region.name.lower()
    yield key(region.name)
    for alias in region.aliases:
        yield alias.lower()


def mistyped(region: Region, rng: random.Random) -> Iterator[str]:
    name = region.name.lower()
    if len(key(name)) > 4:
        yield with_typo(name, rng)
    yield MARKERS[region.type] + with_typo(name, rng)


FORMS = {"official": official, "everyday": everyday, "one typo": mistyped}


def samples(knowledge: Knowledge, form: str) -> list[Sample]:
    """The texts of one form; typos that spell another name exactly are left out."""
    rng = random.Random(SEED)
    regions = knowledge.regions.values()
    names = {key(name) for r in regions for name in (r.name, *r.aliases)}
    names |= {key(name) for place in knowledge.other_places for name in place.names}
    found = []
    for region in regions:
        for typed in FORMS[form](region, rng):
            bare = typed.removeprefix(MARKERS[region.type])
            if form == "one typo" and key(bare) in names:
                continue
            found.append(Sample(rng.choice(FRAMES).format(typed), region.code))
    return found


def is_right(mentions: tuple[Mention, ...], sample: Sample) -> bool:
    """Right is one mention, with the region among its candidates; weak ones beside it do not count."""
    certain = [mention for mention in mentions if not mention.weak or sample.code in mention.codes]
    return len(certain) == 1 and sample.code in certain[0].codes


@pytest.mark.parametrize("form", FORMS)
def test_recall(knowledge: Knowledge, gazetteer: Gazetteer, form: str) -> None:
    """Nearly every name is found, in all ways that people write it."""
    texts = samples(knowledge, form)
    missed = [sample for sample in texts if not is_right(gazetteer.find(sample.text), sample)]
    recall = 1 - len(missed) / len(texts)
    print(f"\nrecall, {form}: {recall:.4f} of {len(texts)}")
    for sample in missed:
        print("  ", sample.text, "→", [(m.codes, m.weak) for m in gazetteer.find(sample.text)])
    assert len(texts) >= 600
    assert recall >= RECALL


@pytest.mark.parametrize("form", ["official", "everyday"])
def test_exact_names_have_no_other_candidates_than_their_namesakes(
    knowledge: Knowledge, gazetteer: Gazetteer, form: str
) -> None:
    """A rightly written name never brings a region of another name."""
    spelt = {code: {key(n) for n in (r.name, *r.aliases)} for code, r in knowledge.regions.items()}
    for sample in samples(knowledge, form):
        for mention in gazetteer.find(sample.text):
            if sample.code in mention.codes and mention.kind != "island":
                assert all(spelt[code] & spelt[sample.code] for code in mention.codes), sample


def test_marker_leaves_one_candidate(knowledge: Knowledge, gazetteer: Gazetteer) -> None:
    """Type and name together are unique over the whole table."""
    for region in knowledge.regions.values():
        (mention,) = gazetteer.find(region.full_name)
        assert mention.codes == (region.code,)


def test_ordinary_sentences_name_no_region(knowledge: Knowledge) -> None:
    """What officials write without naming a region is hardly ever taken for one, even without the FAQ's vocabulary."""
    gazetteer = Gazetteer(knowledge.regions, knowledge.other_places, ())
    sentences = [line for line in SENTENCES.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    false = [(s, [s[m.start : m.end] for m in gazetteer.find(s)]) for s in sentences]
    false = [(s, hits) for s, hits in false if any(not m.weak for m in gazetteer.find(s))]
    weak = sum(any(m.weak for m in gazetteer.find(s)) for s in sentences)
    print(f"\nordinary sentences: {len(sentences)}, with a false hit {len(false)}, with a weak one {weak}")
    for sentence, hits in false:
        print("  ", sentence, "→", hits)
    assert len(sentences) >= 200
    assert len(false) <= FALSE_HITS * len(sentences)
