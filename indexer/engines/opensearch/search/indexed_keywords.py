"""The keywords of an index, as the values of a field."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from indexer.engines.opensearch.build.grams import storable
from indexer.engines.opensearch.search.stored_sections import StoredSections
from indexer.query.fields import FieldValue


class IndexedKeywords(Collection[FieldValue]):
    """The keywords of an index: too many to be held, so that each is looked up."""

    def __init__(self, sections: StoredSections) -> None:
        self._sections = sections

    def __contains__(self, keyword: object) -> bool:
        is_storable = isinstance(keyword, str) and storable(keyword) == keyword
        return is_storable and self._sections.count({"term": {"keyword": keyword}}) > 0

    def __iter__(self) -> Iterator[FieldValue]:
        raise TypeError("keywords are not listed")

    def __len__(self) -> int:
        raise TypeError("keywords are not counted")
