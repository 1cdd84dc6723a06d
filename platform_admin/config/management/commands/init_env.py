"""``manage.py init_env``: everything a first start needs, made once and never overwritten."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet
from django.core.management.base import BaseCommand, CommandError, CommandParser

from flow_engine.bundle.signing import SigningKey
from platform_admin.config.build import ROOT

_SECRET_KEY_BYTES = 48
_SEED_BYTES = 32
_OWNER_ONLY = 0o600


class Command(BaseCommand):
    help = (
        "Write a .env with fresh random keys and an Ed25519 signing key for a first start. "
        "Files that exist are left as they are."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--directory", type=Path, default=ROOT, help="where .env goes (default: the root)")

    def handle(self, *args: Any, **options: Any) -> None:
        directory: Path = options["directory"]
        signing_key_file = directory / ".frontdesk" / "signing_key.pem"
        try:
            signing_key_file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._write(signing_key_file, SigningKey.from_seed(secrets.token_bytes(_SEED_BYTES)).to_pem())
            self._write(directory / ".env", _env_text().encode())
        except OSError as error:
            raise CommandError(f"Could not write {error.filename}: {error.strerror}.") from error

    def _write(self, path: Path, content: bytes) -> None:
        """Create ``path`` for its owner only; a file that is there already stays untouched."""
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _OWNER_ONLY)
        except FileExistsError:
            self.stdout.write(f"kept     {path}")
            return
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        self.stdout.write(f"created  {path}")


def _env_text() -> str:
    lines = (
        "# Made by `manage.py init_env`; see .env.example for every variable. Keep it, and back it up:",
        "# without FERNET_KEYS stored credentials cannot be read again.",
        f"SECRET_KEY={secrets.token_urlsafe(_SECRET_KEY_BYTES)}",
        f"FERNET_KEYS={Fernet.generate_key().decode()}",
        "SIGNING_KEY_FILE=.frontdesk/signing_key.pem",
        "AUDIT_ANCHOR_FILE=.frontdesk/audit_anchor.jsonl",
        "DATABASE_URL=sqlite:///.frontdesk/control-plane.sqlite3",
        "ALLOWED_HOSTS=localhost,127.0.0.1",
        "EMAIL_URL=consolemail://",
        "DEBUG=false",
    )
    return "\n".join(lines) + "\n"
