"""Reads migrations as a careful colleague would: what stops a database that is in use, or an older process beside it.

A version's migrations are applied while processes of the version before still run. So what they write must still be
taken, what they read must still be there, and no statement may hold a large table while it works through it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from django.db import models
from django.db.migrations import Migration, operations
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

from platform_admin.config.index_operations import AddIndexBesideWriters

LARGE: Final = frozenset(
    {
        "commands.runtimecommand", "jobs.job", "observability.conversation", "observability.dailycount",
        "observability.deadletter", "observability.handoff", "observability.hourlycount", "observability.notice",
        "observability.receivedreport", "observability.scheduledtask", "observability.turn",
        "observability.unansweredquestion", "tenants.auditentry",
    }
)  # fmt: skip
"""Tables that grow with what customers write or people do: millions of rows at five hundred tenants."""

_STOPS_WRITERS: Final = (
    "CREATE INDEX ",
    "CREATE UNIQUE INDEX ",
    "LOCK TABLE",
    "SET NOT NULL",
    "VACUUM FULL",
    "CLUSTER ",
)


@dataclass(frozen=True, slots=True)
class Fault:
    """``target`` is ``app.model`` with the field or index, ``rule`` the short name of what it goes against."""

    migration: str
    rule: str
    target: str
    remedy: str

    @property
    def key(self) -> tuple[str, str, str]:
        return self.migration, self.rule, self.target


def faults_of_all(loader: MigrationLoader, apps: set[str]) -> list[Fault]:
    """Every fault of the migrations of ``apps``, in the order in which they are applied."""
    state, seen, found = ProjectState(real_apps=loader.unmigrated_apps), set(), []
    for leaf in loader.graph.leaf_nodes():
        for key in loader.graph.forwards_plan(leaf):
            if key in seen:
                continue
            seen.add(key)
            migration = loader.graph.nodes[key]
            if migration is not None:
                found += faults_of(migration, state) if key[0] in apps else _passed(migration, state)
    return found


def faults_of(migration: Migration, state: ProjectState) -> list[Fault]:
    """Those of one; ``state`` is the one before it and is carried on."""
    app, name = migration.app_label, f"{migration.app_label}.{migration.name}"
    made = {f"{app}.{item.name.lower()}" for item in migration.operations if isinstance(item, operations.CreateModel)}
    schema = [item for item in migration.operations if not isinstance(item, operations.RunPython | operations.RunSQL)]
    found: list[Fault] = []
    for operation in migration.operations:
        for rule, target, remedy in _look(operation, app, made, state, mixed=bool(schema)):
            found.append(Fault(name, rule, target, remedy))
        operation.state_forwards(app, state)
    if any(isinstance(item, AddIndexBesideWriters) for item in migration.operations) and migration.atomic:
        found.append(Fault(name, "atomic", name, "Set atomic = False: it cannot be part of a transaction."))
    return found


def _passed(migration: Migration, state: ProjectState) -> list[Fault]:
    for operation in migration.operations:
        operation.state_forwards(migration.app_label, state)
    return []


type Seen = Iterator[tuple[str, str, str]]


def _look(operation: Operation, app: str, made: set[str], state: ProjectState, *, mixed: bool) -> Seen:
    model = f"{app}.{getattr(operation, 'model_name', '') or getattr(operation, 'name', '')}".lower()
    if model in made:
        return
    match operation:
        case operations.AddField():
            yield from _added(operation, model)
        case operations.AlterField():
            yield from _altered(operation, app, model, state)
        case AddIndexBesideWriters():
            return
        case operations.AddIndex() if model in LARGE:
            yield "index", f"{model}.{operation.index.name}", "Use AddIndexBesideWriters."
        case operations.AddConstraint() if model in LARGE:
            yield "constraint", f"{model}.{operation.constraint.name}", "It holds the table while all rows are read."
        case operations.RemoveField() | operations.RenameField():
            field = operation.name if isinstance(operation, operations.RemoveField) else operation.old_name
            yield (
                "gone",
                f"{model}.{field}",
                "The version before still reads it: take it out of the code one version earlier.",
            )
        case operations.DeleteModel() | operations.RenameModel() | operations.AlterModelTable():
            name = operation.old_name if isinstance(operation, operations.RenameModel) else operation.name
            yield "gone", f"{app}.{name}".lower(), "The version before still reads it."
        case operations.RunPython() | operations.RunSQL():
            yield from _ran(operation, app, mixed=mixed)
        case _:
            return


def _added(operation: operations.AddField, model: str) -> Seen:
    field: Any = operation.field
    target = f"{model}.{operation.name}"
    if not field.null and not field.many_to_many and not field.has_db_default():
        yield (
            "not_null",
            target,
            "Give it db_default, or null=True: what the version before inserts has no value for it.",
        )
    if model in LARGE and (field.unique or field.db_index):
        yield "index", target, "Add the column first, and its index with AddIndexBesideWriters."


def _altered(operation: operations.AlterField, app: str, model: str, state: ProjectState) -> Seen:
    new: Any = operation.field
    old: Any = state.models[app, operation.model_name.lower()].fields[operation.name]
    target = f"{model}.{operation.name}"
    if old.null and not new.null:
        yield "not_null", target, "What the version before inserts may be null; large tables are read to the end."
    if model in LARGE and _kind(old) != _kind(new):
        yield "type", target, "The table is written anew: add a column and carry the values over in pieces."
    if model in LARGE and (new.unique, new.db_index) != (old.unique, old.db_index) and (new.unique or new.db_index):
        yield "index", target, "Add the index with AddIndexBesideWriters."
    shorter = (new.max_length or 0) < (old.max_length or 0) if isinstance(new, models.CharField) else False
    if shorter:
        yield "type", target, "What is stored, or what the version before writes, may be longer."


def _kind(field: models.Field[Any, Any]) -> str:
    return type(field).__name__


def _ran(operation: operations.RunPython | operations.RunSQL, app: str, *, mixed: bool) -> Seen:
    target = f"{app}.{getattr(getattr(operation, 'code', None), '__name__', 'sql')}"
    if mixed:
        yield "mixed", target, "Carry data over in a migration of its own: this one holds its locks until all is done."
    if operation.reversible is False:
        yield "one_way", target, "Say how to go back, or that nothing has to be done (noop)."
    if isinstance(operation, operations.RunSQL):
        text = str(operation.sql).upper()
        if any(words in text for words in _STOPS_WRITERS) and "CONCURRENTLY" not in text:
            yield "index", target, "Use CONCURRENTLY, or another way that does not stop writers."
