"""The control plane's environment: read once, typed, complete or refused.

Every fault is found before any is reported, by the variable's name and never with its value. A ``.env`` file in the
root is read for what the process environment does not set itself.
"""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import environ
from cryptography.fernet import Fernet
from django.core.exceptions import ImproperlyConfigured

from platform_admin.config.build import checked_out_commit

EXIT_CONFIGURATION: Final = 78
"""EX_CONFIG of sysexits.h: a supervisor must not restart into the same mistake."""

DEFAULT_DATABASE_URL: Final = "sqlite:///.frontdesk/control-plane.sqlite3"
LOOPBACK_HOSTS: Final = ("localhost", "127.0.0.1", "[::1]")
"""Always answered, so that a health check on the machine itself works whatever the public name is."""


type Networks = tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]


class ConfigurationError(ImproperlyConfigured):
    """The environment cannot be used. ``faults`` has one sentence per variable, without values."""

    def __init__(self, faults: list[str]) -> None:
        lines = "\n".join(f"  {fault}" for fault in faults)
        super().__init__(
            f"The environment is not complete:\n{lines}\n`python manage.py init_env` writes a .env for a first start."
        )
        self.faults = tuple(faults)


@dataclass(frozen=True, slots=True, repr=False)
class Environment:
    """Everything the settings take from outside."""

    secret_key: str
    fernet_keys: tuple[str, ...]
    signing_key_file: Path
    database: dict[str, Any]
    allowed_hosts: tuple[str, ...]
    email: dict[str, Any]
    debug: bool
    https_only: bool
    csrf_trusted_origins: tuple[str, ...]
    build: str
    metrics_token: str
    whatsapp_app_secrets: tuple[str, ...]
    whatsapp_verify_token: str
    graph_base_url: str
    audit_anchor_file: Path | None
    public_url: str
    runtime_public_url: str
    mail_from: str
    trusted_proxies: Networks
    skip_second_factor: bool


VARIABLES: Final[Mapping[str, str]] = {
    "SECRET_KEY": "required: signs sessions and reset links; at least 50 random characters",
    "FERNET_KEYS": "required: platform keys for stored credentials, comma separated, newest first",
    "SIGNING_KEY_FILE": "required: Ed25519 private key (PEM) that signs bundles",
    "DATABASE_URL": f"where the data lives; default {DEFAULT_DATABASE_URL}",
    "ALLOWED_HOSTS": "names this server answers to, comma separated; loopback names are always answered",
    "EMAIL_URL": "how mail leaves; default consolemail:// (printed)",
    "DEBUG": "true shows error pages with source; default false",
    "HTTPS_ONLY": "redirect to HTTPS and mark cookies secure; default: true once ALLOWED_HOSTS has a public name",
    "CSRF_TRUSTED_ORIGINS": "origins (with scheme) that forms may come from behind a proxy; comma separated",
    "METRICS_TOKEN": "bearer token for GET /metrics (Prometheus); default: none, and no such address",
    "FRONTDESK_BUILD": "build id shown by /health; default: the commit that is checked out",
    "WHATSAPP_APP_SECRETS": "secrets of the platform's Meta app, newest first, comma separated: /webhooks/whatsapp",
    "WHATSAPP_VERIFY_TOKEN": "the word that Meta repeats when /webhooks/whatsapp is set up",
    "GRAPH_BASE_URL": "another WhatsApp API, for tests; default https://graph.facebook.com",
    "AUDIT_ANCHOR_FILE": "where the worker also keeps signed heads of the audit trail and the list of erasures",
    "PUBLIC_URL": "where people reach this server, for links in mails; default: the first public name, else localhost",
    "RUNTIME_PUBLIC_URL": "where Meta reaches a tenant's runtime: https://bots.example.org/t/{tenant}; default: none",
    "MAIL_FROM": "the sender of mails; default: Frontdesk at the public name",
    "TRUSTED_PROXIES": "proxies whose X-Forwarded-For is believed: addresses or networks, comma separated",
    "SKIP_SECOND_FACTOR": "true lets operators in without a second factor: for a demo, never in production",
}
"""Every variable the settings read, with its purpose. ``.env.example`` and the documentation are tested against it."""

