"""The five figures at the head of a report and of an agency: received, granted, partly granted, refused, not held."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import gettext

from archive.analysis.computed import ComputedFigure, computed_rows
from archive.store.figures_table import FigureSelection
from archive.vocabulary import SERIES
from webui.data_access import catalogue
from webui.http.i18n import language, link
from webui.render.labels import row_label

CODES = ("received", "granted", "partly_granted", "refused", "not_held")


@dataclass(frozen=True, slots=True)
class KeyFigure:
    """A figure of a report, None if it does not state it, and the URL of the same figure over the years."""

    label: str
    figure: ComputedFigure | None
    address: str

    @property
    def source(self) -> str:
        """Where the number is from, or why there is none."""
        if self.figure is None:
            return str(gettext("那一年的报告里没有这个数字"))
        if len(self.figure.parts) > 1:
            return f"{gettext('计算得出：')}{' + '.join(self.figure.parts)}"
        return self.figure.parts[0]


def key_figures(agency: str) -> Mapping[str, tuple[KeyFigure, ...]]:
    """The five figures of each report of an agency, by the report's key."""
    rows = [computed_rows()[SERIES, code, None] for code in CODES]
    found = catalogue().values(FigureSelection((agency,)), rows)
    return {
        report.key: tuple(
            KeyFigure(
                row_label(report.form, SERIES, row.row, language()),
                report.figures.get(row.name),
                link("figures.page", table=SERIES, row=row.row, agency=agency),
            )
            for row in rows
        )
        for report in found
    }
