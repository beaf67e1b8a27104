"""Standing attacks: kills, damaged files, hostile files, odd requests, load, and several processes at once.

`GONGKAI_ATTACKS=long` (`make test-attack`) runs all of each; otherwise a short form runs with the slow tests. Every
attack is seeded, bounded in count, and reaches only loopback and its own folder.
"""
