"""The embedded engine: Whoosh holds the words, columns beside it everything else."""
