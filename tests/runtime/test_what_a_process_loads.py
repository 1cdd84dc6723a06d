"""What a whole runtime has loaded when it serves: nothing of the control plane, of authoring, of unused providers."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Final

from flow_engine.bundle import seal
from flow_engine.vocabulary import JSONObject
from runtime.bundles.cache import BundleCache
from tests.runtime.bundles.bundle_line import KEY, TENANT, payload, secret, write_trust

UNWANTED: Final = {
    "anthropic",
    "django",
    "google",
    "httpx",
    "pydantic",
    "requests",
    "rest_framework",
    "sqlalchemy",
    "yaml",
}
PATIENCE_S: Final = 60
SECRETS: Final = {"access_token": "EAAx", "app_secret": "s", "verify_token": "v"}

_IMPORTED = re.compile(r"^import time:\s+\d+ \|\s+\d+ \|\s+([\w.]+)$", re.MULTILINE)
_LISTENING = re.compile(r"listening on [\d.]+:(\d+)")


def release() -> bytes:
    """WhatsApp and the scheduler, and a channel's secrets: what every production tenant has."""
    sealed: JSONObject = {f"channels.0.{name}": secret(f"channels.0.{name}", value) for name, value in SECRETS.items()}
    channels: list[JSONObject] = [{"type": "whatsapp", "phone_number_id": "106540352242922"}]
    return seal(payload(1, channels=list(channels), secrets=sealed), KEY)


def test_a_serving_process_has_loaded_nothing_it_does_not_need(tmp_path: Path) -> None:
    write_trust(tmp_path)
    BundleCache(tmp_path / "state/bundles").store(release(), 1)
    imports, log = tmp_path / "imports.txt", tmp_path / "log.txt"
    environment = os.environ | {
        "CONTROL_PLANE_URL": "http://127.0.0.1:1",
        "TENANT_ID": TENANT,
        "RUNTIME_TOKEN_FILE": str(tmp_path / "token"),
        "TENANT_FERNET_KEYS_FILE": str(tmp_path / "fernet"),
        "BUNDLE_PUBLIC_KEYS_FILE": str(tmp_path / "keys.json"),
        "STATE_DIR": str(tmp_path / "state"),
        "PORT": "0",
    }
    with imports.open("wb") as told, log.open("wb") as said:
        process = subprocess.Popen(
            [sys.executable, "-X", "importtime", "-m", "runtime"], stdout=said, stderr=told, env=environment
        )
    try:
        until_ready(log)
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(PATIENCE_S) == 0
    loaded = {name.partition(".")[0] for name in _IMPORTED.findall(imports.read_text(encoding="utf-8"))}
    assert {"runtime", "flow_engine", "starlette", "apscheduler", "httpx2"} <= loaded
    assert loaded & UNWANTED == set()


def until_ready(log: Path) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        found = _LISTENING.search(log.read_text(encoding="utf-8"))
        if found is not None and answers(f"http://127.0.0.1:{found[1]}/ready"):
            return
        time.sleep(0.05)
    raise AssertionError(log.read_text(encoding="utf-8"))


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310 - an address of our own making
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False