_LOCAL_URL: Final = "http://localhost:8001"

_MIN_SECRET_KEY_LENGTH: Final = 50
"""What Django's own deployment check W009 asks for."""


def read_environment(source: Mapping[str, str], *, root: Path) -> Environment:
    """Typed settings from ``source``. Raises ``ConfigurationError`` with every fault at once."""
    reader = _Reader(source, root)
    hosts = tuple(reader.listed("ALLOWED_HOSTS"))
    https_only = reader.flag("HTTPS_ONLY", default=any(map(is_public_name, hosts)))
    public_url = reader.address("PUBLIC_URL", default=_public_url(hosts, https_only=https_only))
    environment = Environment(
        secret_key=reader.secret_key(),
        fernet_keys=reader.fernet_keys(),
        signing_key_file=reader.signing_key_file(),
        database=reader.url("DATABASE_URL", DEFAULT_DATABASE_URL, reader.database),
        allowed_hosts=tuple(dict.fromkeys((*hosts, *LOOPBACK_HOSTS))),
        email=reader.url("EMAIL_URL", "consolemail://", reader.email),
        debug=reader.flag("DEBUG", default=False),
        https_only=https_only,
        csrf_trusted_origins=tuple(reader.listed("CSRF_TRUSTED_ORIGINS")),
        build=source.get("FRONTDESK_BUILD", "") or checked_out_commit(root),
        metrics_token=source.get("METRICS_TOKEN", "").strip(),
        whatsapp_app_secrets=tuple(reader.listed("WHATSAPP_APP_SECRETS")),
        whatsapp_verify_token=source.get("WHATSAPP_VERIFY_TOKEN", "").strip(),
        graph_base_url=source.get("GRAPH_BASE_URL", "").strip(),
        audit_anchor_file=root / anchor if (anchor := source.get("AUDIT_ANCHOR_FILE", "").strip()) else None,
        public_url=public_url,
        runtime_public_url=reader.address_of_each("RUNTIME_PUBLIC_URL"),
        mail_from=source.get("MAIL_FROM", "").strip() or f"Frontdesk <frontdesk@{urlsplit(public_url).hostname}>",
        trusted_proxies=reader.networks("TRUSTED_PROXIES"),
        skip_second_factor=reader.flag("SKIP_SECOND_FACTOR", default=False),
    )
    if reader.faults:
        raise ConfigurationError(reader.faults)
    return environment


def with_env_file(source: Mapping[str, str], *, root: Path) -> dict[str, str]:
    """``source`` over whatever a ``.env`` in ``root`` says."""
    from_file: dict[str, str] = {}
    path = root / ".env"
    if path.is_file():
        # A class of its own: read_env writes into its class's ENVIRON, which is os.environ for Env itself.
        file_env: Any = type("FileEnv", (environ.Env,), {"ENVIRON": from_file})
        file_env.read_env(path)
    return {**from_file, **source}


def is_public_name(host: str) -> bool:
    """Whether strangers may reach this name: not loopback, not a private address, not a container's one-word name."""
    name = host.strip("[]").lstrip(".").lower()
    try:
        return ipaddress.ip_address(name).is_global
    except ValueError:
        return name == "*" or ("." in name and not name.endswith((".localhost", ".test", ".internal", ".local")))


def _public_url(hosts: Sequence[str], *, https_only: bool) -> str:
    """The first public name of ``hosts``; without one this machine, at the port that everything here uses."""
    named = next((host.lstrip(".") for host in hosts if is_public_name(host) and host != "*"), None)
    if named is None:
        return _LOCAL_URL
    return f"{'https' if https_only else 'http'}://{named}"


