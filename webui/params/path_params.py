"""Finds the agency, report and section that a path names. Paths of joined agencies redirect to the present id."""

from __future__ import annotations

from flask import abort, redirect, request, url_for

from archive.model import UNKNOWN_AGENCY_NAME, Agency, Report, Section
from webui import data_access
from webui.data_access import catalogue
from webui.http.errors import NotHeldError, ParameterError
from webui.params.validators import shortened


def known_agency(agency: str) -> tuple[Agency, tuple[str, ...]]:
    """The agency with an id and the keys of its reports; reports without a known agency count as one agency.

    Raises:
        NotHeldError: for an id that the archive does not have.
        HTTPException: a redirect from an id that was joined with another.
    """
    keys = catalogue().keys(agency)
    known = catalogue().agency(agency) or (Agency(agency, UNKNOWN_AGENCY_NAME) if keys else None)
    if known is None:
        raise NotHeldError(*no_such_agency(agency))
    _follow(agency, known.id)
    return known, keys


def no_such_agency(agency: str) -> tuple[str, str]:
    """The message for an id that the archive does not have, in Chinese and in English."""
    return (
        f"档案库里没有机关“{shortened(agency)}”。请从机关名录中查找。",
        f"The archive has no agency “{shortened(agency)}”. Look it up in the list of agencies.",
    )


def find_report(agency: str, key: str) -> Report:
    """The report of an agency with a key.

    Raises:
        NotHeldError: with the keys that the agency has.
        HTTPException: a redirect from an id that was joined with another, or to a report whose page was read again.
    """
    found = data_access.report(agency, key)
    if found is None and (request.view_args or {}).get("key") == key:
        found = catalogue().moved(agency, key)
    if found is not None:
        _follow(agency, found.agency, (key, found.key) if key != found.key else None)
        return found
    known, keys = known_agency(agency)
    raise NotHeldError(
        f"档案库里没有{known.name}“{key}”的报告。有的是：{'、'.join(keys)}。",
        f"The archive has no report “{key}” of {known.name}. It has: {', '.join(keys)}.",
        agency,
        keys,
    )


def find_pair(agency: str, before: str, after: str) -> tuple[Report, Report]:
    """Two reports of an agency.

    Raises:
        ParameterError: for a missing key, and for one key given twice.
        NotHeldError: for a report that the archive does not have.
    """
    if not before or not after or before == after:
        raise ParameterError(
            "请给出两个不同的年份，例如2017和2018。", "Give two different years, such as 2017 and 2018."
        )
    return find_report(agency, before), find_report(agency, after)


def section_at(report: Report, anchor: str | None) -> Section | None:
    """The section with an anchor, or None without an anchor.

    Raises:
        ParameterError: for an anchor that the report does not have.
    """
    if not anchor:
        return None
    found = next((section for section in report.sections if section.anchor == anchor), None)
    if found is None:
        anchors = " ".join(section.anchor for section in report.sections)
        raise ParameterError(
            f"这份报告没有“{shortened(anchor)}”章节。它有：{anchors}。",
            f"The report has no section “{shortened(anchor)}”. It has: {anchors}.",
        )
    return found


def _follow(asked: str, agency: str, key: tuple[str, str] | None = None) -> None:
    """Redirects to the present id of an agency, and to the present key of the report that the path names."""
    present = {"agency": agency} if asked != agency else {}
    if key and (request.view_args or {}).get("key") == key[0]:
        present["key"] = key[1]
    if present and request.endpoint:
        path = url_for(request.endpoint, **{**(request.view_args or {}), **present})
        # The query is kept as it is: its names come from outside and are no arguments of url_for.
        query = request.query_string.decode("ascii", "replace")
        # Only the id of a joined agency redirects permanently. A page that is read again can bring back a report; of
        # unknown agencies, an address with a year alone leads to the newest report of it.
        known = catalogue().agency(asked)
        is_joined = asked != agency and known is not None and known.id == agency
        abort(redirect(f"{path}?{query}" if query else path, 301 if is_joined else 302))
