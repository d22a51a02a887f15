"""Questions on the cohort table: small hand-made data, and what must hold for the real table."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bot.curation.load import load
from bot.model import Applicant, Certainty, Cohort, Knowledge, Listing, Membership, Region, RegionType
from bot.regions.cohorts import CohortTable, ProvinceCount, Standing

KNOWLEDGE = Path(__file__).parents[2] / "knowledge"
CONFIRMED, DISPUTED, UNCHECKED = Certainty.CONFIRMED, Certainty.DISPUTED, Certainty.UNCHECKED


def row(code: str, year: int, certainty: Certainty = CONFIRMED) -> Membership:
    return Membership(code, year, certainty, ("a-source",))


REGIONS = {
    region.code: region
    for region in (
        Region("32", RegionType.PROVINCE, "Jawa Barat", "32"),
        Region("35", RegionType.PROVINCE, "Jawa Timur", "35"),
        Region("51", RegionType.PROVINCE, "Bali", "51"),
        Region("32.01", RegionType.REGENCY, "Bogor", "32"),
        Region("32.71", RegionType.CITY, "Bogor", "32"),
        Region("35.24", RegionType.REGENCY, "Lamongan", "35"),
        Region("35.22", RegionType.REGENCY, "Bojonegoro", "35"),
        Region("35.78", RegionType.CITY, "Surabaya", "35"),
        Region("35.10", RegionType.REGENCY, "Banyuwangi", "35"),
    )
}
COHORTS = {
    2018: Cohort(
        2018,
        "Tahap II",
        50,
        75,
        Listing.COMPLETE,
        members=(
            row("35.78", 2018),
            row("35.24", 2018),
            row("32.71", 2018),
            row("35.22", 2018, DISPUTED),
            row("35.10", 2018, UNCHECKED),
        ),
    ),
    2020: Cohort(2020, "", 0, 75, Listing.NO_COHORT),
    2023: Cohort(
        2023,
        "2023",
        50,
        125,
        Listing.PARTIAL,
        members=(row("35.24", 2023, DISPUTED), row("32", 2023), row("32.01", 2023), row("35.22", 2023)),
    ),
}
APPLIED_IN_2019 = Applicant("35.10", 2019, "Mengajukan diri.", ("a-source",))
APPLIED_IN_2018 = Applicant("35.10", 2018, "Mengajukan diri.", ("a-source",))
TABLE = CohortTable(COHORTS, REGIONS, (APPLIED_IN_2019, APPLIED_IN_2018))


def codes(rows: tuple[Membership, ...]) -> list[tuple[int, str]]:
    return [(member.year, member.region) for member in rows]


STANDINGS = {
    "confirmed": ("35.24", 2018, Standing.CONFIRMED),
    "disputed": ("35.24", 2023, Standing.DISPUTED),
    "absent from a complete list": ("32.01", 2018, Standing.NOT_LISTED),
    "absent from a partial list": ("35.78", 2023, Standing.NOT_RECORDED),
    "unchecked counts as absent": ("35.10", 2018, Standing.NOT_LISTED),
    "year without a cohort": ("35.24", 2020, Standing.NO_COHORT),
    "before the first year": ("35.24", 2016, Standing.OUTSIDE),
    "after the last year": ("35.24", 2025, Standing.OUTSIDE),
    "year that is missing in between": ("35.24", 2019, Standing.OUTSIDE),
    "smart province": ("32", 2023, Standing.CONFIRMED),
    "province that took no part": ("51", 2018, Standing.NOT_LISTED),
}


@pytest.mark.parametrize(("code", "year", "standing"), STANDINGS.values(), ids=STANDINGS)
def test_standing(code: str, year: int, standing: Standing) -> None:
    """Presence depends on the row, absence on how complete the year's list is."""
    assert TABLE.standing(code, year) is standing


@pytest.mark.parametrize("year", [2018, 1999])
def test_standing_of_no_region_is_refused(year: int) -> None:
    """Nothing may be said about a code that is no region."""
    with pytest.raises(KeyError):
        TABLE.standing("99.99", year)


def test_memberships_are_in_order_of_years() -> None:
    """The oldest year first, whatever the order of the files."""
    reversed_table = CohortTable(dict(reversed(COHORTS.items())), REGIONS, ())
    assert codes(reversed_table.memberships("35.24")) == [(2018, "35.24"), (2023, "35.24")]


def test_unchecked_rows_are_nowhere() -> None:
    """Staff's leads are never answered, listed or counted."""
    assert TABLE.memberships("35.10") == ()
    assert "35.10" not in TABLE.regions_in()
    assert TABLE.neighbours("35.10", 2018) == TABLE.members(years=(2018,), provinces=("35",))


MEMBERS = {
    "all, by year, province, type, name": (
        {},
        [
            (2018, "32.71"), (2018, "35.22"), (2018, "35.24"), (2018, "35.78"),
            (2023, "32.01"), (2023, "35.22"), (2023, "35.24"),
        ],
    ),
    "one year": ({"years": (2023,)}, [(2023, "32.01"), (2023, "35.22"), (2023, "35.24")]),
    "one province": ({"provinces": ("32",)}, [(2018, "32.71"), (2023, "32.01")]),
    "one type": ({"types": (RegionType.CITY,)}, [(2018, "32.71"), (2018, "35.78")]),
    "all filters": (
        {"years": (2018,), "provinces": ("35",), "types": (RegionType.REGENCY,)},
        [(2018, "35.22"), (2018, "35.24")],
    ),
    "province as a member": (
        {"years": (2023,), "provinces": ("32",), "smart_provinces": True},
        [(2023, "32"), (2023, "32.01")],
    ),
    "only provinces as members": ({"types": (RegionType.PROVINCE,), "smart_provinces": True}, [(2023, "32")]),
    "provinces not asked for": ({"types": (RegionType.PROVINCE,)}, []),
    "year without a cohort": ({"years": (2020,)}, []),
}  # fmt: skip


