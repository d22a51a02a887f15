"""Searching as somebody types: what is meant comes first, nothing comes twice, and noise finds nothing."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import date

import pytest

from bot.dialogue.compose import Setting
from bot.dialogue.mind import Mind
from bot.dialogue.search import popular, search
from bot.model import EntryKind, Finding

SETTING = Setting(date(2026, 11, 21), group=True)
MOST = 20
SLOWEST = 0.2  # seconds on a busy machine; some 15 ms on an idle one


def found(text: str, mind: Mind, most: int = MOST) -> list[str]:
    return [finding.id for finding in search(text, mind, SETTING, most)]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("syarat", "e:syarat-seleksi"),
        ("syar", "e:syarat-seleksi"),
        ("SYARAT  SELEKSI!", "e:syarat-seleksi"),
        ("biaya", "e:biaya-pendaftaran"),
        ("apa itu quick win?", "e:pengertian-quick-win"),
        ("lamongan", "w:anggota;35.24;;;"),
        ("lamon", "w:anggota;35.24;;;"),
        ("kab lamong", "w:anggota;35.24;;;"),
        ("saya dari lamongan", "w:anggota;35.24;;;"),
        ("apakah lamongan masuk 2018", "w:anggota;35.24;;2018;"),
        ("malang", "w:anggota;35.07;;;"),
        ("daftar peserta 2018", "w:daftar;;;2018;"),
        ("2018", "w:daftar;;;2018;"),
        ("jumlah peserta 2018", "w:jumlah;;;2018;"),
    ],
)
def test_what_is_meant_comes_first(mind: Mind, text: str, first: str) -> None:
    """The answer of the bot itself, or what begins like the words, leads the list."""
    assert found(text, mind)[0] == first


def test_an_entry_is_found_by_its_title(mind: Mind) -> None:
    """Whoever knows what an answer is called finds it, typed whole or as the beginnings of its words."""
    for entry in list(mind.knowledge.entries.values())[::20]:
        if entry.kind is not EntryKind.SMALL_TALK:
            begun = " ".join(word[:4] for word in entry.title.split())
            assert all(f"e:{entry.id}" in found(text, mind) for text in (entry.title, begun)), entry.id


@pytest.mark.parametrize("text", ["", "   ", "xyzzy", "resep rendang", "halo min", "terima kasih", "???"])
def test_nothing_to_find(mind: Mind, text: str) -> None:
    """Noise, small talk and other topics find nothing."""
    assert found(text, mind) == []


def test_both_regions_of_a_name(mind: Mind) -> None:
    """Nothing is asked back: every region that may be meant is shown."""
    assert set(found("malang", mind)) >= {"w:anggota;35.07;;;", "w:anggota;35.73;;;"}


TEXTS = ["s", "kota", "syarat", "apakah lamongan masuk 2018", "siapa peserta dari papua", "malang batu 2018", "a" * 256]


@pytest.mark.parametrize("text", TEXTS)
def test_limits(mind: Mind, text: str) -> None:
    """Ids are distinct and fit a result, titles and texts are there, and no more comes than is asked for."""
    findings = search(text, mind, SETTING, MOST)
    assert len({finding.id for finding in findings}) == len(findings) <= MOST
    assert all(1 <= len(finding.id.encode()) <= 64 and finding.title and finding.reply.text for finding in findings)
    assert search(text, mind, SETTING, 3) == findings[:3]


def test_it_is_quick_enough_to_type(mind: Mind) -> None:
    """Every pause in typing is a search."""
    start = time.perf_counter()
    for text in TEXTS:
        search(text, mind, SETTING, MOST)
    assert (time.perf_counter() - start) / len(TEXTS) < SLOWEST


def test_an_expired_entry_is_not_found(mind: Mind) -> None:
    """What is being renewed is no fact to be sent to others."""
    entry = replace(mind.knowledge.entries["syarat-seleksi"], valid_until=date(2026, 11, 20))
    knowledge = replace(mind.knowledge, entries={**mind.knowledge.entries, entry.id: entry})
    assert "e:syarat-seleksi" not in found("syarat seleksi", replace(mind, knowledge=knowledge))


def ids(findings: tuple[Finding, ...]) -> list[str]:
    return [finding.id for finding in findings]


def test_popular(mind: Mind) -> None:
    """What is asked most, then one answer of each topic, each once; what is no more is left out."""
    shelves = ids(popular((), mind, SETTING, 50))
    firsts = [mind.knowledge.entries[ident.removeprefix("e:")] for ident in shelves]
    assert len({entry.topic for entry in firsts}) == len(firsts) > 10
    assert all(entry.kind is EntryKind.FACT for entry in firsts)
    asked = ("biaya-pendaftaran", "sudah-dihapus", firsts[0].id)
    assert ids(popular(asked, mind, SETTING, 4)) == ["e:biaya-pendaftaran", shelves[0], shelves[1], shelves[2]]
