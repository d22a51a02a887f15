"""Replies on the region and cohort table say what angkatan.yaml says: no more, no less, for every region.

What is expected is worked out here from the cohorts themselves, not through the code that answers.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from datetime import date

import pytest

from bot.dialogue.compose import Setting
from bot.dialogue.mind import Mind
from bot.dialogue.model import Context, QueryKind, RegionQuery
from bot.dialogue.table import query_title, table_reply
from bot.dialogue.turn import take_turn
from bot.model import Certainty, Decision, Listing, Membership, Region, RegionType

LAMONGAN, LAHAT, DEPOK, SINGKAWANG, KUDUS, ACEH_SELATAN = "35.24", "16.04", "32.76", "61.72", "33.19", "11.01"
MINAHASA_UTARA, WEST_JAVA, CENTRAL_JAVA, YOGYAKARTA, JAKARTA = "71.06", "32", "33", "34", "31"
ASKED_YEARS = range(2016, 2027)  # a year before the first cohort up to two after the last
SAMPLE = 60  # regions that are also asked for in words
NEVER = "tidak terpilih"

# What is told of one year has its phase in brackets behind it: "2018 (Tahap II)", but not "2022 (41 dari 50 …)".
TOLD_AS_CONFIRMED = re.compile(r"(20\d\d) \((?!\d+ dari)")
LINE = re.compile(r"- \*(?P<province>.+)\* \((?P<count>\d+)?(?: \+ )?(?:(?P<doubts>\d+)\?)?\): (?P<names>.+)")


def ask(mind: Mind, kind: QueryKind, *regions: str, **filters: object) -> str:
    reply = table_reply(RegionQuery(kind, regions, **filters), mind)  # type: ignore[arg-type]
    assert reply.decision is Decision.ANSWER
    return reply.text


def membership(mind: Mind, *regions: str, years: tuple[int, ...] = ()) -> str:
    return ask(mind, QueryKind.MEMBERSHIP, *regions, years=years)


# --- the table, read without the code under test --------------------------------------------------------------------


def rows(mind: Mind) -> Iterator[Membership]:
    """Every row that may be told, provinces included."""
    for cohort in mind.knowledge.cohorts.values():
        yield from (row for row in cohort.members if row.certainty is not Certainty.UNCHECKED)


def unchecked(mind: Mind) -> list[Membership]:
    cohorts = mind.knowledge.cohorts.values()
    return [row for cohort in cohorts for row in cohort.members if row.certainty is Certainty.UNCHECKED]


def years_of(mind: Mind, code: str, certainty: Certainty) -> set[int]:
    return {row.year for row in rows(mind) if row.region == code and row.certainty is certainty}


def local(mind: Mind) -> list[Region]:
    """The 514 kabupaten and kota."""
    return [region for region in mind.knowledge.regions.values() if region.type is not RegionType.PROVINCE]


def members(
    mind: Mind, year: int = 0, province: str = "", kind: RegionType | None = None, sure: bool = False
) -> set[str]:
    """Codes of the kabupaten and kota that pass the filters; ``sure`` leaves contradicted rows out."""
    regions = mind.knowledge.regions
    return {
        row.region
        for row in rows(mind)
        if regions[row.region].type is not RegionType.PROVINCE
        and (not year or row.year == year)
        and (not province or regions[row.region].province == province)
        and (kind is None or regions[row.region].type is kind)
        and (not sure or row.certainty is Certainty.CONFIRMED)
    }


def recorded(mind: Mind, year: int) -> str:
    return f"({len(members(mind, year, sure=True))} dari {mind.knowledge.cohorts[year].official_size} daerah tercatat)"


def names(mind: Mind, codes: set[str]) -> set[str]:
    return {mind.knowledge.regions[code].full_name for code in codes}


def without_notes(text: str, mind: Mind) -> str:
    """The text without the sentences that staff wrote about contradicted rows and applicants."""
    for note in {row.note for row in rows(mind)} | {applicant.note for applicant in mind.knowledge.applicants}:
        text = text.replace(note, "") if note else text
    return text


# --- membership, word for word --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "years", "text"),
    [
        (LAMONGAN, (), "Kabupaten Lamongan tercatat sebagai peserta tahun 2018 (Tahap II)."),
        (LAMONGAN, (2018,), "Ya, Kabupaten Lamongan tercatat sebagai peserta tahun 2018 (Tahap II)."),
        (
            LAMONGAN,
            (2019,),
            "Kabupaten Lamongan tercatat sebagai peserta tahun 2018 (Tahap II). "
            "Dalam daftar 2019 yang diumumkan, namanya tidak tercantum.",
        ),
        (
            LAMONGAN,
            (2020,),
            "Kabupaten Lamongan tercatat sebagai peserta tahun 2018 (Tahap II). "
            "Pada 2020 tidak ada angkatan baru yang tercatat.",
        ),
        (
            LAMONGAN,
            (2025,),
            "Kabupaten Lamongan tercatat sebagai peserta tahun 2018 (Tahap II). "
            "Belum ada data tentang angkatan 2025 di basis pengetahuan kami.",
        ),
        (
            KUDUS,
            (),
            "Kabupaten Kudus tercatat 2 kali: 2018 (Tahap II) dan 2021 (Kawasan pariwisata prioritas dan IKN).",
        ),
        (
            KUDUS,
            (2021,),
            "Ya, Kabupaten Kudus tercatat sebagai peserta tahun 2021 (Kawasan pariwisata prioritas dan IKN). "
            "Tercatat juga pada 2018 (Tahap II).",
        ),
        (ACEH_SELATAN, (2018,), "Kabupaten Aceh Selatan tidak tercantum dalam daftar peserta 2018 yang diumumkan."),
        (ACEH_SELATAN, (2020,), "Pada 2020 tidak ada angkatan baru yang tercatat."),
        (ACEH_SELATAN, (2025,), "Belum ada data tentang angkatan 2025 di basis pengetahuan kami."),
        (
            ACEH_SELATAN,
            (),
            "Kabupaten Aceh Selatan belum tercatat di tabel kami. Namanya tidak tercantum dalam daftar yang diumumkan "
            "untuk 2017, 2018, 2019, dan 2024; untuk 2021, 2022, dan 2023 tabel kami belum lengkap, jadi belum dapat "
            "dipastikan.",
        ),
    ],
    ids=[
        "confirmed",
        "confirmed in the year asked",
        "not listed, another year confirmed",
        "no cohort, another year confirmed",
        "outside of the table, another year confirmed",
        "twice",
        "twice, one of them asked",
        "not listed",
        "no cohort",
        "outside of the table",
        "nowhere",
    ],
)
def test_membership_is_told_word_for_word(mind: Mind, code: str, years: tuple[int, ...], text: str) -> None:
    assert membership(mind, code, years=years) == text


def test_of_a_partial_list_it_is_said_how_much_of_it_we_hold(mind: Mind) -> None:
    assert membership(mind, ACEH_SELATAN, years=(2022,)) == (
        f"Kabupaten Aceh Selatan belum tercatat di tabel kami untuk 2022 {recorded(mind, 2022)}."
    )
    elsewhere = membership(mind, LAMONGAN, years=(2022,))
    assert elsewhere.startswith("Kabupaten Lamongan tercatat sebagai peserta tahun 2018 (Tahap II). Untuk 2022 ")
    assert elsewhere.endswith(f"{recorded(mind, 2022)}.")


def test_an_applicant_is_told_as_one_behind_the_absence(mind: Mind) -> None:
    note = next(applicant.note for applicant in mind.knowledge.applicants if applicant.region == LAHAT)
    text = membership(mind, LAHAT, years=(2019,))
    assert text.startswith("Kabupaten Lahat tidak tercantum dalam daftar peserta 2019 yang diumumkan. ")
    assert text.endswith(note)
    assert membership(mind, LAHAT).endswith(note)


def test_a_contradicted_row_is_told_with_both_sides_and_their_sources(mind: Mind) -> None:
    reply = table_reply(RegionQuery(QueryKind.MEMBERSHIP, (DEPOK,), years=(2019,)), mind)
    notes = {row.year: row.note for row in rows(mind) if row.region == DEPOK}
    assert reply.text == (f"Tentang Kota Depok pada 2018 dan 2019, sumber yang ada berbeda. {notes[2018]}")
    assert "National Geographic Indonesia" in reply.footer
    assert "Times Indonesia" in reply.footer


def test_a_region_may_be_confirmed_in_one_year_and_contradicted_in_another(mind: Mind) -> None:
    text = membership(mind, MINAHASA_UTARA)
    assert text.startswith("Kabupaten Minahasa Utara tercatat sebagai peserta tahun 2021 (")
    assert "Tentang Kabupaten Minahasa Utara pada 2018, sumber yang ada berbeda. " in text


def test_several_years_are_answered_one_by_one(mind: Mind) -> None:
    assert membership(mind, ACEH_SELATAN, years=(2018, 2020, 2022, 2025)) == (
        "Kabupaten Aceh Selatan tidak tercantum dalam daftar peserta 2018 yang diumumkan. "
        "Pada 2020 tidak ada angkatan baru yang tercatat. "
        f"Kabupaten Aceh Selatan belum tercatat di tabel kami untuk 2022 {recorded(mind, 2022)}. "
        "Belum ada data tentang angkatan 2025 di basis pengetahuan kami."
    )


def test_several_regions_are_answered_line_by_line(mind: Mind) -> None:
    first, second = membership(mind, LAMONGAN, ACEH_SELATAN, years=(2018,)).splitlines()
    assert first == f"- {membership(mind, LAMONGAN, years=(2018,))}"
    assert second == f"- {membership(mind, ACEH_SELATAN, years=(2018,))}"


def test_a_province_is_no_participant_and_its_participants_are_named(mind: Mind) -> None:
    text = membership(mind, CENTRAL_JAVA)
    assert text.startswith("Peserta program ini adalah kabupaten/kota, bukan provinsi. Di Provinsi Jawa Tengah ")
    assert f"tercatat {len(members(mind, province=CENTRAL_JAVA, sure=True))} kabupaten/kota peserta: " in text
    told = set(re.split(r", dan |, ", text.partition("peserta: ")[2].replace(" (?)", "").rstrip(".")))
    assert told == names(mind, members(mind, province=CENTRAL_JAVA))


def test_a_smart_province_is_told_as_one(mind: Mind) -> None:
    assert membership(mind, YOGYAKARTA).startswith(
        "Provinsi DI Yogyakarta tercatat pada 2023 sebagai Smart Province 2023, pendampingan untuk provinsi. "
    )
    assert membership(mind, WEST_JAVA, years=(2023,)).startswith(
        "Provinsi Jawa Barat tercatat pada 2023 sebagai Smart Province 2023, pendampingan untuk provinsi. "
    )


def test_a_province_without_participants_is_said_to_have_none_recorded(mind: Mind) -> None:
    assert not members(mind, province=JAKARTA)
    assert membership(mind, JAKARTA) == (
        "Peserta program ini adalah kabupaten/kota, bukan provinsi. "
        "Belum ada kabupaten/kota di Provinsi DKI Jakarta yang tercatat di tabel kami."
    )


def test_a_confirmed_row_names_its_source_and_the_day_of_the_table(mind: Mind) -> None:
    footer = table_reply(RegionQuery(QueryKind.MEMBERSHIP, (LAMONGAN,)), mind).footer
    assert footer.startswith("Sumber: ")
    assert "National Geographic Indonesia" in footer
    assert str(mind.knowledge.checked.year) in footer


# --- every region ---------------------------------------------------------------------------------------------------


def contradictions(text: str, region: Region, year: int, mind: Mind) -> Iterator[str]:
    """What in a membership reply disagrees with the table; ``year`` 0 where none was asked for."""
    name = region.full_name
    plain = without_notes(text, mind)
    confirmed = years_of(mind, region.code, Certainty.CONFIRMED)
    disputed = years_of(mind, region.code, Certainty.DISPUTED)
    if set(map(int, TOLD_AS_CONFIRMED.findall(plain))) != confirmed:
        yield f"confirmed are {sorted(confirmed)}"
    told = re.findall(rf"Tentang {name} pada (20\d\d[^.]*), sumber yang ada berbeda", plain)
    if {int(year) for years in told for year in re.findall(r"20\d\d", years)} != disputed:
        yield f"contradicted are {sorted(disputed)}"
    if ("Ya, " in text) != (year in confirmed):
        yield "a yes for the wrong year"
    if NEVER in text:
        yield f'"{NEVER}"'
    absent = bool(year) and year not in confirmed | disputed
    cohort = mind.knowledge.cohorts.get(year)
    expected = {
        "tidak tercantum": absent and cohort is not None and cohort.listing is Listing.COMPLETE,
        "daerah tercatat)": absent and cohort is not None and cohort.listing is Listing.PARTIAL,
        f"Pada {year} tidak ada angkatan baru": absent and cohort is not None and cohort.listing is Listing.NO_COHORT,
        f"Belum ada data tentang angkatan {year}": absent and cohort is None,
    }
    if not year and not confirmed | disputed:
        expected["tidak tercantum"] = True
        expected["belum dapat dipastikan"] = True
    for phrase, due in expected.items():
        if (phrase in plain) != due:
            yield f'"{phrase}" is {"missing" if due else "wrong"}'
    if absent and str(year) not in plain:
        yield "the year asked for is not named"


@pytest.mark.parametrize("year", [0, *ASKED_YEARS])
def test_for_all_514_regions_the_reply_agrees_with_the_table(mind: Mind, year: int) -> None:
    assert len(local(mind)) == 514
    wrong = {
        (region.full_name, problem): text
        for region in local(mind)
        for text in [membership(mind, region.code, years=(year,) if year else ())]
        for problem in contradictions(text, region, year, mind)
    }
    assert not wrong


def test_for_all_514_regions_the_companions_agree_with_the_table(mind: Mind) -> None:
    """Who else took part is told for each confirmed year, with every name of the province and no other."""
    wrong = []
    for region in local(mind):
        lines = ask(mind, QueryKind.SAME_YEAR, region.code).splitlines()
        told = {
            int(m[1]): set(re.split(r", dan | dan |, ", m[2]))
            for line in lines
            if (m := re.match(rf"Bersama {region.full_name} pada (\d+), dari .+ tercatat juga: (.+)\.$", line))
        }
        alone = {
            int(m[1]) for line in lines if (m := re.match(r".+ satu-satunya dari .+ tercatat pada (\d+)\.$", line))
        }
        for year in years_of(mind, region.code, Certainty.CONFIRMED):
            others = names(mind, members(mind, year, region.province, sure=True) - {region.code})
            if told.get(year, set()) != others or (year in alone) == bool(others):
                wrong.append((region.full_name, year))
        if not years_of(mind, region.code, Certainty.CONFIRMED) and (told or alone):
            wrong.append((region.full_name, 0))
    assert not wrong


@pytest.mark.parametrize(
    ("template", "year"),
    [
        ("{daerah} ikut tahun berapa", 0),
        ("apakah {daerah} masuk 2018?", 2018),
        ("apakah {daerah} termasuk peserta tahun 2022", 2022),
        ("{daerah} sudah masuk 2024 belum", 2024),
    ],
)
def test_asked_in_words_the_reply_agrees_with_the_table(mind: Mind, template: str, year: int) -> None:
    wrong = {}
    for region in random.Random(year).sample(local(mind), SAMPLE):
        asked = template.format(daerah=region.full_name.lower())
        turn = take_turn(asked, Context(), mind, Setting(date(2026, 11, 21)), None)
        query = RegionQuery(QueryKind.MEMBERSHIP, (region.code,), years=(year,) if year else ())
        if turn.context.query != query.encode():
            wrong[asked] = turn.context.query or turn.reply.text
        for problem in contradictions(turn.reply.text, region, year, mind):
            wrong[asked] = problem
    assert not wrong


# --- rows for staff only --------------------------------------------------------------------------------------------


def test_there_are_unchecked_rows_for_the_tests_below(mind: Mind) -> None:
    assert unchecked(mind)


def test_an_unchecked_row_is_told_like_an_absence(mind: Mind) -> None:
    for row in unchecked(mind):
        region = mind.knowledge.regions[row.region]
        for years in ((), (row.year,)):
            text = membership(mind, row.region, years=years)
            assert not list(contradictions(text, region, years[0] if years else 0, mind))
            assert row.note not in text
            assert text == table_reply(RegionQuery(QueryKind.SAME_YEAR, (row.region,), years=years), mind).text


def test_an_unchecked_row_is_neither_listed_nor_counted_nor_named_beside_others(mind: Mind) -> None:
    for row in unchecked(mind):
        region = mind.knowledge.regions[row.region]
        if row.region in members(mind):
            continue
        for filters in (
            {},
            {"years": (row.year,)},
            {"provinces": (region.province,)},
            {"years": (row.year,), "provinces": (region.province,), "type": region.type},
        ):
            assert region.full_name not in listed(ask(mind, QueryKind.LIST, **filters))
        assert region.full_name not in membership(mind, region.province)
        for other in members(mind, row.year, region.province, sure=True):
            assert region.full_name not in ask(mind, QueryKind.SAME_YEAR, other, years=(row.year,)).split(", ")


# --- lists ----------------------------------------------------------------------------------------------------------


def listed(text: str) -> dict[str, str]:
    """Region name → province, of a list reply; years and doubts are left aside."""
    found = {}
    for line in map(LINE.fullmatch, text.splitlines()):
        if line:
            plain = re.sub(r" \((?:20\d\d\??(?:, )?)+\)| \(\?\)", "", line["names"])
            assert len(plain.split(", ")) == int(line["count"] or 0) + int(line["doubts"] or 0)
            assert line["names"].count("(?)") == int(line["doubts"] or 0)
            found.update(dict.fromkeys(plain.split(", "), line["province"]))
    return found


def expected_list(mind: Mind, codes: set[str]) -> dict[str, str]:
    regions = mind.knowledge.regions
    return {regions[code].full_name: regions[regions[code].province].name for code in codes}


@pytest.mark.parametrize("year", [2017, 2018, 2019, 2021, 2022, 2023, 2024])
def test_a_years_list_is_the_one_in_the_file_grouped_by_province(mind: Mind, year: int) -> None:
    text = ask(mind, QueryKind.LIST, years=(year,))
    official = mind.knowledge.cohorts[year].official_size
    sure = len(members(mind, year, sure=True))
    assert text.splitlines()[0] == f"*Peserta tahun {year}*: {sure} dari {official} kabupaten/kota tercatat"
    assert listed(text) == expected_list(mind, members(mind, year))
    provinces = [line["province"] for line in map(LINE.fullmatch, text.splitlines()) if line]
    assert len(provinces) == len(set(provinces)), "each province once"


@pytest.mark.parametrize("year", [2017, 2018, 2019, 2021, 2022, 2023, 2024])
def test_contradicted_members_are_marked_and_the_mark_is_explained(mind: Mind, year: int) -> None:
    text = ask(mind, QueryKind.LIST, years=(year,))
    doubtful = names(mind, members(mind, year) - members(mind, year, sure=True))
    entries = [entry for line in map(LINE.fullmatch, text.splitlines()) if line for entry in line["names"].split(", ")]
    marked = {entry.removesuffix(" (?)") for entry in entries if entry.endswith(" (?)")}
    assert marked == doubtful
    assert ("Tanda tanya" in text) == bool(doubtful)


@pytest.mark.parametrize("year", [2017, 2018, 2019, 2021, 2022, 2023, 2024])
def test_only_a_partial_list_is_called_incomplete(mind: Mind, year: int) -> None:
    text = ask(mind, QueryKind.LIST, years=(year,))
    partial = mind.knowledge.cohorts[year].listing is Listing.PARTIAL
    assert (f"Daftar {year} di tabel kami belum lengkap" in text) == partial


def test_the_list_of_a_province_has_all_its_years(mind: Mind) -> None:
    text = ask(mind, QueryKind.LIST, provinces=(CENTRAL_JAVA,))
    assert listed(text) == expected_list(mind, members(mind, province=CENTRAL_JAVA))
    assert "Kabupaten Kudus (2018, 2021)" in text
    assert "Daftar 2021, 2022, dan 2023 di tabel kami belum lengkap" in text


@pytest.mark.parametrize("kind", [RegionType.CITY, RegionType.REGENCY])
def test_a_list_is_filtered_by_kind(mind: Mind, kind: RegionType) -> None:
    text = ask(mind, QueryKind.LIST, years=(2018,), provinces=(WEST_JAVA,), type=kind)
    assert listed(text) == expected_list(mind, members(mind, 2018, WEST_JAVA, kind))
    assert text.startswith(f"*Peserta tahun 2018 dari Jawa Barat berupa {kind.value}*: ")


def test_the_list_without_filters_has_everybody(mind: Mind) -> None:
    assert listed(ask(mind, QueryKind.LIST)) == expected_list(mind, members(mind))


@pytest.mark.parametrize(
    ("filters", "text"),
    [
        ({"years": (2020,)}, "Pada 2020 tidak ada angkatan baru yang tercatat."),
        ({"years": (2025,)}, "Belum ada data tentang angkatan 2025 di basis pengetahuan kami."),
        (
            {"years": (2018,), "provinces": (JAKARTA,)},
            "Belum ada peserta tahun 2018 dari DKI Jakarta yang tercatat di tabel kami.",
        ),
    ],
    ids=["a year without a cohort", "a year outside of the table", "a province without members"],
)
def test_an_empty_list_says_why(mind: Mind, filters: dict[str, tuple[int, ...]], text: str) -> None:
    assert ask(mind, QueryKind.LIST, **filters) == text


def test_a_list_of_several_years_also_says_which_had_none(mind: Mind) -> None:
    text = ask(mind, QueryKind.LIST, years=(2018, 2020))
    assert listed(text) == expected_list(mind, members(mind, 2018))
    assert text.endswith("Pada 2020 tidak ada angkatan baru yang tercatat.")


# --- counts ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("year", [2017, 2018, 2019, 2021, 2022, 2023, 2024])
def test_the_count_of_a_year_is_the_official_one(mind: Mind, year: int) -> None:
    cohort = mind.knowledge.cohorts[year]
    assert ask(mind, QueryKind.COUNT, years=(year,)).startswith(
        f"Tahun {year} ({cohort.phase}): {cohort.official_size} kabupaten/kota terpilih."
    )


@pytest.mark.parametrize(
    ("year", "text"),
    [
        (2020, "Pada 2020 tidak ada angkatan baru yang tercatat."),
        (2025, "Belum ada data tentang angkatan 2025 di basis pengetahuan kami."),
    ],
)
def test_a_year_without_a_cohort_has_no_count(mind: Mind, year: int, text: str) -> None:
    assert ask(mind, QueryKind.COUNT, years=(year,)) == text


def test_counts_of_several_years_stand_in_lines(mind: Mind) -> None:
    lines = ask(mind, QueryKind.COUNT, years=(2018, 2020, 2024)).splitlines()
    assert [line[:10] for line in lines] == ["Tahun 2018", "Pada 2020 ", "Tahun 2024"]


def test_the_count_of_all_is_the_running_total_of_the_last_cohort(mind: Mind) -> None:
    last = mind.knowledge.cohorts[max(mind.knowledge.cohorts)]
    total, detail = ask(mind, QueryKind.COUNT).splitlines()
    assert total == (
        f"Sampai {last.year} tercatat {last.running_total} kabupaten/kota yang didampingi, "
        "menurut hitungan kementerian."
    )
    assert [(int(y), int(n)) for y, n in re.findall(r"(20\d\d): (\d+)", detail)] == [
        (year, cohort.official_size)
        for year, cohort in sorted(mind.knowledge.cohorts.items())
        if cohort.listing is not Listing.NO_COHORT
    ]


@pytest.mark.parametrize(("year", "province", "kind"), [(0, WEST_JAVA, None), (2018, "", RegionType.CITY)])
def test_a_filtered_count_holds_the_sure_ones_and_names_the_doubtful(
    mind: Mind, year: int, province: str, kind: RegionType | None
) -> None:
    sure = members(mind, year, province, kind, sure=True)
    doubtful = members(mind, year, province, kind) - sure
    filters = {"years": (year,) if year else (), "provinces": (province,) if province else (), "type": kind}
    text = ask(mind, QueryKind.COUNT, **filters)
    assert f": {len(sure)} kabupaten/kota tercatat." in text
    assert doubtful
    assert f"Selain itu, {len(doubtful)} daerah disebut berbeda-beda oleh sumber." in text


# --- rankings -------------------------------------------------------------------------------------------------------


def by_province(mind: Mind, sure: bool) -> dict[str, int]:
    provinces = [region for region in mind.knowledge.regions.values() if region.type is RegionType.PROVINCE]
    return {p.name: len(members(mind, province=p.code, sure=sure)) for p in provinces}


def test_the_ranking_names_the_provinces_with_most_in_order(mind: Mind) -> None:
    told = [
        (name, int(n))
        for name, n in re.findall(r"([\w ]+) \((\d+)\)", ask(mind, QueryKind.RANKING).replace("dan ", ""))
    ]
    counts = by_province(mind, sure=True)
    assert len(told) >= 3
    assert [n for _, n in told] == sorted(counts.values(), reverse=True)[: len(told)]
    assert all(counts[name.strip()] == n for name, n in told)


def test_the_provinces_without_participants_are_all_named(mind: Mind) -> None:
    text = ask(mind, QueryKind.WITHOUT).splitlines()[0]
    told = set(re.split(r", dan | dan |, ", text.partition(": ")[2].rstrip(".")))
    assert told == {name for name, count in by_province(mind, sure=False).items() if not count}


def test_a_ranking_of_a_year_counts_that_year_only(mind: Mind) -> None:
    text = ask(mind, QueryKind.RANKING, years=(2018,)).splitlines()[0]
    assert "2018" in text
    for name, number in re.findall(r"([\w ]+) \((\d+)\)", text.replace("dan ", "").partition(":")[2]):
        code = next(c for c, r in mind.knowledge.regions.items() if r.name == name.strip())
        regions = {r.region for r in rows(mind) if r.year == 2018 and r.certainty is Certainty.CONFIRMED}
        assert sum(region.startswith(f"{code}.") for region in regions) == int(number)


@pytest.mark.parametrize("kind", [None, RegionType.CITY, RegionType.REGENCY])
@pytest.mark.parametrize("years", [(), (2022,), (2018, 2019)])
def test_who_is_missing_from_a_province_is_told_for_the_years_and_kind_asked(
    mind: Mind, kind: RegionType | None, years: tuple[int, ...]
) -> None:
    text = ask(mind, QueryKind.WITHOUT, provinces=("35",), years=years, type=kind).splitlines()[0]
    assert all(str(year) in text for year in years)
    took_part = {row.region for row in rows(mind) if not years or row.year in years}
    for code, region in mind.knowledge.regions.items():
        if region.province == "35" and region.type is not RegionType.PROVINCE:
            missing = code not in took_part and kind in {None, region.type}
            assert bool(re.search(rf"{region.full_name}\b", text)) is missing, region.full_name


def test_nobody_is_missing_from_a_year_without_a_cohort(mind: Mind) -> None:
    assert "tidak ada angkatan baru" in ask(mind, QueryKind.WITHOUT, provinces=("35",), years=(2020,))
    assert "tidak ada angkatan baru" in ask(mind, QueryKind.WITHOUT, years=(2020,))
    assert "tidak ada angkatan baru" in ask(mind, QueryKind.RANKING, years=(2020,))


def test_up_to_a_year_is_a_running_total(mind: Mind) -> None:
    total = mind.knowledge.cohorts[2022].running_total
    assert total
    assert str(total) in ask(mind, QueryKind.COUNT, years=tuple(range(2017, 2023)))


@pytest.mark.parametrize("kind", [QueryKind.RANKING, QueryKind.WITHOUT])
def test_a_ranking_says_that_some_lists_are_incomplete(mind: Mind, kind: QueryKind) -> None:
    assert "2021, 2022, dan 2023" in ask(mind, kind)


# --- companions -----------------------------------------------------------------------------------------------------


def test_companions_of_another_year_than_the_regions_own_are_not_invented(mind: Mind) -> None:
    text = ask(mind, QueryKind.SAME_YEAR, LAMONGAN, years=(2019,))
    assert "Bersama" not in text
    assert "Kabupaten Lamongan tercatat sebagai peserta tahun 2018 (Tahap II)." in text


def test_a_contradicted_region_has_no_companions(mind: Mind) -> None:
    assert "Bersama" not in ask(mind, QueryKind.SAME_YEAR, SINGKAWANG)


# --- never ----------------------------------------------------------------------------------------------------------


def test_no_reply_ever_says_that_a_region_was_not_selected(mind: Mind) -> None:
    provinces = [region.code for region in mind.knowledge.regions.values() if region.type is RegionType.PROVINCE]
    queries = [RegionQuery(kind, years=(year,)) for kind in (QueryKind.LIST, QueryKind.COUNT) for year in ASKED_YEARS]
    queries += [RegionQuery(QueryKind.MEMBERSHIP, (code,)) for code in provinces]
    queries += [RegionQuery(QueryKind.LIST, provinces=(code,), years=(2018,)) for code in provinces]
    queries += [RegionQuery(kind) for kind in (QueryKind.RANKING, QueryKind.WITHOUT, QueryKind.LIST, QueryKind.COUNT)]
    assert not [query.encode() for query in queries if NEVER in table_reply(query, mind).text.casefold()]


# --- titles of buttons ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "title"),
    [
        (RegionQuery(QueryKind.MEMBERSHIP, (LAMONGAN,)), "Keikutsertaan Kabupaten Lamongan"),
        (RegionQuery(QueryKind.MEMBERSHIP, mine=True), "Keikutsertaan daerah saya"),
        (RegionQuery(QueryKind.LIST, years=(2018,)), "Daftar peserta tahun 2018"),
        (RegionQuery(QueryKind.LIST), "Daftar peserta semua angkatan"),
        (RegionQuery(QueryKind.COUNT, provinces=(WEST_JAVA,)), "Jumlah peserta dari Jawa Barat"),
        (RegionQuery(QueryKind.RANKING), "Provinsi dengan peserta terbanyak"),
        (RegionQuery(QueryKind.WITHOUT), "Provinsi yang belum tercatat"),
        (RegionQuery(QueryKind.SAME_YEAR, (LAMONGAN,)), "Daerah seangkatan dengan Kabupaten Lamongan"),
    ],
)
def test_a_button_is_named_after_its_question(mind: Mind, query: RegionQuery, title: str) -> None:
    assert query_title(query, mind) == title
