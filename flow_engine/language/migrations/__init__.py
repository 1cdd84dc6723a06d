"""Makes a flow of an older language version one of the present version.

A migration is a pure function from a document as plain JSON, valid in version N, to one that means the same in
version N + 1; it stands in a file of its own and is entered here under N. Version 1 is the first that was ever
read, so there is none yet. The mechanism is tested with versions made up for the purpose.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from flow_engine.language.construct import LANGUAGE_VERSION
from flow_engine.vocabulary import JSONObject

type Migration = Callable[[JSONObject], JSONObject]

MIGRATIONS: Final[Mapping[int, Migration]] = {}
"""The step that leads from each version to the next."""


class MigrationError(Exception):
    """A document that no chain of migrations makes one of the wanted version."""


def version_of(document: JSONObject) -> int:
    """The version that the document says it has; 1 where it says nothing. Raises MigrationError."""
    version = document.get("language_version", 1)
    if not isinstance(version, int) or isinstance(version, bool):
        raise MigrationError("language_version must be a whole number")
    return version


def migrate(
    document: JSONObject, *, steps: Mapping[int, Migration] = MIGRATIONS, to: int = LANGUAGE_VERSION
) -> JSONObject:
    """``document`` in version ``to``; the same object if it is there already. Raises MigrationError."""
    version = version_of(document)
    if version > to:
        raise MigrationError(f"the flow has version {version}, and this engine reads {to}; use a newer engine")
    for step in range(version, to):
        if step not in steps:
            raise MigrationError(f"there is no way from version {step}; known are {sorted({*steps.keys(), to})}")
        document = {**steps[step](document), "language_version": step + 1}
    return document
