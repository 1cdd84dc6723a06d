"""Tells the staff through a web address of theirs, signed so that they know who is speaking."""
