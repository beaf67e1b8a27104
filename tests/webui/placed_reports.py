"""Agencies of several divisions, levels and kinds, each with a report on 2021 and one on 2022."""

from __future__ import annotations

from dataclasses import replace

from archive.model import Agency, Name, Reading
from tests.webui.model_reports import PAGE, SHOWN, WATER

# id: name, place, level, kind
PLACED: dict[str, tuple[str, str | None, str, str]] = {
    "hebei-sheng": ("河北省人民政府", "河北省", "province", "government"),
    "sjz-jyj": ("石家庄市教育局", "河北省石家庄市", "city", "department"),
    "zd-jyj": ("正定县教育局", "河北省石家庄市正定县", "county", "department"),
    "zd-rmzf": ("正定县人民政府", "河北省石家庄市正定县", "county", "government"),
    "cd-jyj": ("承德市教育局", "河北省承德市", "city", "department"),
    "bj-hd": ("北京市海淀区教育委员会", "北京市海淀区", "county", "department"),
    "chaoyang": ("朝阳区教育局", "朝阳区", "county", "department"),
    "jiaoyu-bu": ("教育部", None, "national", "department"),
}
AGENCIES = tuple(
    Agency(code, name, (Name(name),), place, level, kind) for code, (name, place, level, kind) in PLACED.items()
)
_REPORT = next(report for report in SHOWN if report.agency == WATER.id and report.year == 2022)
READING = Reading(
    PAGE,
    tuple(
        replace(
            _REPORT,
            agency=agency.id,
            agency_name=agency.name,
            agency_as_printed=agency.name,
            year=year,
            fingerprint=f"{agency.id}/{year}",
        )
        for agency in AGENCIES
        for year in (2021, 2022)
    ),
    (),
    AGENCIES,
)
