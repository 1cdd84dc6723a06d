"""Playing stored conversations again on a candidate, in a process of its own: ``python -m runtime.replaying``."""
