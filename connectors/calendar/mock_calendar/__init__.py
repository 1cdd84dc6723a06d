"""A calendar of our own: in the process, or behind a small HTTP server on loopback."""
