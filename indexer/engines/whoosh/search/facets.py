"""Counts the values of each field in sections, in the order of the field."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import get_args

import numpy as np

from archive.errors import Language
from archive.model import Agency
from indexer.answers.engine import FacetValue
from indexer.engines.whoosh.columns.columns import Columns, FacetColumn
from indexer.engines.whoosh.columns.mmap_columns import Bools, Ints
from indexer.engines.whoosh.columns.records import ColumnValue
from indexer.query.facet_values import facet_label, facet_names, is_open, value_order
from indexer.query.fields import FIELDS
from indexer.sized_cache import SizedCache


class Facets:
    """The facets of one index."""

    def __init__(self, columns: Columns, agencies: Mapping[str, Agency]) -> None:
        self._columns = columns
        self._agencies = agencies
        self._labels = SizedCache[list[str]](len(columns.facets) * len(get_args(Language)))
        self._places = {name: _places(name, facet, agencies) for name, facet in columns.facets.items()}

    def counted(
        self, name: str, sections: Bools, language: Language, *, among: Callable[[ColumnValue], bool] | None = None
    ) -> tuple[FacetValue, ...]:
        """Returns the values of a field in sections, with counts; the most frequent ones if their list is open.

        Args:
            name: the field.
            sections: the sections to count.
            language: the language of labels.
            among: selects values before the most frequent ones are taken.
        """
        facet = self._columns.facets.get(name)
        if facet is None:
            return ()
        counts = facet.count(sections)
        codes = np.flatnonzero(counts)
        if among is not None:
            codes = np.array([code for code in codes.tolist() if among(facet.values[code])], np.int64)
        for_count = -counts[codes] if is_open(name) else np.zeros(len(codes), np.int64)
        order = np.lexsort((self._places[name][codes], for_count))[: FIELDS[name].listed]
        labels = self._labels.get((name, language), lambda: self._every_label(name, language))
        return tuple(FacetValue(facet.values[code], labels[code], int(counts[code])) for code in codes[order].tolist())

    def _every_label(self, name: str, language: Language) -> list[str]:
        return [self.label(name, value, language) for value in self._columns.facets[name].values]

    def names(self, name: str, value: ColumnValue, language: Language) -> tuple[str, ...]:
        """Returns every name of an agency, or the label of any other value."""
        return facet_names(name, value, language, self._agencies)

    def label(self, name: str, value: ColumnValue, language: Language) -> str:
        return facet_label(name, value, language, self._agencies)


def _places(name: str, facet: FacetColumn, agencies: Mapping[str, Agency]) -> Ints:
    """Returns the rank of each value."""
    key = value_order(name, agencies)
    places = np.empty(len(facet.values), np.int64)
    places[sorted(range(len(facet.values)), key=lambda number: key(facet.values[number]))] = np.arange(
        len(facet.values)
    )
    return places