@pytest.mark.parametrize(("filters", "expected"), MEMBERS.values(), ids=MEMBERS)
def test_members(filters: dict[str, Any], expected: list[tuple[int, str]]) -> None:
    """Rows that pass all filters; an empty filter lets everything pass."""
    assert codes(TABLE.members(**filters)) == expected


def test_regions_in_names_each_region_once() -> None:
    """A region of two years stands once, in the order of its province, type and name."""
    assert TABLE.regions_in() == ("32.01", "32.71", "35.22", "35.24", "35.78")


def test_by_province_counts_confirmed_and_disputed_apart() -> None:
    """A region with one confirmed row is confirmed; provinces as members are not counted; zeros are told."""
    assert TABLE.by_province() == (ProvinceCount("32", 2, 0), ProvinceCount("35", 3, 0), ProvinceCount("51", 0, 0))


def test_by_province_of_one_year() -> None:
    """Only that year's rows decide."""
    assert TABLE.by_province((2018,))[1] == ProvinceCount("35", 2, 1)


RECORDED = {2018: 3, 2020: 0, 2023: 2, 1999: 0}


@pytest.mark.parametrize(("year", "number"), RECORDED.items())
def test_recorded(year: int, number: int) -> None:
    """Confirmed kabupaten and kota, without provinces and disputed rows."""
    assert TABLE.recorded(year) == number


def test_applicant_is_the_latest_application() -> None:
    """Of several applications the last one is told."""
    assert TABLE.applicant("35.10") == APPLIED_IN_2019
    assert TABLE.applicant("35.24") is None


def test_neighbours_are_the_others_of_the_province_in_that_year() -> None:
    """The region itself and other years are left out."""
    assert codes(TABLE.neighbours("35.24", 2018)) == [(2018, "35.22"), (2018, "35.78")]


def test_neighbours_of_a_province_leave_out_the_province() -> None:
    """A Smart Province is no neighbour of its kabupaten."""
    assert codes(TABLE.neighbours("32.71", 2023)) == [(2023, "32.01")]


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    loaded, problems = load(KNOWLEDGE)
    assert loaded, problems
    return loaded


@pytest.fixture(scope="module")
def real(knowledge: Knowledge) -> CohortTable:
    return CohortTable(knowledge.cohorts, knowledge.regions, knowledge.applicants)


def test_no_more_is_recorded_than_there_were(knowledge: Knowledge, real: CohortTable) -> None:
    """Confirmed rows never exceed the official size of a year."""
    for year in real.years:
        assert real.recorded(year) <= knowledge.cohorts[year].official_size


def test_every_region_stands_once_in_a_year(real: CohortTable) -> None:
    """No region has two visible rows in one year."""
    rows = codes(real.members(smart_provinces=True))
    assert len(rows) == len(set(rows))


def test_provinces_add_up_to_the_regions(real: CohortTable) -> None:
    """The counts per province and the list of regions agree, in every year and in all."""
    for years in [(), *((year,) for year in real.years)]:
        counts = real.by_province(years)
        assert sum(count.confirmed + count.disputed for count in counts) == len(real.regions_in(years=years))


def test_running_total_is_not_exceeded(knowledge: Knowledge, real: CohortTable) -> None:
    """Distinct confirmed regions up to a year are at most as many as the ministry counted."""
    for year in real.years:
        confirmed = {
            member.region for member in real.members() if member.year <= year and member.certainty is CONFIRMED
        }
        assert len(confirmed) <= knowledge.cohorts[year].running_total


def test_disputed_rows_tell_both_sides(real: CohortTable) -> None:
    """A contradicted row has a note with both sides, and a source."""
    disputed = [member for member in real.members() if member.certainty is DISPUTED]
    assert disputed
    assert [member for member in disputed if not (member.note and member.sources)] == []


SEED_ROWS = {
    "Sukoharjo 2018": ("33.11", 2018, Standing.CONFIRMED),
    "Lamongan 2018": ("35.24", 2018, Standing.CONFIRMED),
    "Kota Semarang 2017": ("33.74", 2017, Standing.CONFIRMED),
    "Lahat 2019": ("16.04", 2019, Standing.NOT_LISTED),
    "Purwakarta 2017": ("32.14", 2017, Standing.DISPUTED),
    "any region 2020": ("35.24", 2020, Standing.NO_COHORT),
    "Jawa Barat 2023": ("32", 2023, Standing.CONFIRMED),
    "any region 2016": ("35.24", 2016, Standing.OUTSIDE),
}


@pytest.mark.parametrize(("code", "year", "standing"), SEED_ROWS.values(), ids=SEED_ROWS)
def test_rows_that_the_sources_state(real: CohortTable, code: str, year: int, standing: Standing) -> None:
    """What the source documents say is what the table says."""
    assert real.standing(code, year) is standing


def test_lahat_is_an_applicant(real: CohortTable) -> None:
    """It applied for 2019, and no source tells the result."""
    assert real.applicant("16.04") is not None
    assert real.memberships("16.04") == ()
