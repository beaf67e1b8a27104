"""Makes OFD documents as producers write them: objects, templates and ruled tables."""

from __future__ import annotations

from collections.abc import Sequence
from xml.sax.saxutils import escape

from tests.archive.readers.documents import GROUPS, HEADINGS, REQUEST_LABELS, TITLE, parts, zip_file

NAMESPACE = 'xmlns:ofd="http://www.ofdspec.org/2016"'
PAGE_WIDE = "0 0 210 297"


def text_object(codes: str, boundary: str = PAGE_WIDE, size: float = 4, more: str = "") -> str:
    """A TextObject with some TextCodes."""
    return f'<ofd:TextObject ID="1" Boundary="{boundary}" Font="1" Size="{size}" {more}>{codes}</ofd:TextObject>'


def code(text: str, x: float | None = None, y: float | None = None, dx: str = "", dy: str = "") -> str:
    """A TextCode; what is None or empty is left out."""
    given = {"X": x, "Y": y, "DeltaX": dx or None, "DeltaY": dy or None}
    attributes = "".join(f' {name}="{value}"' for name, value in given.items() if value is not None)
    return f"<ofd:TextCode{attributes}>{escape(text)}</ofd:TextCode>"


def line(text: str, x: float, y: float, size: float = 4) -> str:
    """A line in an object as wide as the page, with the distance between characters that each has."""
    steps = " ".join(f"{size * (1 if ord(each) > 126 else 0.5):g}" for each in text[:-1])
    return text_object(code(text, x, y, steps), size=size)


def rule(left: float, top: float, right: float, bottom: float) -> str:
    """A PathObject with one line."""
    path = f"M 0 0 L {right - left:g} {bottom - top:g}"
    return (
        f'<ofd:PathObject ID="2" Boundary="{left:g} {top:g} {right - left:g} {bottom - top:g}" LineWidth="0.25">'
        f"<ofd:AbbreviatedData>{path}</ofd:AbbreviatedData></ofd:PathObject>"
    )


def document(pages: Sequence[str], templates: Sequence[str] = ()) -> bytes:
    """A document whose pages use all templates."""
    used = "".join(f'<ofd:Template TemplateID="{90 + n}" ZOrder="Background"/>' for n in range(len(templates)))

    def content(objects: str, head: str = "") -> str:
        layer = (
            f'<ofd:Content><ofd:Layer ID="9"><ofd:PageBlock ID="8">{objects}</ofd:PageBlock></ofd:Layer></ofd:Content>'
        )
        return f"<ofd:Page {NAMESPACE}><!-- a -->{head}{layer}</ofd:Page>"

    root = "<ofd:DocBody><ofd:DocRoot>/Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody>"
    files = {
        "OFD.xml": f"<ofd:OFD {NAMESPACE}>{root}</ofd:OFD>",
        "Doc_0/Document.xml": f"<ofd:Document {NAMESPACE}><ofd:CommonData>"
        + "".join(f'<ofd:TemplatePage ID="{90 + n}" BaseLoc="Tpls/{n}/Content.xml"/>' for n in range(len(templates)))
        + "</ofd:CommonData><ofd:Pages>"
        + "".join(f'<ofd:Page ID="{n + 1}" BaseLoc="Pages/Page_{n}/Content.xml"/>' for n in range(len(pages)))
        + "</ofd:Pages></ofd:Document>",
    }
    files |= {f"Doc_0/Tpls/{number}/Content.xml": content(objects) for number, objects in enumerate(templates)}
    files |= {f"Doc_0/Pages/Page_{number}/Content.xml": content(objects, used) for number, objects in enumerate(pages)}
    return zip_file(files)


class RuledPages:
    """Pages with lines and ruled tables, filled from top to bottom."""

    def __init__(self) -> None:
        self.pages: list[str] = [""]
        self._top = 20.0

    def text(self, text: str) -> None:
        """A paragraph in lines of 28 characters, the first one indented."""
        is_line = text in (TITLE, *HEADINGS)
        first = 28 if is_line else 26
        for number, piece in enumerate(
            [text[:first], *(text[start : start + 28] for start in range(first, len(text), 28))]
        ):
            self._room(8)
            self.pages[-1] += line(piece, 20 + (0 if is_line or number else 12), self._top + 5.3, 6)
            self._top += 8

    def table(self, rows: Sequence[Sequence[tuple[str, int]]], widths: Sequence[float]) -> None:
        """A table of texts with the number of columns that each takes; labels are broken into lines of their cell."""
        for row in rows:
            edges, column = [20.0], 0
            for _, span in row:
                edges.append(edges[-1] + sum(widths[column : column + span]))
                column += span
            broken = [
                [
                    text[start : start + int((right - left) / 3)]
                    for start in range(0, len(text), int((right - left) / 3))
                ]
                for (text, _), left, right in zip(row, edges, edges[1:], strict=False)
            ]
            height = 2 + 3.5 * max(1, *map(len, broken))
            self._room(height)
            for lines, left in zip(broken, edges, strict=False):
                for number, text in enumerate(lines):
                    self.pages[-1] += line(text, left + 1, self._top + 3.5 * (number + 1), 2.8)
            bottom = self._top + height
            self.pages[-1] += "".join(rule(edge, self._top, edge, bottom) for edge in edges)
            self.pages[-1] += rule(20, self._top, edges[-1], self._top) + rule(20, bottom, edges[-1], bottom)
            self._top = bottom
        self._top += 4

    def _room(self, height: float) -> None:
        if self._top + height > 280:
            self.pages.append("")
            self._top = 20.0


def _pieces(text: str, size: int) -> list[str]:
    return [text[start : start + size] for start in range(0, len(text), size)]


def ruled_report() -> bytes:
    """The report with page-wide objects and ruled tables, whose labels are broken over lines."""
    made = RuledPages()
    for part in parts():
        if isinstance(part, str):
            made.text(part)
        elif len(part[-1]) == 15:
            made.table(_full(part, 15), [11.0] * 15)
        elif any(row[-1].isdigit() and row[0] in (*REQUEST_LABELS, *GROUPS.values()) for row in part):
            made.table(_requests(part), [15.0, 50.0, *[15.0] * 7])
        else:
            made.table(_full(part, 4), [60.0, *[30.0] * 3])
    return document(made.pages)


def _full(rows: Sequence[Sequence[str]], columns: int) -> list[list[tuple[str, int]]]:
    """The rows with their last cell as wide as the rest, or all cells equally wide."""
    made = []
    for row in rows:
        span, rest = divmod(columns, len(row))
        made.append([(text, span if rest == 0 else 1) for text in row])
        if rest:
            made[-1][-1] = (row[-1], columns - len(row) + 1)
    return made


def _requests(rows: Sequence[Sequence[str]]) -> list[list[tuple[str, int]]]:
    made, in_group = [], False
    for row in rows[3:]:
        in_group = in_group or len(row) == 9
        is_in_group = in_group and not row[0].startswith(("(七)", "四、"))
        if len(row) == 9:
            made.append([(text, 1) for text in row])
        else:
            label = [("", 1), (row[0], 1)] if is_in_group else [(row[0], 2)]
            made.append([*label, *((text, 1) for text in row[1:])])
    head, who, kinds = rows[:3]
    return [
        [(head[0], 2), (head[1], 7)],
        [("", 2), (who[0], 1), (who[1], 5), (who[2], 1)],
        [("", 2), ("", 1), *((kind, 1) for kind in kinds), ("", 1)],
        *made,
    ]
