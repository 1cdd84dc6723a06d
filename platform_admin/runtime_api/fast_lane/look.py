"""Everything that an ordinary answer depends on, in one statement; what is to be noted is noted by the way.

Nothing is remembered between two requests: a revoked token is refused by the next one. The statement itself is: the
database keeps it parsed and planned for each connection, which is most of the work of so small a question.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, Final

import psycopg
from django.db import connection
from psycopg.types.json import Jsonb

from platform_admin.commands.actions import REDELIVER_AFTER
from platform_admin.commands.models import RuntimeCommand
from platform_admin.observability.models import RuntimeSighting
from platform_admin.observability.taking_in.report import ColumnValue
from platform_admin.releases.models import Release, StagedRelease
from platform_admin.tenants.actions import token_digest
from platform_admin.tenants.models import RuntimeToken, Scope, Tenant

USE_NOTED_EVERY: Final = timedelta(minutes=1)
PULL_NOTED_EVERY: Final = timedelta(seconds=10)
"""As the ordinary way notes them (``tenants.actions``, ``observability.actions``)."""


@dataclass(frozen=True, slots=True)
class Look:
    """``asked``: a request waits for its runtime.

    ``has_been_here``: there is a row to note a pull in. ``noted``: what was to be noted is.
    """

    token: int
    tenant_id: int
    slug: str
    status: str
    timezone: str
    serial: int | None
    etag: str | None
    staged_serial: int | None
    asked: bool
    has_been_here: bool
    noted: bool

    def tenant(self) -> Tenant:
        """With what taking in its report needs, and nothing else."""
        return Tenant(pk=self.tenant_id, slug=self.slug, status=self.status, timezone=self.timezone)


_SQL: Final = """
WITH door AS (
    SELECT token.id AS token, token.last_used_at, tenant.id AS tenant, tenant.slug, tenant.status, tenant.timezone,
        live.serial, live.etag, staged.serial AS staged_serial,
        EXISTS (SELECT FROM {sightings} sighting WHERE sighting.tenant_id = tenant.id) AS has_been_here,
        EXISTS (
            SELECT FROM {commands} command WHERE command.tenant_id = tenant.id
            AND (command.state = 'queued' OR command.state = 'delivered' AND command.delivered_at < %(lost)s)
        ) AS asked
    FROM {tokens} token
    JOIN {tenants} tenant ON tenant.id = token.tenant_id
    LEFT JOIN LATERAL (
        SELECT serial, etag FROM {releases} WHERE tenant_id = tenant.id AND staged_for IS NULL
        ORDER BY serial DESC LIMIT 1
    ) live ON true
    LEFT JOIN LATERAL (
        SELECT staged.serial FROM {pointers} pointer JOIN {releases} staged ON staged.id = pointer.release_id
        WHERE pointer.tenant_id = tenant.id AND (live.serial IS NULL OR live.serial <= staged.serial)
    ) staged ON true
    WHERE token.digest = %(token_digest)s AND tenant.slug = %(slug)s AND token.revoked_at IS NULL
    AND (token.expires_at IS NULL OR token.expires_at > %(now)s) AND token.scopes @> %(scope)s::jsonb
), used AS (
    UPDATE {tokens} token SET last_used_at = %(now)s FROM door
    WHERE token.id = door.token AND (door.last_used_at IS NULL OR door.last_used_at < %(use_before)s)
){noted}
SELECT token, tenant, slug, status, timezone, serial, etag, staged_serial, asked, has_been_here,
    EXISTS (SELECT FROM noted) FROM door
"""

_NOTHING: Final = ", noted AS (SELECT)"

_PULLED: Final = """, noted AS (
    UPDATE {sightings} sighting SET last_pull_at = %(now)s,
        serial = CASE WHEN sighting.last_report_at IS NULL THEN door.serial ELSE sighting.serial END
    FROM door WHERE sighting.tenant_id = door.tenant AND door.etag = ANY(%(etags)s)
    AND (sighting.last_pull_at IS NULL OR sighting.last_pull_at < %(pull_before)s)
    RETURNING sighting.id
)"""

_REPORTED: Final = """, noted AS (
    UPDATE {sightings} sighting SET {columns} FROM door
    WHERE sighting.tenant_id = door.tenant AND NOT door.asked AND sighting.lists_digest = %(lists_digest)s
    RETURNING sighting.id
)"""

type _Value = ColumnValue | Jsonb


def look(clear_token: str, slug: str, *, scope: Scope, now: datetime, etags: Sequence[str] = ()) -> Look | None:
    """``None``: refused, or something is unusual; the ordinary way says what.

    ``etags`` are those of a bundle's question: one that is live counts as a pull.
    """
    values: dict[str, _Value] = {"etags": list(etags), "pull_before": now - PULL_NOTED_EVERY}
    return _look(_PULLED if etags else _NOTHING, clear_token, slug, scope=scope, now=now, values=values)


def look_and_note_report(
    clear_token: str, slug: str, *, now: datetime, columns: Mapping[str, ColumnValue]
) -> Look | None:
    """The same for a report that is nothing but ``columns`` of its ``RuntimeSighting``.

    They are noted if the lists are those of the report before and nothing waits for the runtime, else left as they are.
    """
    values: dict[str, _Value] = {
        name: Jsonb(value) if isinstance(value, dict | list) else value for name, value in columns.items()
    }
    changes = ", ".join(f"{name} = %({name})s" for name in columns)  # names of our own columns
    return _look(_REPORTED.replace("{columns}", changes), clear_token, slug, scope=Scope.REPORT, now=now, values=values)


def _look(
    noting: str, clear_token: str, slug: str, *, scope: Scope, now: datetime, values: Mapping[str, _Value]
) -> Look | None:
    everything = {
        **values,
        "token_digest": token_digest(clear_token),
        "slug": slug,
        "scope": json.dumps([scope]),
        "now": now,
        "lost": now - REDELIVER_AFTER,
        "use_before": now - USE_NOTED_EVERY,
    }
    connection.ensure_connection()
    with connection.wrap_database_errors, psycopg.Cursor[tuple[Any, ...]](connection.connection) as cursor:
        row = cursor.execute(_statement(noting), everything, prepare=True).fetchone()
    return None if row is None else Look(*row)


@lru_cache(maxsize=32)  # the columns of a report make a handful of them
def _statement(noting: str) -> bytes:
    return (
        _SQL.replace("{noted}", noting)
        .format(
            commands=RuntimeCommand._meta.db_table,  # noqa: SLF001 - Django documents _meta; so below
            tokens=RuntimeToken._meta.db_table,  # noqa: SLF001 - as above
            tenants=Tenant._meta.db_table,  # noqa: SLF001 - as above
            sightings=RuntimeSighting._meta.db_table,  # noqa: SLF001 - as above
            releases=Release._meta.db_table,  # noqa: SLF001 - as above
            pointers=StagedRelease._meta.db_table,  # noqa: SLF001 - as above
        )
        .encode()
    )
