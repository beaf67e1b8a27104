"""The command line and the Python API over archive, indexer and webui."""
