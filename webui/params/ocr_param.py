"""`ocr=0` leaves out the figures that were read by OCR."""

from __future__ import annotations

from werkzeug.datastructures import MultiDict

from webui.params.validators import read_one


def read_ocr(arguments: MultiDict[str, str]) -> bool:
    """Whether figures that were read by OCR are selected.

    Raises:
        ParameterError: for another value than 0 and 1.
    """
    return read_one(arguments, "ocr", ("1", "0")) == "1"


def ocr_argument(ocr: bool) -> dict[str, str]:  # noqa: FBT001
    """The URL parameter."""
    return {} if ocr else {"ocr": "0"}
