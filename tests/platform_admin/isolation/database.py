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

MINE: Final = frozenset({"people.personsession"})
"""What any request may write: the session of who asks (the language, the sentences shown once)."""

_READS: Final = re.compile(r"\s*(SELECT|SAVEPOINT|RELEASE|ROLLBACK|BEGIN|PRAGMA|EXPLAIN|SET)\b", re.IGNORECASE)


@dataclass(slots=True)
class Done:
    """``tables`` are those with rows that are new, other or gone; ``owners`` the tenants these rows name."""

    tables: frozenset[str] = frozenset()
    owners: frozenset[object] = frozenset()


@contextmanager
def undone(before: Dump) -> Iterator[Done]:
    """Watch what the block does to the database, and take it back.

    ``before`` is the dump of the state that every block starts from. The second dump is made when the block sent
    anything but a question; a block that only asked has changed nothing.
    """
    cache.clear()  # allowances by role or token must not run out between two rows
    wrote: list[str] = []

    def listen(execute: Callable[..., Any], sql: str, parameters: Any, many: bool, context: Any) -> Any:
        if not _READS.match(sql) and f'"{PersonSession._meta.db_table}"' not in sql:
            wrote.append(sql)
        return execute(sql, parameters, many, context)

    done = Done()
    with transaction.atomic():
        with connection.execute_wrapper(listen):
            yield done
        if wrote:
            _compare(before, dump(), done)
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


def _compare(before: Dump, after: Dump, done: Done) -> None:
    tables, owners = set(), set()
    for table in after.keys() - MINE:
        changed = _changed_rows(before[table], after[table])
        if changed:
            tables.add(table)
            names = [field.attname for field in apps.get_model(table)._meta.concrete_fields]
            owners |= {row[names.index("tenant_id")] for row in changed if "tenant_id" in names}
    done.tables, done.owners = frozenset(tables), frozenset(owners)


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
