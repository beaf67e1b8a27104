"""What every response shares: host names, languages, headers, caches, errors, telemetry; the server and its limits."""
