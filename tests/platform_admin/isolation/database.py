"""What a request did to the database: a full dump before and after, and whose rows are other ones now."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.apps import apps
from django.core.cache import cache
from django.db import connection, models, transaction

from platform_admin.people.models import PersonSession

type Dump = dict[str, dict[Any, tuple[Any, ...]]]
"""Table (``app_label.model``) → key → every value of the row."""

SESSIONS: Final = PersonSession._meta.label_lower
"""Of it any request may write one row: the session of who asks (the language, the sentences shown once)."""

_READS: Final = re.compile(r"\s*(SELECT|SAVEPOINT|RELEASE|ROLLBACK|BEGIN|PRAGMA|EXPLAIN|SET)\b", re.IGNORECASE)


@dataclass(slots=True)
class Done:
    """``tables`` are those with rows that are new, other or gone; ``owners`` the tenants these rows name, and
    ``people`` whose they are where they belong to one person: sessions, links, second factors."""

    tables: frozenset[str] = frozenset()
    owners: frozenset[object] = frozenset()
    people: frozenset[object] = frozenset()


@contextmanager
def undone(before: Dump, own_session: str = "") -> Iterator[Done]:
    """Watch what the block does to the database, and take it back.

    ``before`` is the dump of the state that every block starts from. The second dump is made when the block sent
    anything but a question; a block that only asked has changed nothing. ``own_session`` is the key of who asks.
    """
    cache.clear()  # allowances by role or token must not run out between two rows
    wrote: list[str] = []

    def listen(execute: Callable[..., Any], sql: str, parameters: Any, many: bool, context: Any) -> Any:
        if not _READS.match(sql) and not _is_of_session(sql, parameters, own_session):
            wrote.append(sql)
        return execute(sql, parameters, many, context)

    done = Done()
    with transaction.atomic():
        with connection.execute_wrapper(listen):
            yield done
        if wrote:
            _compare(before, dump(), done, own_session)
        transaction.set_rollback(True)


def dump() -> Dump:
    """The whole database, as values that compare."""
    found: Dump = {}
    for model in apps.get_models(include_auto_created=True):
        columns = [field.attname for field in model._meta.concrete_fields]
        every: models.QuerySet[Any] = models.QuerySet(model)
        rows = every.order_by().values_list("pk", *columns)
        found[model._meta.label_lower] = {key: tuple(map(_comparable, row)) for key, *row in rows}
    return found


def _is_of_session(sql: str, parameters: Any, key: str) -> bool:
    """An update of the one session, whose rows are not worth a dump."""
    return sql.startswith(f'UPDATE "{PersonSession._meta.db_table}"') and bool(key) and key in parameters


def _compare(before: Dump, after: Dump, done: Done, own_session: str) -> None:
    tables, owners, people = set(), set(), set()
    goes_on = own_session in before[SESSIONS] and own_session in after[SESSIONS]
    for table in after:
        changed = _changed_rows(before[table], after[table])
        if table == SESSIONS and goes_on:
            changed = [row for row in changed if own_session not in row]
        if changed:
            tables.add(table)
            names = [field.attname for field in apps.get_model(table)._meta.concrete_fields]
            owners |= {row[names.index("tenant_id")] for row in changed if "tenant_id" in names}
            if table.startswith("people.") and "user_id" in names:
                people |= {row[names.index("user_id")] for row in changed}
    done.tables, done.owners, done.people = frozenset(tables), frozenset(owners), frozenset(people)


def _changed_rows(before: dict[Any, tuple[Any, ...]], after: dict[Any, tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    other = [row for key, row in after.items() if before.get(key) != row]
    gone_or_old = [row for key, row in before.items() if after.get(key) != row]
    return other + gone_or_old


def _comparable(value: Any) -> Any:
    match value:
        case memoryview() | bytearray():
            return bytes(value)
        case dict() | list():
            return json.dumps(value, sort_keys=True, default=str)
        case datetime():
            return value.isoformat()
        case _:
            return value
