"""Caddy's whole configuration from the tenants. Pure: the same tenants give the same document.

Three doors: the public one (by host name: the admin without what machines ask of it, and ``/t/<tenant>/…`` with what
channels need and nothing else);
the one through which runtimes reach their API of the control plane and nothing else of it; and the admin socket.
Format: https://caddyserver.com/docs/json/
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import groupby
from typing import Any, Final, Self

type Json = dict[str, Any]

PUBLIC_PATHS: Final = ("/webhook", "/telegram/*", "/widget", "/widget/*")
"""Of a runtime, what is for the world: webhooks and the web chat. All else it has is for its operator."""

RUNTIME_API: Final = "/api/runtime/*"
METRICS: Final = ("/metrics", "/metrics/*")
"""Of the control plane, for who scrapes it from inside. Caddy compares decoded paths, whatever their case."""

LOOKED_THROUGH: Final = 50
"""Routes in a row. Each that does not match costs a microsecond (docs/scaling.md)."""

GAP: Final = "5s"
"""How long a request waits for a runtime that is being replaced, before 503. Providers allow 10 s and more."""

RETRY_AFTER_S: Final = "5"


class Tls(StrEnum):
    """``ACME``: public certificates by themselves. ``INTERNAL``: from Caddy's own authority. ``OFF``: plain HTTP."""

    ACME = "acme"
    INTERNAL = "internal"
    OFF = "off"


@dataclass(frozen=True, slots=True)
class IngressConfiguration:
    """Ports are those in the ingress's own container. ``control_plane`` is host:port as the ingress reaches it.

    ``fixed_routes``: tenant → host:port of runtimes that no orchestrator runs. ``runtime_api_public``: whether runtimes
    on other machines reach their API under the admin's host name; those here have a door of their own.
    """

    public_host: str = "localhost"
    admin_host: str = "admin.localhost"
    tls: Tls = Tls.OFF
    control_plane: str = "control-plane:8001"
    admin_socket: str = "/run/ingress/admin.sock"
    http_port: int = 8080
    https_port: int = 8443
    runtime_api_port: int = 8001
    fixed_routes: Mapping[str, str] = field(default_factory=dict)
    runtime_api_public: bool = False

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Self:
        """Read the variables named INGRESS_…; an empty one counts as absent.

        Raises:
            ValueError: INGRESS_TLS, INGRESS_RUNTIME_API or INGRESS_ROUTES, by name and with what it must be.
        """
        default = cls()
        return cls(
            public_host=environment.get("INGRESS_PUBLIC_HOST") or default.public_host,
            admin_host=environment.get("INGRESS_ADMIN_HOST") or default.admin_host,
            tls=_tls(environment.get("INGRESS_TLS") or default.tls),
            control_plane=environment.get("INGRESS_CONTROL_PLANE") or default.control_plane,
            admin_socket=environment.get("INGRESS_ADMIN_SOCKET") or default.admin_socket,
            runtime_api_public=_is_public(environment.get("INGRESS_RUNTIME_API") or "inside"),
            fixed_routes=dict(map(_route, filter(None, environment.get("INGRESS_ROUTES", "").split(",")))),
        )


def _tls(value: str) -> Tls:
    if value not in {*Tls}:
        raise ValueError(f"INGRESS_TLS must be one of {', '.join(Tls)}.")
    return Tls(value)


def _is_public(value: str) -> bool:
    if value not in {"inside", "public"}:
        raise ValueError("INGRESS_RUNTIME_API must be one of inside, public.")
    return value == "public"


def _route(text: str) -> tuple[str, str]:
    tenant, separator, address = text.strip().partition("=")
    if not (tenant and separator and ":" in address):
        raise ValueError(f"INGRESS_ROUTES must be TENANT=HOST:PORT, parted by commas; {text.strip()!r} is none.")
    return tenant, address


