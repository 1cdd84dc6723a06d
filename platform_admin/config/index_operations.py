"""An index on a table that is in use: PostgreSQL builds it beside the writers, SQLite as ever.

``CREATE INDEX`` keeps every writer of a table waiting until it is done; ``CREATE INDEX CONCURRENTLY`` does not, and
cannot be part of a transaction: the migration needs ``atomic = False`` and nothing else in it.
"""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations import AddIndex
from django.db.migrations.state import ProjectState


class AddIndexBesideWriters(AddIndexConcurrently):
    """``AddIndex`` for large tables."""

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        self._operation(schema_editor).database_forwards(self, app_label, schema_editor, from_state, to_state)

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        self._operation(schema_editor).database_backwards(self, app_label, schema_editor, from_state, to_state)

    def _operation(self, schema_editor: BaseDatabaseSchemaEditor) -> Any:  # noqa: ANN401 - one of two classes of Django
        return AddIndexConcurrently if schema_editor.connection.vendor == "postgresql" else AddIndex
