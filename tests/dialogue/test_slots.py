"""Slots: years, numbers and kinds of region, and the many figures that are none of these."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.dialogue.slots import Slots, read_slots
from bot.model import RegionType

CITY, REGENCY = RegionType.CITY, RegionType.REGENCY
same_on_every_run = settings(derandomize=True, deadline=None)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("eh maksud saya kabupaten", REGENCY),
        ("kota", CITY),
        ("yg kab ya pak", REGENCY),
        ("kalau kota maksudnya", CITY),
        ("bukan yang kota", REGENCY),
        ("kecuali kabupaten", CITY),
        ("kota2 aja, kabupatennya ga usah", CITY),
        ("kotanya tidak perlu", REGENCY),
        ("bukan kabupaten, bukan kota", None),
        ("selain kabupaten kami siapa saja", None),
        ("selain kabupaten/kota di jawa", None),
        ("bukan kota besar saja kan", None),
        ("kenapa kabupaten tidak termasuk daftar", None),
        ("berapa kabupaten, kota, dan provinsi", None),
        ("apakah kota tidak boleh ikut", None),
    ],
)
def test_the_kind_that_is_left_out_leaves_the_other(text: str, kind: RegionType | None) -> None:
    assert read_slots(text).type is kind


def test_one_year_or_number_is_the_one_and_several_are_none() -> None:
    assert (read_slots("bimtek III 2019").year, read_slots("bimtek III 2019").number) == (2019, 3)
    assert (Slots(years=(2018, 2019)).year, Slots(numbers=(1, 2)).number) == (0, 0)


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("apakah lamongan masuk 2018", (2018,)),
        ("2018?", (2018,)),
        ("angkatan 2018", (2018,)),
        ("tahun2018", (2018,)),
        ("2018 dan 2019", (2018, 2019)),
        ("2019,2017", (2017, 2019)),
        ("2018 atau 2018", (2018,)),
        ("dari 2018 sampai akhir tahun 2019", (2018, 2019)),
        ("２０１８", (2018,)),
        ("8 Mei 2018", (2018,)),
    ],
)
def test_years_are_found_and_sorted(text: str, years: tuple[int, ...]) -> None:
    assert read_slots(text).years == years


@pytest.mark.parametrize(
    "text",
    [
        "2017-2019",
        "2017 - 2019",
        "2017–2019",
        "2017 s/d 2019",
        "2017 sd 2019",
        "dari 2017 sampai 2019",
        "2017 sampai dengan 2019",
        "2017 hingga 2019",
        "from 2017 to 2019",
        "dari 2017 sampe 2019",
        "tahun 2017 sampai tahun 2019",
        "sampai 2019",
        "hingga akhir 2019",
        "s/d thn 2019",
        "2017 sampai akhir 2019",
        "sampai tahap 3",
    ],
)
def test_a_range_holds_the_years_between(text: str) -> None:
    assert read_slots(text).years == (2017, 2018, 2019)


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("thn 18", (2018,)),
        ("tahun 18", (2018,)),
        ("th. 19", (2019,)),
        ("taun '19", (2019,)),
        ("yang '18", (2018,)),
        ("angkatan 17", (2017,)),
        ("angkatan '21", (2021,)),
    ],
)
def test_two_digits_are_a_year_behind_a_word_for_it(text: str, years: tuple[int, ...]) -> None:
    assert read_slots(text).years == years


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("tahap 1", 2017),
        ("tahap I", 2017),
        ("tahap pertama", 2017),
        ("first phase", 2017),
        ("tahap II", 2018),
        ("TAHAP ＩＩ", 2018),
        ("tahap kedua", 2018),
        ("tahap ke-2", 2018),
        ("tahap yang kedua", 2018),
        ("thp 2", 2018),
        ("gelombang dua", 2018),
        ("second wave", 2018),
        ("kloter 2", 2018),
        ("fase III", 2019),
        ("batch 3", 2019),
        ("tahap no. 3", 2019),
        ("third cohort", 2019),
    ],
)
def test_a_phase_means_its_year(text: str, year: int) -> None:
    slots = read_slots(text)
    assert slots.years == (year,)
    assert slots.numbers == (year - 2016,)


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("bimtek 2", (2,)),
        ("bimtek II", (2,)),
        ("bimtek ke-3", (3,)),
        ("bintek keempat", (4,)),
        ("bimbingan teknis kedua", (2,)),
        ("isi buku 1", (1,)),
        ("Buku II", (2,)),
        ("buku pertama", (1,)),
        ("book two", (2,)),
        ("evaluasi tahap 2", (2,)),
        ("tahap 4", (4,)),
        ("yang IV", (4,)),
        ("yg ke 3", (3,)),
        ("yang ketiga", (3,)),
        ("nomor 2", (2,)),
        ("III", (3,)),
        ("(3)", (3,)),
    ],
)
def test_a_number_that_is_no_phase_means_no_year(text: str, numbers: tuple[int, ...]) -> None:
    slots = read_slots(text)
    assert slots.numbers == numbers
    assert slots.years == ()


def test_a_year_that_is_said_wins_over_that_of_a_phase() -> None:
    assert read_slots("tahap 2 tahun 2021").years == (2021,)


def test_a_number_and_a_year_may_stand_together() -> None:
    slots = read_slots("bimtek IV 2019")
    assert (slots.numbers, slots.years) == ((4,), (2019,))


@pytest.mark.parametrize(
    "text",
    [
        "PP 59/2022",
        "Perpres 95/2018",
        "8/5/2018",
        "08-05-2018",
        "2018-05-08",
        "8.5.2018",
        "nomor 20181234",
        "20188",
        "1998",
        "2035",
        "201",
        "10 tahun",
        "angkatan 10 tahun",
        "tahun 10 daerah",
        "3 bulan",
        "yang 3 bulan",
        "tahap 3 bulan",
        "bimtek 2 hari",
        "tahap 2 tahun",
        "2 kali",
        "nomor 2 kali",
        "bimtek 12",
        "tahap 12",
        "100 smart city",
        "syarat seleksi apa saja",
        "",
        "👍🏽",
    ],
)
def test_other_figures_are_neither_year_nor_number(text: str) -> None:
    assert read_slots(text) == Slots()


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("kota saja", CITY),
        ("kota aja", CITY),
        ("kotanya", CITY),
        ("kotanya saja", CITY),
        ("yang kota", CITY),
        ("khusus kota", CITY),
        ("cities only", CITY),
        ("kabupaten saja", REGENCY),
        ("kab. saja", REGENCY),
        ("kabupatennya", REGENCY),
        ("hanya kab", REGENCY),
        ("khusus kabupaten", REGENCY),
        ("regencies only", REGENCY),
        ("kota cerdas", None),
        ("yang kota cerdas", None),
        ("khusus kota hijau", None),
        ("kabupaten/kota mana saja", None),
        ("yang kota saya", None),
        ("Kota Malang", None),
    ],
)
def test_a_kind_of_region_is_a_filter_only_where_it_is_said_so(text: str, kind: RegionType | None) -> None:
    assert read_slots(text).type is kind


@pytest.mark.parametrize(
    "text",
    [
        "daerah saya",
        "daerah sy",
        "daerah kami",
        "daerah kita",
        "daerahku",
        "DAERAH SAYA",
        "kabupaten kami",
        "kab. saya",
        "kota saya",
        "kotaku",
        "kabupaten/kota kami",
        "pemda kita",
        "my region",
        "our city",
        "kami sudah masuk belum",
        "kami blm terdaftar",
        "kita ikut tahun berapa",
        "apakah kami termasuk",
    ],
)
def test_the_own_region_is_meant(text: str) -> None:
    assert read_slots(text).mine


@pytest.mark.parametrize(
    "text",
    ["apakah daerah lain masuk", "kami dari lamongan", "kami mau bertanya", "kita semua", "provinsi saya", "saya baru"],
)
def test_the_own_region_is_not_meant(text: str) -> None:
    assert not read_slots(text).mine


@pytest.mark.parametrize(
    ("text", "mine"),
    [
        ("provinsi saya", True),
        ("prov. kami", True),
        ("di provinsi kita", True),
        ("my province", True),
        ("provinsi mana", False),
        ("daerah saya", False),
    ],
)
def test_the_own_province_is_meant(text: str, mine: bool) -> None:
    assert read_slots(text).my_province is mine


def test_everything_at_once() -> None:
    assert read_slots("kota saja di provinsi kami, daerah saya tahap II") == Slots(
        (2018,), (2,), CITY, mine=True, my_province=True, namesake=CITY
    )


@same_on_every_run
@given(st.text() | st.text("0123456789 -/.tahunke'IVs", max_size=30))
def test_any_text_can_be_read(text: str) -> None:
    slots = read_slots(text)
    assert list(slots.years) == sorted(set(slots.years))
    assert all(2010 <= year <= 2029 for year in slots.years)
    assert all(1 <= number <= 5 for number in slots.numbers)


@pytest.mark.parametrize(
    ("text", "slots"),
    [
        ("bimtek  ke   4", Slots(numbers=(4,))),
        ("is  my   city in", Slots(mine=True)),
        ("2017  s/d  2018", Slots(years=(2017, 2018))),
    ],
)
def test_wide_spaces_are_spaces(text: str, slots: Slots) -> None:
    assert read_slots(text) == slots