def caddy_document(routes: Mapping[str, str], ingress: IngressConfiguration) -> Json:
    """``routes``: tenant → host:port of its runtime, in front of the configuration's fixed ones."""
    routes = {**ingress.fixed_routes, **routes}
    servers: Json = {
        "public": _public_server(routes, ingress),
        "runtime_api": {
            "listen": [f":{ingress.runtime_api_port}"],
            "automatic_https": {"disable": True},
            "routes": [{"match": [{"path": [RUNTIME_API]}], "handle": [_from_runtimes(ingress)]}, NOTHING_HERE],
            "errors": UNAVAILABLE,
        },
    }
    apps: Json = {"http": {"http_port": ingress.http_port, "https_port": ingress.https_port, "servers": servers}}
    if ingress.tls is Tls.INTERNAL:
        apps["tls"] = {"automation": {"policies": [{"issuers": [{"module": "internal"}]}]}}
        apps["pki"] = {"certificate_authorities": {"local": {"install_trust": False}}}
    return {
        # Named, so that a page in somebody's browser cannot speak to it; the socket's folder keeps everyone else out.
        "admin": {"listen": f"unix/{ingress.admin_socket}", "origins": [ADMIN_HOST]},
        "apps": apps,
        # What it was told last is what the orchestrator or the file says; nothing older comes back after a restart.
        "logging": {"logs": {"default": {"level": "WARN"}}},
    }


ADMIN_HOST: Final = "ingress"
"""The Host header of whoever speaks to the admin socket."""

NOTHING_HERE: Final[Json] = {"handle": [{"handler": "static_response", "status_code": 404}]}
UNAVAILABLE: Final[Json] = {
    "routes": [
        {
            "handle": [{"handler": "static_response", "status_code": 503, "headers": {"Retry-After": [RETRY_AFTER_S]}}],
        }
    ]
}
"""A runtime that is away answers 503: every provider repeats what was not acknowledged."""


def _public_server(routes: Mapping[str, str], ingress: IngressConfiguration) -> Json:
    plain = ingress.tls is Tls.OFF
    port = ingress.http_port if plain else ingress.https_port
    kept_back = [*METRICS, *(() if ingress.runtime_api_public else (RUNTIME_API,))]
    server: Json = {
        "listen": [f":{port}"],
        "routes": [
            *_tenant_routes(sorted(routes), routes, ingress),
            {"match": [{"path": kept_back}], **NOTHING_HERE, "terminal": True},
            {"match": [{"host": [ingress.admin_host]}], "handle": [_to(ingress.control_plane)], "terminal": True},
            NOTHING_HERE,
        ],
        "errors": UNAVAILABLE,
    }
    if plain:
        server["automatic_https"] = {"disable": True}
    return server


def _tenant_routes(
    tenants: Sequence[str], routes: Mapping[str, str], ingress: IngressConfiguration, *, begin: str = ""
) -> list[Json]:
    """``tenants`` all begin with ``begin``. Caddy tries route after route, so many are looked for by their letters."""
    if len(tenants) <= LOOKED_THROUGH:
        return [_tenant_route(tenant, routes[tenant], ingress) for tenant in tenants]
    found: list[Json] = []
    for longer, members in groupby(tenants, key=lambda tenant: tenant[: len(begin) + 1]):
        inner = _tenant_routes([*members], routes, ingress, begin=longer)
        path = {"host": [ingress.public_host], "path": [f"/t/{longer}*"]}
        found.append({"match": [path], "handle": [{"handler": "subroute", "routes": inner}]})
    return found


def _tenant_route(tenant: str, address: str, ingress: IngressConfiguration) -> Json:
    prefix = f"/t/{tenant}"
    return {
        "match": [{"host": [ingress.public_host], "path": [f"{prefix}{path}" for path in PUBLIC_PATHS]}],
        "handle": [
            {"handler": "rewrite", "strip_path_prefix": prefix},
            # A refused connection is tried again until the gap is over; what reached a runtime is never sent twice.
            _to(address) | {"load_balancing": {"try_duration": GAP, "try_interval": "250ms"}},
        ],
        "terminal": True,
    }


def _from_runtimes(ingress: IngressConfiguration) -> Json:
    """Inside, where nothing is encrypted: the control plane is told so, or it would redirect to HTTPS."""
    host = ingress.control_plane.rpartition(":")[0]
    inside = {"request": {"set": {"Host": [host], "X-Forwarded-Proto": ["https"]}}}
    return _to(ingress.control_plane) | {"headers": inside}


def _to(address: str) -> Json:
    """Caddy writes X-Forwarded-For, -Proto and -Host anew: what the client claims about itself is not passed on.

    Streams of events are passed on at once without being told to. ``flush_interval`` of -1, which says so for all, must
    not be set: with it Caddy 2.6 loses the body of one small answer in forty (30 of 1,200 measured, without it none of
    1,500), and crashes when it takes a new configuration while such a request is open.
    """
    return {"handler": "reverse_proxy", "upstreams": [{"dial": address}]}
