"""No migration stops a database that is in use or breaks an older process; exceptions have their reason here."""

from __future__ import annotations

from typing import Any

import pytest
from django.apps import apps
from django.db import connection, migrations, models
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState

from platform_admin.config.index_operations import AddIndexBesideWriters
from tests.platform_admin.config.migration_locks import LARGE, faults_of, faults_of_all

OURS = {config.label for config in apps.get_app_configs() if config.name.startswith("platform_admin.")}

# Written before anything ran anywhere: there was no row that a lock could hold up, and no older process.
BEFORE_ANYTHING_RAN = {
    "flows.0002_conversation_tests", "knowledge.0002_revision", "observability.0002_telemetry",
    "observability.0004_report_ids", "releases.0002_parts", "tenants.0002_token_scopes", "tenants.0003_second_person",
}  # fmt: skip

# (migration, rule, target) → why it may
EXEMPT: dict[tuple[str, str, str], str] = {
    ("tenants.0005_audit_chain", "constraint", "tenants.auditentry.one_audit_entry_per_number"): (
        "the numbers are null in every row when it is made, so building it reads one column and finds nothing; a trail "
        "of a million entries takes a second"
    ),
}


def loader() -> MigrationLoader:
    return MigrationLoader(None, ignore_no_migrations=True)


def test_no_migration_stops_a_database_that_is_in_use() -> None:
    faults = faults_of_all(loader(), OURS)
    assert {fault.migration for fault in faults} >= BEFORE_ANYTHING_RAN
    found = {fault.key: fault.remedy for fault in faults if fault.migration not in BEFORE_ANYTHING_RAN}
    assert {key: remedy for key, remedy in found.items() if key not in EXEMPT} == {}
    assert set(EXEMPT) - set(found) == set(), "an exception for something that is no longer there"


def test_the_large_tables_are_there() -> None:
    assert {f"{model._meta.label_lower}" for model in apps.get_models()} >= LARGE


def state() -> ProjectState:
    """A large table and a small one, as they were before."""
    found = ProjectState()
    for app, name in (("observability", "Turn"), ("tenants", "Membership")):
        fields: list[tuple[str, models.Field[Any, Any]]] = [
            ("id", models.BigAutoField(primary_key=True)),
            ("text", models.CharField(max_length=20, null=True)),
            ("number", models.IntegerField(default=0)),
        ]
        migrations.CreateModel(name, fields).state_forwards(app, found)
    return found


def migration(*operations: Any, app: str = "observability", atomic: bool = True) -> migrations.Migration:
    kind = type("Migration", (migrations.Migration,), {"operations": [*operations], "atomic": atomic})
    made: migrations.Migration = kind("0099_made_up", app)
    return made


INDEX = models.Index(fields=["text"], name="by_text")
UNIQUE = models.UniqueConstraint(fields=["text"], name="one_text")

# what is in the migration → the rules it goes against
CASES: dict[str, tuple[migrations.Migration, list[str]]] = {
    "a column that may be empty": (migration(migrations.AddField("turn", "x", models.TextField(null=True))), []),
    "a column the database fills": (migration(migrations.AddField("turn", "x", models.TextField(db_default=""))), []),
    "a column with a default of ours alone": (
        migration(migrations.AddField("turn", "x", models.TextField(default=""))), ["not_null"],
    ),
    "the same on a small table": (
        migration(migrations.AddField("membership", "x", models.TextField(default="")), app="tenants"), ["not_null"],
    ),
    "a column with its index": (
        migration(migrations.AddField("turn", "x", models.IntegerField(null=True, db_index=True))), ["index"],
    ),
    "an index": (migration(migrations.AddIndex("turn", INDEX)), ["index"]),
    "an index on a small table": (migration(migrations.AddIndex("membership", INDEX), app="tenants"), []),
    "an index beside the writers": (migration(AddIndexBesideWriters("turn", INDEX), atomic=False), []),
    "an index beside the writers, in a transaction": (migration(AddIndexBesideWriters("turn", INDEX)), ["atomic"]),
    "a constraint": (migration(migrations.AddConstraint("turn", UNIQUE)), ["constraint"]),
    "a column that is taken away": (migration(migrations.RemoveField("turn", "text")), ["gone"]),
    "a column with another name": (migration(migrations.RenameField("turn", "text", "words")), ["gone"]),
    "a table that is taken away": (migration(migrations.DeleteModel("Turn")), ["gone"]),
    "a table with another name": (migration(migrations.RenameModel("Turn", "Step")), ["gone"]),
    "a column that may no longer be empty": (
        migration(migrations.AlterField("turn", "text", models.CharField(max_length=20))), ["not_null"],
    ),
    "a longer text": (
        migration(migrations.AlterField("turn", "text", models.CharField(max_length=40, null=True))), [],
    ),
    "a shorter text": (
        migration(migrations.AlterField("turn", "text", models.CharField(max_length=10, null=True))), ["type"],
    ),
    "a column of another kind": (
        migration(migrations.AlterField("turn", "number", models.TextField(default=""))), ["type"],
    ),
    "a column that becomes unique": (
        migration(migrations.AlterField("turn", "number", models.IntegerField(default=0, unique=True))), ["index"],
    ),
    "data beside the schema": (
        migration(
            migrations.AddField("turn", "x", models.TextField(null=True)),
            migrations.RunPython(print, migrations.RunPython.noop),
        ),
        ["mixed"],
    ),
    "data with no way back": (migration(migrations.RunPython(print)), ["one_way"]),
    "data alone": (migration(migrations.RunPython(print, migrations.RunPython.noop)), []),
    "an index by hand": (
        migration(migrations.RunSQL("CREATE INDEX x ON observability_turn (text)", "DROP INDEX x")), ["index"],
    ),
    "an index by hand beside the writers": (
        migration(migrations.RunSQL("CREATE INDEX CONCURRENTLY x ON observability_turn (text)", "DROP INDEX x")), [],
    ),
    "a table of its own, with everything": (
        migration(
            migrations.CreateModel("Fresh", [("id", models.BigAutoField(primary_key=True))]),
            migrations.AddField("fresh", "x", models.IntegerField(unique=True)),
        ),
        [],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("made", "rules"), CASES.values(), ids=CASES.keys())
def test_what_stops_a_database_is_seen(made: migrations.Migration, rules: list[str]) -> None:
    assert [fault.rule for fault in faults_of(made, state())] == rules


@pytest.mark.django_db
def test_an_index_beside_the_writers_is_there_afterwards() -> None:
    with connection.cursor() as cursor:
        found = connection.introspection.get_constraints(cursor, "tenants_auditentry")
    assert {"audit_newest", "audit_about_contact"} <= set(found)
