"""Places of agencies: each lies in wider ones, and a query may name any of them or begin to."""

from __future__ import annotations

import re
from collections.abc import Collection
from itertools import accumulate

from archive.text.normalize import normal_form

# '黑龙江省' '呼和浩特市' '延边朝鲜族自治州' '海淀区': where one place ends and the next, narrower one begins
_PARTS = re.compile(r".{2,}?(?:特别行政区|自治[区州县旗]|[省市区县旗盟州])(?![市区县])|.+")


def enclosing(place: str) -> tuple[str, ...]:
    """A place and the wider ones that its name states, the widest first: 北京市, 北京市海淀区."""
    return tuple(accumulate(_parts(place)))


def meant_places(known: Collection[str], asked: str) -> tuple[str, ...]:
    """The places that are meant: the one of that name, else all that begin so, else all of which a part begins so."""
    form = normal_form(asked)
    forms = {place: normal_form(place) for place in known}
    exact = tuple(place for place in known if forms[place] == form)
    begun = tuple(place for place in known if forms[place].startswith(form))
    return (
        exact or begun or tuple(place for place in known if any(part.startswith(form) for part in _parts(forms[place])))
    )


def _parts(place: str) -> list[str]:
    return _PARTS.findall(place)
