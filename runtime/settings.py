"""``Settings``: what the process was told by its environment. Read once, complete or refused, never read again.

What a tenant does (flow, channels, connectors) is not here; see ``tenant_config``.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, Self
from urllib.parse import urlsplit

from connectors.kernel.egress import EgressPolicy, EgressPolicyError, read_egress_policy
from connectors.kernel.egress.policy import PUBLIC_ONLY, THIS_MACHINE
from runtime.errors import ConfigurationError

DEFAULT_HOST: Final = "127.0.0.1"
DEFAULT_PORT: Final = 8002
HIGHEST_PORT: Final = 65535

TENANT_SLUG: Final = re.compile(r"[a-z0-9](?:[-_]?[a-z0-9]){0,38}")
"""At most 39 letters and digits with single separators between them; no dots and no slashes, because it becomes
part of a URL and of a folder's name."""

_GRAPH_VERSION: Final = re.compile(r"v\d{1,3}\.\d{1,2}")
_TRUE: Final = frozenset({"1", "true", "yes", "on"})
_FALSE: Final = frozenset({"", "0", "false", "no", "off"})


type Network = ipaddress.IPv4Network | ipaddress.IPv6Network


@dataclass(frozen=True, slots=True)
class DevelopmentFile:
    """The tenant comes from one YAML file and from nothing else."""

    path: Path


@dataclass(frozen=True, slots=True)
class ControlPlane:
    """The tenant comes as a signed bundle. The files hold secrets; only their places are kept here."""

    url: str
    tenant_id: str
    runtime_token_file: Path
    fernet_keys_file: Path
    public_keys_file: Path
    state_dir: Path


type ConfigSource = DevelopmentFile | ControlPlane


@dataclass(frozen=True, slots=True)
class Settings:
    """``state_dir`` is ``None`` in development until the tenant's name is known. ``port`` 0 lets the system choose.

    ``graph_base_url``, ``graph_version`` and ``telegram_base_url`` are ``None`` when the clients' own defaults shall
    hold; they are not repeated here, because importing those clients loads the HTTP stack. ``egress`` is where
    addresses that a tenant wrote may lead.
    """

    source: ConfigSource
    state_dir: Path | None
    host: str = DEFAULT_HOST
    port: int = DEFAULT_PORT
    graph_base_url: str | None = None
    graph_version: str | None = None
    telegram_base_url: str | None = None
    trusted_proxies: tuple[Network, ...] = ()
    http_dev_allow_remote: bool = False
    internal_token_file: Path | None = None
    egress: EgressPolicy = PUBLIC_ONLY

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Self:
        """Read the variables listed in README.md. Variables that are not ours are ignored.

        Raises:
            ConfigurationError: every missing or invalid variable at once, by name, without its value.
        """
        reader = _Reader(environment)
        source = _source(reader)
        settings = cls(
            source=source,
            state_dir=source.state_dir if isinstance(source, ControlPlane) else reader.optional_path("STATE_DIR"),
            host=reader.optional_text("HOST", DEFAULT_HOST),
            port=reader.port("PORT", DEFAULT_PORT),
            graph_base_url=reader.url("GRAPH_BASE_URL", "") or None,
            graph_version=reader.matching("GRAPH_VERSION", "", _GRAPH_VERSION, "like v25.0") or None,
            telegram_base_url=reader.url("TELEGRAM_BASE_URL", "") or None,
            trusted_proxies=reader.networks("TRUSTED_PROXIES"),
            http_dev_allow_remote=reader.flag("HTTP_DEV_ALLOW_REMOTE"),
            internal_token_file=reader.optional_path("INTERNAL_TOKEN_FILE"),
            egress=reader.egress(THIS_MACHINE if isinstance(source, DevelopmentFile) else PUBLIC_ONLY),
        )
        if reader.problems:
            raise ConfigurationError(reader.problems)
        return settings


