"""The trail to take away: a table for a spreadsheet, or lines of JSON with everything that proving it needs."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable
from datetime import UTC
from enum import StrEnum
from typing import Final

from flow_engine.vocabulary import JSON
from platform_admin.tenants.models import AuditEntry

MOST_ENTRIES: Final = 50_000
"""Some 30 MB; whoever wants more takes it month by month."""

_COLUMNS: Final = ("at", "tenant", "who", "what", "object", "kind", "details", "before", "after", "number", "digest")
_STARTS_A_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What spreadsheets take for the beginning of a formula (OWASP, CSV Injection), their wide forms too."""


class Form(StrEnum):
    CSV = "csv"
    JSON_LINES = "jsonl"

    @property
    def content_type(self) -> str:
        return "text/csv; charset=utf-8" if self is Form.CSV else "application/jsonl; charset=utf-8"


def written(rows: Iterable[AuditEntry], form: Form) -> str:
    """``rows`` in their order."""
    return as_csv(rows) if form is Form.CSV else as_json_lines(rows)


def as_csv(rows: Iterable[AuditEntry]) -> str:
    """With a header. A cell that a spreadsheet would run is led by an apostrophe."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(_COLUMNS)
    for row in rows:
        slug = "" if row.tenant is None else row.tenant.slug
        cells = (
            _time(row), slug, row.actor_label, row.verb, row.subject, row.object_kind,
            _json(row.details), _json(row.before), _json(row.after), row.number, row.digest,
        )  # fmt: skip
        writer.writerow([defused("" if cell is None else str(cell)) for cell in cells])
    return buffer.getvalue()


def as_json_lines(rows: Iterable[AuditEntry]) -> str:
    """One object a line: every field that the digests go over, so that somebody else can compute them."""
    return "".join(json.dumps(_told(row), ensure_ascii=False, sort_keys=True) + "\n" for row in rows)


def defused(cell: str) -> str:
    return f"'{cell}" if cell.lstrip(" ").startswith(_STARTS_A_FORMULA) else cell


def _told(row: AuditEntry) -> dict[str, object]:
    return {
        "chain": row.chain,
        "number": row.number,
        "at": _time(row),
        "actor": row.actor_id,
        "actor_label": row.actor_label,
        "verb": row.verb,
        "object_kind": row.object_kind,
        "subject": row.subject,
        "details": row.details,
        "contact": row.contact,
        "before": row.before,
        "after": row.after,
        "salt": row.salt,
        "private_digest": row.private_digest,
        "previous": row.previous,
        "digest": row.digest,
        "erased_at": None if row.erased_at is None else row.erased_at.astimezone(UTC).isoformat(),
    }


def _time(row: AuditEntry) -> str:
    return row.at.astimezone(UTC).isoformat(timespec="microseconds")


def _json(value: JSON) -> str:
    return "" if value in (None, {}) else json.dumps(value, ensure_ascii=False, sort_keys=True)
