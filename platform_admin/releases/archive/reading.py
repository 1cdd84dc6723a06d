"""A zip that somebody uploaded, read without trusting anything it says about itself.

Nothing is ever written to a path of the archive; entries are looked up by names that are known beforehand.
"""

from __future__ import annotations

import io
import json
import lzma
import re
import stat
import zipfile
import zlib
from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import gettext as _

from platform_admin.documents.storable import is_storable
from platform_admin.flows.models import CASE_NAME_PATTERN
from platform_admin.releases.archive.document import (
    BUSINESS,
    CASES,
    FLOWS,
    FORMAT,
    KNOWLEDGE,
    MANIFEST,
    QUESTIONS,
    SETTINGS,
    Archive,
    ArchiveError,
    FlowText,
)
from platform_admin.releases.archive.limits import (
    MAX_ARCHIVE_BYTES,
    MAX_ENTRIES,
    MAX_ENTRY_BYTES,
    MAX_RATIO,
    MAX_TOTAL_BYTES,
)
from platform_admin.releases.archive.questions import read_questions

_FLOW: Final = re.compile(rf"^{FLOWS}/([a-z0-9][a-z0-9_-]{{0,79}})\.yaml\Z")
_CASE: Final = re.compile(rf"^{FLOWS}/([a-z0-9][a-z0-9_-]{{0,79}})/{CASES}/(.+)\Z")
_CASE_NAME: Final = re.compile(CASE_NAME_PATTERN)
_UNREADABLE: Final = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    NotImplementedError,
    EOFError,
    OSError,
    RuntimeError,
    zlib.error,
    lzma.LZMAError,
)
"""What the library raises for bytes that are none of an archive, or for a damaged one."""
_CHUNK_BYTES: Final = 64 * 1024


def read_archive(content: bytes) -> Archive:
    """Raises ``ArchiveError`` with a sentence for people."""
    if len(content) > MAX_ARCHIVE_BYTES:
        raise ArchiveError(
            _("The archive has %(content)s bytes, %(max_archive_bytes)s are allowed.")
            % {"content": len(content), "max_archive_bytes": MAX_ARCHIVE_BYTES}
        )
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as file:
            texts = _texts(file)
    except _UNREADABLE as error:
        raise ArchiveError(_("This is no zip archive that can be read.")) from error
    _check_manifest(texts.pop(MANIFEST, None))
    return _sorted_out(texts)


def _texts(file: zipfile.ZipFile) -> dict[str, str]:
    entries = [entry for entry in file.infolist() if not entry.is_dir()]
    if len(entries) > MAX_ENTRIES:
        raise ArchiveError(
            _("The archive has %(entries)s files, %(max_entries)s are allowed.")
            % {"entries": len(entries), "max_entries": MAX_ENTRIES}
        )
    texts: dict[str, str] = {}
    total = 0
    for entry in entries:
        name = entry.filename
        if name in texts:
            raise ArchiveError(_("The archive has %(name)r twice.") % {"name": name})
        _check_entry(entry)
        content = _unpacked(file, entry)
        total += len(content)
        if total > MAX_TOTAL_BYTES:
            raise ArchiveError(
                _("Unpacked the archive has more than %(max_total_bytes)s bytes.")
                % {"max_total_bytes": MAX_TOTAL_BYTES}
            )
        try:
            texts[name] = content.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise ArchiveError(_("%(name)r is not text in UTF-8.") % {"name": name}) from error
        if not is_storable(texts[name]):
            raise ArchiveError(_("%(name)r holds a character that cannot be stored (U+0000).") % {"name": name})
    return texts


def _check_entry(entry: zipfile.ZipInfo) -> None:
    """Only plain files with names of ours. ``external_attr`` carries the Unix mode in its upper half."""
    name, mode = entry.filename, entry.external_attr >> 16
    if mode and stat.S_IFMT(mode) not in (0, stat.S_IFREG):
        raise ArchiveError(_("%(name)r is a link or a device, not a file.") % {"name": name})
    if entry.flag_bits & 0x1:  # APPNOTE 4.4.4, bit 0: encrypted
        raise ArchiveError(_("%(name)r is encrypted.") % {"name": name})
    known = name in (MANIFEST, KNOWLEDGE, BUSINESS, SETTINGS, QUESTIONS) or _FLOW.match(name) or _case_of(name)
    if not known:
        raise ArchiveError(_("%(name)r has no place in an archive of a tenant.") % {"name": name[:120]})


def _case_of(name: str) -> tuple[str, str] | None:
    match = _CASE.match(name)
    return (match[1], match[2]) if match and _CASE_NAME.match(match[2]) else None


def _unpacked(file: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """Counted while it is unpacked: the header's size is only a claim."""
    parts: list[bytes] = []
    size = 0
    with file.open(entry) as stream:
        while chunk := stream.read(_CHUNK_BYTES):
            size += len(chunk)
            if size > MAX_ENTRY_BYTES:
                raise ArchiveError(
                    _("%(filename)r has more than %(max_entry_bytes)s bytes.")
                    % {"filename": entry.filename, "max_entry_bytes": MAX_ENTRY_BYTES}
                )
            if size > MAX_RATIO * max(entry.compress_size, 1):
                raise ArchiveError(
                    _("%(filename)r unpacks to more than %(max_ratio)s times its size.")
                    % {"filename": entry.filename, "max_ratio": MAX_RATIO}
                )
            parts.append(chunk)
    return b"".join(parts)


def _check_manifest(text: str | None) -> None:
    if text is None:
        raise ArchiveError(_("%(manifest)s is missing, so this is no archive of a tenant.") % {"manifest": MANIFEST})
    try:
        manifest: Any = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ArchiveError(_("%(manifest)s is not JSON.") % {"manifest": MANIFEST}) from error
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        raise ArchiveError(
            _("%(manifest)s names another format than %(format)s.") % {"manifest": MANIFEST, "format": FORMAT}
        )


def _sorted_out(texts: Mapping[str, str]) -> Archive:
    flows = {match[1]: text for name, text in texts.items() if (match := _FLOW.match(name))}
    cases: dict[str, dict[str, str]] = {name: {} for name in flows}
    for name, text in texts.items():
        case = _case_of(name)
        if case is not None:
            if case[0] not in flows:
                raise ArchiveError(
                    _("%(name)r is a test of a conversation that is not in the archive.") % {"name": name}
                )
            cases[case[0]][case[1]] = text
    return Archive(
        flows={name: FlowText(text, cases[name]) for name, text in flows.items()},
        knowledge=texts.get(KNOWLEDGE),
        business=texts.get(BUSINESS),
        settings=texts.get(SETTINGS),
        questions=read_questions(texts[QUESTIONS]) if QUESTIONS in texts else None,
    )
