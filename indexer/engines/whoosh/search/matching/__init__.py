"""Which sections match a query, and where?

Not for order, counts by value or snippets. `evaluator` evaluates a request: `leaf_search` its strings (with `scan`
where postings do not decide) and `boolean_match` their combination; `result_set` is the result, `spans` its
occurrences.
"""
