"""Whether a name fits what somebody is typing: by its characters, or as it is spelled (pinyin, initials, a mixture)."""

from __future__ import annotations

from collections.abc import Iterable

from archive.text.normalize import normal_form
from archive.text.pinyin import in_letters, pinyin_spellings, spelling


def fits(typed: str, names: Iterable[str]) -> bool:
    """Whether any of the names has these characters, or is spelled so from any of its syllables on."""
    wanted = normal_form(typed.strip())
    if not wanted:
        return False
    forms = [normal_form(name) for name in names]
    if any(wanted in form for form in forms):
        return True
    return in_letters(wanted) and any(spelling(wanted).search(pinyin_spellings(form)) for form in forms)
