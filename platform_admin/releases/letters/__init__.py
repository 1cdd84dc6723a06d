"""The mails about a release that two people let out: who is to look at it, and what became of it."""
