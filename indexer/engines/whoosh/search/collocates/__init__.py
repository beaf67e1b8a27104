"""Which words stand near an occurrence, and how often would chance place them there? Not for finding occurrences.

Files: `shard_words` (the words of a shard), `windows` (those near spans), `association` (scores),
`collocation` (the counts that an answer has).
"""
