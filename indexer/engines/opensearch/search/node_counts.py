"""Counts occurrences that scores do not count, in the nodes: gaps, NEAR, phrases that overlap themselves.

A script searches the form of each text, which documents hold in a column (`counted_form`), by the rules of
`indexer.answers.proximity`. It answers -1 for a section whose form is not held.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from archive.text.normalize import normal_form
from indexer.engines.opensearch.build.grams import is_counted_by_nodes
from indexer.query.ast import Exact, Gapped, Near, Term, Text, Word
from indexer.text.tokenizer import Tokenizer

Row = tuple[int, str, int | None, int]
"""The number of a section, its agency, its year, and the occurrences in it."""
Strings = dict[str, Any]

_MOST_STRINGS = 20
"""Strings that a search counts: Painless ends a function after a million steps, and a text of 10,000 may
repeat one character."""
_FUNCTIONS = """
int lineEnd(String text, int at) {
  int end = text.indexOf('\n', at);
  return end < 0 ? text.length() : end;
}
// The spans of strings in sequence, from left to right without overlap; a span is its start and its end in one number.
List spansOf(String text, Map wanted) {
  List strings = (List) wanted.strings, least = (List) wanted.least, most = (List) wanted.most;
  int before = (int) wanted.before, after = (int) wanted.after, last = strings.size() - 1;
  List starts = new ArrayList(), ends = new ArrayList();
  for (int number = last; number >= 0; number--) {
    String string = (String) strings[number];
    List found = new ArrayList(), stops = new ArrayList();
    int line = -1, next = 0, count = starts.size();
    for (int at = text.indexOf(string); at >= 0; at = text.indexOf(string, at + 1)) {
      int end = at + string.length();
      if (line < at) {
        line = lineEnd(text, at);
      }
      if (number == last) {
        if (end + after <= line) {
          found.add(at);
          stops.add(end + after);
        }
      } else {
        int nearest = end + (int) least[number], farthest = (int) Math.min(end + (int) most[number], line);
        while (next < count && (int) starts[next] < nearest) {
          next++;
        }
        if (next < count && (int) starts[next] <= farthest) {
          found.add(at);
          stops.add(ends[next]);
        }
      }
    }
    starts = found;
    ends = stops;
  }
  List spans = new ArrayList();
  int free = 0;
  for (int number = 0; number < starts.size(); number++) {
    int at = (int) starts[number], start = at - before, end = (int) ends[number];
    if (start >= free && (before == 0 || lineEnd(text, start) >= at)) {
      spans.add(((long) start << 32) | (long) end);
      free = end;
    }
  }
  return spans;
}
boolean isNear(String text, int start, int end, TreeSet starts, TreeSet ends, int distance) {
  def after = starts.ceiling(end), before = ends.floor(start);
  return after != null && after - end <= distance && lineEnd(text, end) >= after
    || before != null && start - before <= distance && lineEnd(text, before) >= start;
}
int occurrences(String text, List leaves) {
  Set counted = new HashSet();
  for (Map leaf : leaves) {
    TreeSet starts = new TreeSet(), ends = new TreeSet();
    for (Map right : (List) leaf.right) {
      for (long span : spansOf(text, right)) {
        starts.add((int) (span >> 32));
        ends.add((int) span);
      }
    }
    for (Map left : (List) leaf.left) {
      for (long span : spansOf(text, left)) {
        if (leaf.distance < 0 || isNear(text, (int) (span >> 32), (int) span, starts, ends, (int) leaf.distance)) {
          counted.add(span);
        }
      }
    }
  }
  return counted.size();
}
"""
_MAP = (
    _FUNCTIONS
    + """
String text = '';
boolean known = true;
for (String name : params.names) {
  def form = doc[name + '_form'];
  if (form.size() > 0) {
    text = (text.isEmpty() ? '' : text + '\n') + form.value.utf8ToString();
  } else if (doc[name + '_length'].value > 0) {
    known = false;
  }
}
String group = doc['agency'].value + '/' + (doc['year'].size() == 0 ? '' : doc['year'].value.toString());
List rows = (List) state.rows.computeIfAbsent(group, key -> new ArrayList());
rows.add(doc['number'].value);
rows.add(known ? occurrences(text, params.leaves) : -1);
"""
)


def countable(leaves: Sequence[Text], words: Tokenizer) -> list[dict[str, Any]] | None:
    """Returns leaves as the script reads them; None if they are many, or the words of texts decide one of them."""
    found = [each for leaf in leaves if (each := _leaf(leaf, words))]
    strings = sum(len(part["strings"]) for each in found for side in ("left", "right") for part in each[side])
    return found if len(found) == len(leaves) and strings <= _MOST_STRINGS else None


def _leaf(leaf: Text, words: Tokenizer) -> dict[str, Any] | None:
    sides = (leaf.left, leaf.right) if isinstance(leaf, Near) else ((leaf,), ())
    left, right = ([_strings(each, words) for each in side] for side in sides)
    if None in left or None in right:
        return None
    return {"left": left, "right": right, "distance": leaf.distance if isinstance(leaf, Near) else -1}


def _strings(leaf: Exact | Term, words: Tokenizer) -> Strings | None:
    """Returns the strings of a phrase in sequence, with the widths of the gaps between, before and after them."""
    if isinstance(leaf, Word):
        return None
    texts = leaf.texts if isinstance(leaf, Gapped) else (leaf.text,)
    forms, widths = [*map(normal_form, texts)], [*leaf.widths] if isinstance(leaf, Gapped) else []
    if not all(map(is_counted_by_nodes, forms)):
        return None
    if isinstance(leaf, Term) and words.words(forms[0]) not in ([], forms):
        return None  # its words count in texts without the whole
    before = widths.pop(0)[0] if not forms[0] else 0
    after = widths.pop()[0] if not forms[-1] else 0
    least, most = ([width[end] for width in widths] for end in (0, 1))
    return {"strings": [*filter(None, forms)], "least": least, "most": most, "before": before, "after": after}


def counting_search(clause: Mapping[str, Any], leaves: Sequence[Any], names: Sequence[str]) -> dict[str, Any]:
    """Returns a search that counts the leaves in each section of a clause."""
    return {
        "size": 0,
        "track_total_hits": False,
        "query": clause,
        "aggs": {
            "counted": {
                "scripted_metric": {
                    "params": {"leaves": leaves, "names": names},
                    "init_script": "state.rows = new HashMap()",
                    "map_script": _MAP,
                    "combine_script": "return state.rows",
                    "reduce_script": "return states",
                }
            }
        },
    }


def rows_of(answer: Mapping[str, Any]) -> Iterator[Row]:
    """Yields the counts that a search of `counting_search` answers; -1 where the nodes hold no text."""
    for shard in answer["aggregations"]["counted"]["value"]:
        for group, rows in (shard or {}).items():
            agency, _, year = group.rpartition("/")
            for number, occurrences in zip(rows[::2], rows[1::2], strict=True):
                yield number, agency, int(year) if year else None, occurrences
