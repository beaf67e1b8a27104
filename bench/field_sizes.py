"""The bytes of each kind of field in an index of a cluster."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence

from bench import corpus
from indexer.engines.opensearch.build.documents import Document, cut_sections, report_document, section_documents
from indexer.engines.opensearch.build.mapping import index_body
from indexer.engines.opensearch.connection.bulk import BulkWriter
from indexer.engines.opensearch.connection.cluster_client import Cluster
from indexer.text.keywords import Frequencies, KeywordCounts, summed
from indexer.text.tokenizer import Tokenizer

_KINDS: dict[str, Callable[[str], bool]] = {
    "everything": lambda name: False,
    "bigrams, plain and marked": lambda name: name in ("text_grams", "cells_grams"),
    "characters": lambda name: name in ("text_characters", "cells_characters"),
    "words of one character": lambda name: name.endswith("_singles"),
    "words with weights": lambda name: name.endswith("_words"),
    "terms of headings": lambda name: name.startswith("heading_"),
    "keywords": lambda name: name == "keyword",
    "the text for scripts": lambda name: name in ("text_form", "cells_form"),
    "the text": lambda name: name in ("text", "cells"),
}
"""The fields that each kind stands for."""


def field_sizes(cluster: Cluster, sections: int) -> None:
    """Writes the same documents once with all fields and once without each kind, and prints the bytes a section."""
    made = _documents(sections)
    count = sum("code" in document for _, _, document in made)
    print(f"{count:,} sections, one shard, merged\n\n| kind of field | bytes a section | share |\n|---|--:|--:|")
    whole = _size(cluster, made, _KINDS["everything"]) / count
    print(f"| everything | {whole:,.0f} | 100 % |")
    for kind, dropped in [*_KINDS.items()][1:]:
        size = whole - _size(cluster, made, dropped) / count
        print(f"| {kind} | {size:,.0f} | {size / whole:.0%} |")


def _documents(sections: int) -> list[tuple[str, str, Document]]:
    words, counts, place = Tokenizer(), KeywordCounts(), 0
    read = [(report, cut_sections(report, words)) for report in corpus.reports(sections)]
    for _, cut in read:
        counts.add_report([each.text.words() for each in cut])
    keywords = counts.keywords(summed([Frequencies(), counts.frequencies]))
    agencies = {agency.id: agency for agency in corpus.agencies(len(read) // 17 + 1)}
    made = []
    for report, cut in read:
        chosen, keywords = keywords[: len(cut)], keywords[len(cut) :]
        for id_, document in section_documents(report, agencies[report.agency], cut, chosen, place, words):
            made.append((id_, report.agency, document))
        made.append((f"{report.agency}/{report.key}", report.agency, report_document(report, {})))
        place += len(cut)
    return made


def _size(cluster: Cluster, made: Sequence[tuple[str, str, Document]], dropped: Callable[[str], bool]) -> int:
    index, indices = f"{cluster.address.name}-{secrets.token_hex(4)}", cluster.client.indices
    indices.create(index=index, body=index_body(1, {}))
    try:
        writer = BulkWriter(cluster, index)
        for id_, routing, document in made:
            writer.add(id_, routing, {name: value for name, value in document.items() if not dropped(name)})
        writer.finish()
        indices.refresh(index=index)
        indices.forcemerge(index=index, params={"max_num_segments": 1, "request_timeout": 600})
        indices.flush(index=index, params={"force": "true"})
        indices.refresh(index=index)
        stats = indices.stats(index=index)["indices"][index]["primaries"]
        return int(stats["store"]["size_in_bytes"])
    finally:
        indices.delete(index=index)
