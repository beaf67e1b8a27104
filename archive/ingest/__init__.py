"""Reads files and WARC records in sandboxed processes, in parallel and within limits."""
