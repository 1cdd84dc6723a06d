"""Asking a running tenant, by the address it left beside its state file. Only the standard library: no HTTP stack."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from flow_engine.vocabulary import JSONObject
from runtime.errors import StoreInUseError, TenantRuntimeError
from runtime.internal_token import FILE_NAME, InternalToken
from runtime.store.sqlite.connection import lock_file

ENDPOINT_FILE: Final = "endpoint.json"
PATIENCE_S: Final = 600.0
"""A copy of some gigabytes."""


class LiveTenantError(TenantRuntimeError):
    """The tenant runs and could not be asked, or refused. The message says what and why."""


def leave_endpoint(folder: Path, url: str) -> None:
    """Tell the command line where this process listens."""
    file = folder / ENDPOINT_FILE
    unfinished = file.with_suffix(".unfinished")
    unfinished.write_text(json.dumps({"url": url, "pid": os.getpid()}), encoding="utf-8")
    unfinished.replace(file)


@contextlib.contextmanager
def offline(file: Path) -> Iterator[bool]:
    """Whether nobody runs on ``file``; if so, nobody can begin to while the block lasts."""
    try:
        lock = lock_file(file)
    except StoreInUseError:
        yield False
        return
    try:
        yield True
    finally:
        os.close(lock)


def ask(folder: Path, method: str, path: str, body: JSONObject | None, environment: Mapping[str, str]) -> JSONObject:
    """One request to the tenant that runs in ``folder``. Raises ``LiveTenantError``."""
    try:
        address = urlsplit(json.loads((folder / ENDPOINT_FILE).read_text(encoding="utf-8"))["url"])
        given = environment.get("INTERNAL_TOKEN_FILE")
        token = InternalToken(Path(given) if given else folder / FILE_NAME, make=False).header()
        connection = http.client.HTTPConnection(address.hostname or "", address.port or 0, timeout=PATIENCE_S)
        headers = {"Authorization": token, "Content-Type": "application/json"}
        with contextlib.closing(connection):
            connection.request(method, path, None if body is None else json.dumps(body), headers)
            answer = connection.getresponse()
            found = json.loads(answer.read())
    except (OSError, ValueError, KeyError, http.client.HTTPException) as error:
        raise LiveTenantError(f"the tenant runs and cannot be asked ({type(error).__name__})") from error
    if answer.status != http.client.OK or not isinstance(found, dict):
        raise LiveTenantError(
            f"the tenant refused: {found.get('message') if isinstance(found, dict) else answer.status}"
        )
    return found
