"""Tests that the registry finds the same agencies as a search of all of them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from archive.agencies.registry import AgencyRegistry
from archive.cues.agency_names import same_name, slug_of
from archive.model import Agency, Name
from archive.text.match import fold_alnum

_PLACES = ("", "安山省", "丰州市", "安山省丰州市", "永宁自治区", "长清市")
_SMALLER = ("", "朝阳区", "城关镇", "清河县")
_WHO = ("教育局", "人民政府", "(教育局)", "水利局")
names = st.builds("".join, st.tuples(*map(st.sampled_from, (_PLACES, _SMALLER, _WHO))))
agencies = st.lists(
    st.lists(names, min_size=1, max_size=3, unique=True).map(
        lambda own: Agency(slug_of("".join(own)), own[0], tuple(map(Name, own)))
    ),
    max_size=8,
    unique_by=lambda agency: agency.id,
)


def goes_by(name: str, agency: Agency) -> bool:
    """Whether all names of the agency that end in the shortest equal name are equal too."""
    own = [each.text for each in agency.names]
    same = [each for each in own if same_name(name, each)]
    return bool(same) and all(
        same_name(name, each) for each in own if fold_alnum(each).endswith(min(map(fold_alnum, same), key=len))
    )


@given(names, agencies)
def test_alike_equals_a_search_of_all_agencies(name: str, known: list[Agency]) -> None:
    found = {agency.id for agency in AgencyRegistry(known).alike(name)}
    assert found == {agency.id for agency in known if goes_by(name, agency)}


@given(names, agencies)
def test_a_known_name_resolves_to_its_agency_and_an_unknown_one_to_a_new_one(name: str, known: list[Agency]) -> None:
    register = AgencyRegistry(known)
    found = register.resolve(name, "page")
    register.add(found)
    assert register.resolve(name, "page").id == found.id
    assert any(fold_alnum(name) == fold_alnum(each.text) or same_name(name, each.text) for each in found.names)
