"""Who took part in which year, and how sure we are: questions on the table, nothing about texts.

How an absence is told depends on how complete a year's list is, and is never a "tidak terpilih":

- the list was published in full (``Standing.NOT_LISTED``): "tidak tercantum dalam daftar yang diumumkan";
- we hold a part of it (``NOT_RECORDED``): "belum tercatat di tabel kami (41 dari 50 daerah tercatat)", with
  ``CohortTable.recorded`` and the cohort's official size as the two numbers;
- the year had none (``NO_COHORT``): "tidak ada angkatan baru";
- a year outside of the table (``OUTSIDE``): we hold nothing about it, and say so.

A row that a source contradicts (``DISPUTED``) is told as contradicted, with both sides and their sources. Rows that
nobody has checked (``Certainty.UNCHECKED``) are for staff only: here they do not exist.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.model import Applicant, Certainty, Cohort, Listing, Membership, Region, RegionType


class Standing(StrEnum):
    """What the table says about one region in one year."""

    CONFIRMED = "tercatat"
    DISPUTED = "diperdebatkan"
    NOT_LISTED = "tidak-tercantum"  # the list is complete, and the region is not in it
    NOT_RECORDED = "belum-tercatat"  # we hold a part of the list, and the region is not in that part
    NO_COHORT = "tidak-ada-angkatan"
    OUTSIDE = "di-luar-tabel"  # a year that we hold nothing about


_ABSENT = {
    Listing.COMPLETE: Standing.NOT_LISTED,
    Listing.PARTIAL: Standing.NOT_RECORDED,
    Listing.NO_COHORT: Standing.NO_COHORT,
}
_TYPE_ORDER = {RegionType.PROVINCE: 0, RegionType.REGENCY: 1, RegionType.CITY: 2}


@dataclass(frozen=True, slots=True)
class ProvinceCount:
    """How many kabupaten and kota of a province took part, each counted once however often it did."""

    code: str
    confirmed: int
    disputed: int  # those with no confirmed year at all


class CohortTable:
    """The cohorts, asked by region, year, province and type.

    Arguments: the cohorts by year, all regions by code (those of the members among them), and the known applicants.

    >>> region = Region("35.24", RegionType.REGENCY, "Lamongan", "35")
    >>> row = Membership("35.24", 2018, Certainty.CONFIRMED, ("times-lamongan-2018",))
    >>> cohort = Cohort(2018, "Tahap II", 50, 75, Listing.COMPLETE, members=(row,))
    >>> table = CohortTable({2018: cohort}, {"35.24": region}, ())
    >>> table.standing("35.24", 2018), table.standing("35.24", 2019)
    (<Standing.CONFIRMED: 'tercatat'>, <Standing.OUTSIDE: 'di-luar-tabel'>)
    """

    def __init__(
        self, cohorts: Mapping[int, Cohort], regions: Mapping[str, Region], applicants: Sequence[Applicant]
    ) -> None:
        self._cohorts = cohorts
        self._regions = regions
        self._applicants = {row.region: row for row in sorted(applicants, key=lambda row: row.year)}
        rows = (row for cohort in cohorts.values() for row in cohort.members)
        self._rows = tuple(sorted((row for row in rows if row.certainty is not Certainty.UNCHECKED), key=self._order))
        self.years: tuple[int, ...] = tuple(sorted(cohorts))

    def memberships(self, code: str) -> tuple[Membership, ...]:
        """The years of a region (or of a province, for Smart Province), oldest first; empty where there are none."""
        return tuple(row for row in self._rows if row.region == code)

    def standing(self, code: str, year: int) -> Standing:
        """What the table says about a region in a year; see the head of this file for how to tell it.

        Raises KeyError for a code that is no region: of such a one nothing may be said, not even that it is absent.
        """
        region = self._regions[code]
        cohort = self._cohorts.get(year)
        if cohort is None:
            return Standing.OUTSIDE
        row = next((row for row in self._rows if row.year == year and row.region == region.code), None)
        if row is None:
            return _ABSENT[cohort.listing]
        return Standing.CONFIRMED if row.certainty is Certainty.CONFIRMED else Standing.DISPUTED

    def members(
        self,
        *,
        years: Collection[int] = (),
        provinces: Collection[str] = (),
        types: Collection[RegionType] = (),
        smart_provinces: bool = False,
    ) -> tuple[Membership, ...]:
        """The rows that pass all filters, by year, province, type and name; an empty filter lets everything pass.

        Provinces that took part themselves are left out unless ``smart_provinces`` asks for them.
        """
        return tuple(
            row
            for row in self._rows
            if (smart_provinces or not self._is_province(row))
            and (not years or row.year in years)
            and (not provinces or self._regions[row.region].province in provinces)
            and (not types or self._regions[row.region].type in types)
        )

    def regions_in(
        self,
        *,
        years: Collection[int] = (),
        provinces: Collection[str] = (),
        types: Collection[RegionType] = (),
        smart_provinces: bool = False,
    ) -> tuple[str, ...]:
        """The codes behind ``members`` with the same filters, each once, by province, type and name."""
        rows = self.members(years=years, provinces=provinces, types=types, smart_provinces=smart_provinces)
        return tuple(sorted({row.region for row in rows}, key=self._place))

    def by_province(self, years: Collection[int] = ()) -> tuple[ProvinceCount, ...]:
        """Distinct kabupaten and kota of every province, those with none included, by code; empty years mean all.

        A region counts as confirmed if one of its rows in these years is, and as disputed otherwise.
        """
        rows = self.members(years=years)
        confirmed = {row.region for row in rows if row.certainty is Certainty.CONFIRMED}
        disputed = {row.region for row in rows} - confirmed
        return tuple(
            ProvinceCount(code, self._count(confirmed, code), self._count(disputed, code))
            for code, region in sorted(self._regions.items())
            if region.type is RegionType.PROVINCE
        )

    def recorded(self, year: int) -> int:
        """How many kabupaten and kota of a year are confirmed, for "41 dari 50 daerah tercatat"; 0 for other years."""
        return sum(row.certainty is Certainty.CONFIRMED for row in self.members(years=(year,)))

    def applicant(self, code: str) -> Applicant | None:
        """The latest known application of a region with an unknown result."""
        return self._applicants.get(code)

    def neighbours(self, code: str, year: int) -> tuple[Membership, ...]:
        """The other kabupaten and kota of a region's province in a year, by type and name.

        Raises KeyError for a code that is no region.
        """
        province = self._regions[code].province
        return tuple(row for row in self.members(years=(year,), provinces=(province,)) if row.region != code)

    def _order(self, row: Membership) -> tuple[int, str, int, str, str]:
        return (row.year, *self._place(row.region))

    def _place(self, code: str) -> tuple[str, int, str, str]:
        region = self._regions[code]
        return (region.province, _TYPE_ORDER[region.type], region.name, code)

    def _is_province(self, row: Membership) -> bool:
        return self._regions[row.region].type is RegionType.PROVINCE

    def _count(self, codes: Collection[str], province: str) -> int:
        return sum(self._regions[code].province == province for code in codes)
