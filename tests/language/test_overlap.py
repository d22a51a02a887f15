"""Phrasings of different labels that ask the same."""

from __future__ import annotations

import pytest

from bot.language.matching import Matcher
from bot.language.normalize import Terms
from bot.language.overlap import SHARED, TAKEN_LEAD, never_first, overlaps, taken

TERMS = Terms.compile({"brp": "berapa", "kpn": "kapan", "knp": "mengapa", "yg": "yang"})
OTHERS = {  # other things to ask, so that words are rare or frequent as they are in a real knowledge
    "biaya": ["biaya ikut program", "apakah ikut program dipungut biaya", "ikut program bayar tidak"],
    "asesor": ["siapa asesornya", "asesor dari kampus mana", "nama asesor tahun ini"],
    "jadwal": ["jadwal bimtek tahun ini", "kapan bimtek dimulai", "bimtek mulai tanggal berapa"],
    "tempat": ["di mana bimtek diadakan", "tempat bimtek", "lokasi bimtek di kota mana"],
    "hadiah": ["hadiah pemenang apa", "pemenang dapat hadiah apa", "bentuk hadiahnya"],
}


def matcher(*planted: tuple[str, str]) -> Matcher:
    pairs = [*((label, text) for label, texts in OTHERS.items() for text in texts), *planted]
    return Matcher([text for _, text in pairs], [label for label, _ in pairs], TERMS)


def labels_of(found: Matcher, row: int) -> str:
    return found.labels[int(found.label_of[row])]


SAME = {
    "word order": ("berapa lama masa berlaku MoU", "masa berlaku MoU berapa lama"),
    "chat spelling": ("berapa lama masa berlaku MoU", "brp lama masa berlaku mou"),
    "courtesies": ("berapa lama masa berlaku MoU", "selamat pagi min, mohon info berapa lama masa berlaku MoU ya"),
    "suffixes": ("berapa lama masa berlaku MoU", "masa berlakunya MoU berapa lama"),
    "typing mistake": ("alamat pengiriman berkas", "alamat pengirimn berkas"),
    "two typing mistakes in a long word": ("alamat pengiriman berkas", "alamat pngirimn berkas"),
    "no question word in one": ("masa berlaku nota kesepahaman MoU", "kapan masa berlaku nota kesepahaman MoU"),
}


@pytest.mark.parametrize(("one", "other"), SAME.values(), ids=SAME)
def test_same_question_is_found(one, other):
    """Two labels asked in the same words, whatever surrounds them, overlap."""
    found = matcher(("a", one), ("b", other))
    pairs = [{labels_of(found, pair.first), labels_of(found, pair.second)} for pair in overlaps(found)]
    assert {"a", "b"} in pairs


DIFFERENT = {
    "another question word": ("kapan evaluasi dilaksanakan", "siapa yang melaksanakan evaluasi"),
    "place or time": ("kapan penandatanganan MoU", "di mana penandatanganan MoU"),
    "another number": ("peserta angkatan 2018", "peserta angkatan 2019"),
    "another word that matters": ("asesmen daring atau tatap muka", "pelatihan luring atau tatap layar"),
    "short words that look alike": ("kaitan dengan RPJMD", "kaitan dengan RPJMN"),
    "nothing but small words": ("apa saja yang ada", "yang mana saja itu ya"),
}


@pytest.mark.parametrize(("one", "other"), DIFFERENT.values(), ids=DIFFERENT)
def test_other_question_is_left_alone(one, other):
    """What differs in a word that matters does not overlap, however many letters are the same."""
    found = matcher(("a", one), ("b", other))
    assert [pair for pair in overlaps(found) if labels_of(found, pair.first) in "ab"] == []


def test_phrasings_of_one_label_do_not_overlap():
    """Within a label they are meant to be alike."""
    assert overlaps(matcher(("a", "masa berlaku MoU"), ("a", "MoU masa berlakunya"))) == ()


def test_the_most_similar_come_first():
    """A pair without any difference stands before one with some."""
    found = matcher(
        ("a", "cara menutup akun aplikasi pelaporan daerah"),
        ("b", "cara menutup akun aplikasi pelaporan"),
        ("c", "masa berlaku nota kesepahaman"),
        ("d", "nota kesepahaman masa berlaku"),
    )
    first, second = overlaps(found)
    assert first.shared == 1.0
    assert SHARED <= second.shared < 1.0


def test_words_are_the_same_after_terms():
    """Only a pair that the bot reads word for word alike is identical."""
    found = matcher(("a", "masa berlaku brp tahun"), ("b", "masa berlaku berapa tahun?"))
    other = matcher(("a", "masa berlaku brp tahun"), ("b", "berapa tahun masa berlaku"))
    assert [pair.identical for pair in overlaps(found)] == [True]
    assert [pair.identical for pair in overlaps(other)] == [False]


LONELY = "lokasi bimtek di kota mana saja ya"


def test_phrasing_that_another_label_takes_is_found():
    """A phrasing that is alone in its label, and near to another label's, goes there."""
    found = matcher(("hadiah", LONELY))
    (loss,) = [loss for loss in taken(found, OTHERS.keys()) if found.utterances[loss.row] == LONELY]
    assert (loss.label, found.utterances[loss.nearest]) == ("tempat", "lokasi bimtek di kota mana")
    assert loss.lead >= TAKEN_LEAD


def test_only_the_labels_asked_for_are_looked_at():
    """Patterns and out-of-topic groups lose phrasings to each other without anybody having to care."""
    assert taken(matcher(("hadiah", LONELY)), {"asesor"}) == ()


def test_label_whose_phrasings_all_go_elsewhere_is_never_first():
    """An entry made of other entries' words cannot be reached, and it is told who is instead."""
    found = matcher(("x", "jadwal bimtek tahun ini kak"), ("x", "siapa asesornya kak"), ("x", "tempat bimtek kak"))
    assert dict(never_first(found, {"x", *OTHERS})) == {"x": ("jadwal", "asesor", "tempat")}
