"""What surrounds every call, written once: policy, retry, breaker, pipeline, HTTP client, redaction."""