def _source(reader: _Reader) -> ConfigSource:
    if reader.optional_text("TENANT_CONFIG_PATH", ""):
        return DevelopmentFile(path=reader.readable_file("TENANT_CONFIG_PATH"))
    return ControlPlane(
        url=reader.url("CONTROL_PLANE_URL", None),
        tenant_id=reader.matching("TENANT_ID", None, TENANT_SLUG, "lower-case letters, digits, '-' and '_'"),
        runtime_token_file=reader.readable_file("RUNTIME_TOKEN_FILE"),
        fernet_keys_file=reader.readable_file("TENANT_FERNET_KEYS_FILE"),
        public_keys_file=reader.readable_file("BUNDLE_PUBLIC_KEYS_FILE"),
        state_dir=Path(reader.required_text("STATE_DIR")),
    )


class _Reader:
    """Takes variables out of the environment and notes what is wrong with them; a value is never noted."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = environment
        self.problems: list[str] = []

    def optional_text(self, name: str, default: str) -> str:
        """An empty variable counts as absent: that is what compose files make of an unset one."""
        return self._environment.get(name, "").strip() or default

    def required_text(self, name: str) -> str:
        value = self.optional_text(name, "")
        if not value:
            self.problems.append(f"{name} is missing")
        return value

    def optional_path(self, name: str) -> Path | None:
        value = self.optional_text(name, "")
        return Path(value) if value else None

    def readable_file(self, name: str) -> Path:
        value = self.required_text(name)
        if value:
            try:
                with Path(value).open("rb"):
                    pass
            except (OSError, ValueError) as error:
                reason = error.strerror if isinstance(error, OSError) and error.strerror else "not a file name"
                self.problems.append(f"{name} names a file that cannot be read: {reason}")
        return Path(value)

    def url(self, name: str, default: str | None) -> str:
        value = self.required_text(name) if default is None else self.optional_text(name, default)
        if value and not _is_plain_http_url(value):
            self.problems.append(f"{name} must be an http or https address without user, query or fragment")
        return value.rstrip("/")

    def matching(self, name: str, default: str | None, shape: re.Pattern[str], meaning: str) -> str:
        value = self.required_text(name) if default is None else self.optional_text(name, default)
        if value and not shape.fullmatch(value):
            self.problems.append(f"{name} must be {meaning}")
        return value

    def port(self, name: str, default: int) -> int:
        value = self.optional_text(name, str(default))
        if not (value.isascii() and value.isdigit() and len(value) <= len(str(HIGHEST_PORT))):
            self.problems.append(f"{name} must be a whole number from 0 to {HIGHEST_PORT}")
            return default
        if int(value) > HIGHEST_PORT:
            self.problems.append(f"{name} must be a whole number from 0 to {HIGHEST_PORT}")
        return int(value)

    def egress(self, default: EgressPolicy) -> EgressPolicy:
        """``default`` unless the operator says which networks are open."""
        networks, plain_http = self.optional_text("EGRESS_ALLOW", ""), self.flag("EGRESS_ALLOW_HTTP")
        if not networks:
            return replace(default, plain_http=plain_http)
        try:
            return read_egress_policy(networks.split(","), plain_http=plain_http)
        except EgressPolicyError:
            self.problems.append("EGRESS_ALLOW must be networks like 10.1.0.0/16, separated by commas")
            return default

    def networks(self, name: str) -> tuple[Network, ...]:
        """Addresses and networks, comma separated."""
        try:
            return tuple(
                ipaddress.ip_network(part.strip()) for part in self.optional_text(name, "").split(",") if part.strip()
            )
        except ValueError:
            self.problems.append(f"{name} must be addresses or networks such as 10.0.0.0/8, comma separated")
            return ()

    def flag(self, name: str) -> bool:
        value = self.optional_text(name, "").lower()
        if value not in _TRUE | _FALSE:
            self.problems.append(f"{name} must be 1 or 0")
        return value in _TRUE


def _is_plain_http_url(value: str) -> bool:
    try:
        parts = urlsplit(value)
        port = parts.port
    except ValueError:
        return False
    return (
        parts.scheme in {"http", "https"}
        and bool(parts.hostname)
        and port != 0
        and "@" not in parts.netloc
        and not (parts.query or parts.fragment)
        and value.isascii()
        and value.isprintable()
        and " " not in value
    )
