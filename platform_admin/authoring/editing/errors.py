"""What editing refuses with; drawn in the package's docstring."""

from __future__ import annotations


class EditError(Exception):
    """The message is for the author."""


class StaleEditError(EditError):
    """The draft has changed under the edit: the place it names is gone, or is something else."""
