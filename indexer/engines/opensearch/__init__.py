"""The distributed engine: OpenSearch finds and counts; what it cannot decide is verified in the stored text."""
