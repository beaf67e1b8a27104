"""What every response shares: languages, headers, caches, errors, telemetry."""
