"""A search and the parameters that spell it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from indexer.query.fields import FIELDS
from webui.params.search_params import SORTS, UNITS, SearchParams, read_search_params

_values = st.lists(st.text(min_size=1, max_size=12), min_size=1, max_size=4, unique=True).map(tuple)


_states = st.builds(
    SearchParams,
    query=st.text(max_size=40),
    filters=st.dictionaries(st.sampled_from(list(FIELDS)), _values),
    sort=st.sampled_from(SORTS),
    group=st.sampled_from(UNITS),
    page=st.integers(1, 10_000),
    limit=st.integers(1, 100),
)


@given(_states)
def test_parameters_are_read_back(state: SearchParams) -> None:
    assert read_search_params(MultiDict(state.arguments())) == state


@given(_states, st.sampled_from(list(FIELDS)), st.text(min_size=1, max_size=12))
def test_a_value_toggled_twice_changes_nothing(state: SearchParams, facet: str, value: str) -> None:
    twice = state.toggled(facet, value).toggled(facet, value)
    assert {k: set(v) for k, v in twice.filters.items()} == {k: set(v) for k, v in state.filters.items()}
    assert twice.page == 1
