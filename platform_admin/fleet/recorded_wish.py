"""A wish as it is written down with its deployment: all but the content of secrets.

A runtime goes on under the wish that it was given until a rollout comes to it: then what is written down is dropped,
and the next pass writes down, and brings about, the wish of that moment.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flow_engine.vocabulary import JSONObject
from platform_admin.fleet.driver import Resources, WantedRuntime


def record(wanted: WantedRuntime) -> JSONObject:
    """As JSON. Environments hold no secret (``WantedRuntime``); of secrets only their names stand there."""
    limits = wanted.resources
    return {
        "image": wanted.image,
        "environment": {**wanted.environment},
        "secrets": [secret.variable for secret in wanted.secrets],
        "resources": [limits.memory_bytes, limits.cpu_millis, limits.processes],
        "host": wanted.host,
        "port": wanted.port,
    }


def as_recorded(wanted: WantedRuntime, recorded: Any) -> WantedRuntime:  # noqa: ANN401 - what `record` gave, as JSON
    """The wish that was written down, with the secrets of ``wanted``."""
    memory_bytes, cpu_millis, processes = recorded["resources"]
    return replace(
        wanted,
        image=recorded["image"],
        environment=recorded["environment"],
        secrets=tuple(secret for secret in wanted.secrets if secret.variable in recorded["secrets"]),
        resources=Resources(memory_bytes, cpu_millis, processes),
        host=recorded["host"],
        port=recorded["port"],
    )
