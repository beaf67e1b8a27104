"""The soft checks: what one year's report says of the next, and the next says of itself.

Nothing in the law makes an agency correct last year's figures, so a difference is worth a look and no error.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import pairwise

from archive.model import Notice, Report
from archive.notices import notice

# Each identity with its words, the figures of the year before (summed with their signs), and those of the year itself.
_IDENTITIES: tuple[tuple[str, str, Mapping[str, int], Mapping[str, int]], ...] = (
    (
        "上年结转下年度继续办理的申请，应等于本年的上年结转",
        "requests carried over to the next year = requests carried over from the last",
        {"requests.carried_out.total": 1},
        {"requests.carried_in.total": 1},
    ),
    *(
        (
            f"{zh}：上年现行有效件数加本年制发、减本年废止，应等于本年现行有效件数",
            f"{en}: in force last year + issued - repealed = in force",
            {f"proactive.{row}.in_force": 1},
            {f"proactive.{row}.in_force": 1, f"proactive.{row}.issued": -1, f"proactive.{row}.repealed": 1},
        )
        for row, zh, en in (("rules", "规章", "Rules"), ("normative_documents", "规范性文件", "Normative documents"))
    ),
)


def year_over_year_notices(reports: Sequence[Report]) -> Iterator[tuple[Report, Notice]]:
    """Each report of one agency that does not follow from the report of the year before, with a `series_break`.

    Args:
        reports: of one agency, one for each year, in the order of their years.
    """
    dated = [report for report in reports if report.year is not None]
    for before, report in pairwise(dated):
        if (report.year or 0) - (before.year or 0) != 1:
            continue
        for zh, en, former, present in _IDENTITIES:
            left, right = _sum(before, former), _sum(report, present)
            if left is not None and right is not None and left != right:
                said = notice(
                    "series_break", identity=zh, identity_en=en, before=before.year, year=report.year,
                    left=f"{left:f}", right=f"{right:f}",
                )  # fmt: skip
                yield report, said


def _sum(report: Report, names: Mapping[str, int]) -> Decimal | None:
    """The sum of some figures with their signs, None where the report lacks one of them."""
    values = {figure.name: figure.value for figure in report.figures if figure.name in names}
    if set(values) != set(names) or None in values.values():
        return None
    return sum((sign * (values[name] or Decimal(0)) for name, sign in names.items()), Decimal(0))
