"""An archive in which every facet has more values than it shows: sixty agencies with names as long as they get."""

from __future__ import annotations

from dataclasses import replace

from archive.model import Agency, Name, Reading, Report
from tests.webui.model_reports import PAGE, SHOWN, WATER

_PLACES = [f"云溪市{name}区" for name in "东西南北中上下左右前后内外新旧"]
_NAMES = [f"{place}{name}服务管理指挥中心" for place in _PLACES for name in ("城市", "水务", "教育", "环境")]
AGENCIES = [
    Agency(
        f"yunxi-shi-{number:02}-chengshi-fuwu-guanli-zhihui-zhongxin",
        name,
        (Name(name, 2008, 2022),),
        place=place,
        level="county",
        kind="department",
    )
    for number, (name, place) in enumerate(zip(_NAMES, (place for place in _PLACES for _ in range(4)), strict=True))
]


def _of(agency: Agency) -> tuple[Report, ...]:
    def given(report: Report) -> Report:
        title = report.title.replace(str(report.agency_as_printed), agency.name)
        return replace(report, agency=agency.id, agency_name=agency.name, agency_as_printed=agency.name, title=title)

    return tuple(given(report) for report in SHOWN if report.agency == WATER.id and report.year in (2016, 2017, 2022))


READING = Reading(PAGE, tuple(report for agency in AGENCIES for report in _of(agency)), (), tuple(AGENCIES))