class _Reader:
    """Collects faults instead of stopping at the first."""

    def __init__(self, source: Mapping[str, str], root: Path) -> None:
        self.faults: list[str] = []
        self._root = root
        self._env = environ.Env()
        self._env.ENVIRON = dict(source)

    def text(self, name: str) -> str:
        value: str = self._env.str(name, default="").strip()
        if not value:
            self.faults.append(f"{name} is missing ({VARIABLES[name]}).")
        return value

    def listed(self, name: str) -> list[str]:
        return [item.strip() for item in self._env.list(name, default=[]) if item.strip()]

    def flag(self, name: str, *, default: bool) -> bool:
        value = self._env.str(name, default="").strip().lower()
        if value in ("", *environ.Env.BOOLEAN_TRUE_STRINGS, "false", "off", "no", "n", "0"):
            return default if not value else value in environ.Env.BOOLEAN_TRUE_STRINGS
        self.faults.append(f"{name} must be true or false.")
        return default

    def secret_key(self) -> str:
        value = self.text("SECRET_KEY")
        if value and len(value) < _MIN_SECRET_KEY_LENGTH:
            self.faults.append(f"SECRET_KEY is shorter than {_MIN_SECRET_KEY_LENGTH} characters.")
        return value

    def fernet_keys(self) -> tuple[str, ...]:
        keys = tuple(self.listed("FERNET_KEYS"))
        if not keys:
            self.faults.append(f"FERNET_KEYS is missing ({VARIABLES['FERNET_KEYS']}).")
        for position, key in enumerate(keys, start=1):
            try:
                Fernet(key)
            except ValueError:
                self.faults.append(f"FERNET_KEYS: key {position} is not a Fernet key (32 bytes in URL-safe base64).")
        return keys

    def signing_key_file(self) -> Path:
        value = self.text("SIGNING_KEY_FILE")
        path = self._root / value
        if value and not (path.is_file() and os.access(path, os.R_OK)):
            self.faults.append("SIGNING_KEY_FILE names a file that is not there or cannot be read.")
        return path

    def url(self, name: str, default: str, parse: Callable[[str], dict[str, Any]]) -> dict[str, Any]:
        try:
            return parse(self._env.str(name, default="") or default)
        except Exception:  # noqa: BLE001 - whatever the parser trips over, the value must not appear in a traceback
            self.faults.append(f"{name} is not a URL that is understood here.")
            return {}

    def address(self, name: str, *, default: str) -> str:
        value = (self._env.str(name, default="").strip() or default).rstrip("/")
        try:
            parts = urlsplit(value)
        except ValueError:
            parts = urlsplit("")
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
            self.faults.append(f"{name} must be an address such as https://desk.example.org.")
            return default
        return value

    def address_of_each(self, name: str) -> str:
        """An https address with ``{tenant}`` in it; empty where it is not told."""
        value: str = self._env.str(name, default="").strip().rstrip("/")
        try:
            parts = urlsplit(value.replace("{tenant}", "luna"))
        except ValueError:
            parts = urlsplit("")
        if not value:
            return ""
        if parts.scheme != "https" or not parts.hostname or parts.query or parts.fragment or "{tenant}" not in value:
            self.faults.append(f"{name} must be an address such as https://bots.example.org/t/{{tenant}}.")
            return ""
        return value

    def networks(self, name: str) -> Networks:
        try:
            return tuple(ipaddress.ip_network(item, strict=False) for item in self.listed(name))
        except ValueError:
            self.faults.append(f"{name} must be addresses or networks such as 10.0.0.0/8.")
            return ()

    def database(self, url: str) -> dict[str, Any]:
        config: dict[str, Any] = environ.Env.db_url_config(url)
        if not config.get("ENGINE") or not config.get("NAME"):
            raise ValueError(url)
        if config["ENGINE"].endswith("sqlite3") and config["NAME"] != ":memory:":
            path = self._root / config["NAME"]
            if not path.parent.is_dir():
                self.faults.append("DATABASE_URL names a file in a folder that does not exist.")
            config["NAME"] = str(path)
        return config

    def email(self, url: str) -> dict[str, Any]:
        config: dict[str, Any] = environ.Env.email_url_config(url)
        return config
