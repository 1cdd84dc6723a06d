"""The turn: from a claimed event to a committed conversation."""
