from __future__ import annotations


class LimitReachedSignal(Exception):  # noqa: N818  # not an error: it carries the loop guard's name up to advance()
    """A bound of ``limits`` was reached. Caught in ``advance`` and nowhere else."""

    def __init__(self, limit: str) -> None:
        super().__init__(limit)
        self.limit = limit
