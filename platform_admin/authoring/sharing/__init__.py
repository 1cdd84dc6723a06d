"""A link on which somebody without an account tries the draft: signed, for a week, taken back at any time."""
