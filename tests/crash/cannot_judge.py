"""``CannotJudgeError``: the run says nothing about the runtime, for a reason that lies outside of it."""


class CannotJudgeError(Exception):
    """Names what is missing or in the way. Never a broken promise, and never a mutant found out."""
