"""``archive_of``: everything that is held of one contact, as a zip that a person can read."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from mimetypes import MimeTypes
from typing import Final

from flow_engine.vocabulary import JSON, JSONObject
from runtime.ports.media_store import KeptFile

MOST_FILE_BYTES: Final = 16_000_000
"""Of the customer's files together: the control plane takes archives of 20 MiB, and the tables need their part."""

_SHOWN: Final = ("image/", "audio/", "video/", "application/pdf")
"""Types whose usual ending a file gets, to be opened by a tap. Anything else keeps its bare name and starts nothing."""


@dataclass(frozen=True, slots=True)
class ContactArchive:
    """``entries`` is how many files the zip holds; ``left_out`` how many of the customer's own had no room in it."""

    content: bytes
    entries: int
    left_out: int


def archive_of(
    tables: Mapping[str, list[JSONObject]], files: Sequence[KeptFile], read: Callable[[str], bytes | None]
) -> ContactArchive:
    """One JSON file a table, and in ``media/`` the customer's files, the oldest first, by their names in the folder.

    ``read`` gives the content of a file, ``None`` where it is gone. What ``media_file.json`` calls ``kept`` and the
    archive lacks had no room, or is gone. Blocks.
    """
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for table, rows in sorted(tables.items()):
            readable = [{name: _opened(value) for name, value in row.items()} for row in rows]
            archive.writestr(f"{table}.json", json.dumps(readable, ensure_ascii=False, indent=2))
        left_out = _add_files(archive, files, read)
        entries = len(archive.namelist())
    return ContactArchive(buffer.getvalue(), entries, left_out)


def _add_files(archive: zipfile.ZipFile, files: Sequence[KeptFile], read: Callable[[str], bytes | None]) -> int:
    room, left_out = MOST_FILE_BYTES, 0
    for name, file in {file.name: file for file in files}.items():  # one that was sent twice lies there once
        if file.size > room:
            left_out += 1
            continue
        content = read(name)
        if content is not None:
            room -= len(content)
            # Pictures, sounds and films are packed already.
            archive.writestr(f"media/{name}{_ending(file.file.mime_type)}", content, zipfile.ZIP_STORED)
    return left_out


def _ending(mime_type: str) -> str:
    kind = mime_type.partition(";")[0].strip().lower()
    return (MimeTypes().guess_extension(kind) or "") if kind.startswith(_SHOWN) else ""


def _opened(value: JSON) -> JSON:
    """Texts that hold JSON are opened, so that a person can read them."""
    if not isinstance(value, str) or not value.startswith(("{", "[")):
        return value
    try:
        opened: JSON = json.loads(value)
    except ValueError:
        return value
    return opened
