"""What runtimes and people send that is no form: reports, exports, copies, archives."""

from __future__ import annotations

import io
import json
import tarfile
import uuid
import zipfile
from collections.abc import Mapping

from tests.platform_admin.reports import report


def report_bytes() -> bytes:
    return json.dumps(report(str(uuid.uuid4()))).encode()


def archive_bytes() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        file.writestr("contact.json", "{}")
    return buffer.getvalue()


def copy_bytes() -> bytes:
    """A copy of a runtime's state, as its runtime makes one."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as file:
        for name, content in (("state.sqlite3", b"SQLite format 3\0 and so on"), ("erasures.jsonl", b"")):
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            file.addfile(entry, io.BytesIO(content))
    return buffer.getvalue()


def tenant_archive(files: Mapping[str, str]) -> bytes:
    """A tenant's archive with these files."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        for name, text in {"frontdesk.json": '{"format": 1}', **files}.items():
            file.writestr(name, text)
    return buffer.getvalue()
