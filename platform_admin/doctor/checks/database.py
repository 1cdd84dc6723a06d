"""The database answers and has every migration."""

from __future__ import annotations

from datetime import datetime

from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from platform_admin.doctor.finding import Finding, bad, good


def database(_now: datetime) -> Finding:
    executor = MigrationExecutor(connection)
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if missing:
        names = ", ".join(f"{migration.app_label}.{migration.name}" for migration, _ in missing[:3])
        return bad(f"{len(missing)} migrations are missing: {names}.", "Run manage.py migrate.")
    return good(f"{connection.vendor}, every migration applied.")
