"""Agencies whose names resemble one another, with a report a year, and a home with them."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

from archive.model import Agency, Name, Reading, Source
from archive.store.catalogue import Catalogue
from indexer.engines.whoosh.build.generations import build_index
from tests.conformance.reports import make_report

NAMES = {
    "bj-chaoyang-jyj": "北京市朝阳区教育局",
    "cc-chaoyang-jyj": "长春市朝阳区教育局",
    "bj-haidian-jw": "北京市海淀区教育委员会",
    "bj-haidian-swj": "北京市海淀区水务局",
    "bj-haidian-tyj": "北京市海淀区体育局",
    "hz-xihu-jyj": "杭州市西湖区教育局",
    "hz-xihu-wjj": "杭州市西湖区卫生健康局",
    "qz-fengze-wjw": "泉州市丰泽区卫生和计划生育局",
    "qz-jyj": "泉州市教育局",
    "hz-xxgk": "杭州市西湖区信息公开办公室",
}
YEARS = {"bj-chaoyang-jyj": (2008, 2010, 2014, 2016), "hz-xihu-jyj": (2017, 2018, 2019)}
AGENCIES = tuple(Agency(agency, name, (Name(name),)) for agency, name in NAMES.items())
_PARAGRAPHS = ("通过政务微博和微信公众号主动公开政府信息若干条。", "保密审查机制还不健全，信息公开工作有待加强。")


def fill(home: Path) -> Path:
    """Adds the reports to a home and builds its index."""
    with Catalogue.open(home) as catalogue:
        for agency in AGENCIES:
            for year in YEARS.get(agency.id, (2018, 2019)):
                digest = hashlib.sha256(f"{agency.id}/{year}".encode()).hexdigest()
                rows = [("overview", "一、概述", [_PARAGRAPHS[0]]), ("problems", "二、存在问题", [_PARAGRAPHS[1]])]
                report = make_report(agency.id, agency.name, year, [(*row,) for row in rows])
                source = Source(f"{year}.html", digest, "text/html")
                kept = replace(report, source=source, fingerprint=digest)
                catalogue.add(Reading(source, (kept,), (), (agency,)), b"<html></html>")
        build_index(home, catalogue.shown(), catalogue.agencies(), catalogue.revision)
    return home
