"""``policy`` in a block: the numbers of the pipeline that a tenant may set for one binding, and their ranges."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any

from connectors.kernel.config_reader import ConfigReader
from connectors.kernel.option_kinds import Choice, Integer, Number
from connectors.kernel.options import Option, option
from connectors.kernel.policy import CallPolicy, WindowKind
from connectors.plain_json import JSON, JSONObject
from connectors.words import Words

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

OVERRIDES: Mapping[str, Option] = {
    "deadline_s": option(Number(0, 120), Words("Whole call, seconds", "Llamada entera, segundos")),
    "attempt_timeout_s": option(Number(0, 120), Words("One attempt, seconds", "Un intento, segundos")),
    "attempts": option(Integer(1, 5), Words("Attempts in all", "Intentos en total")),
    "base_wait_s": option(Number(0, 10), Words("First wait, seconds", "Primera espera, segundos")),
    "max_wait_s": option(Number(0, 30), Words("Longest wait, seconds", "Espera más larga, segundos")),
    "max_retry_after_s": option(
        Number(0, 60), Words("Longest wait they may ask for, seconds", "Espera máxima que pueden pedir, segundos")
    ),
    "window": option(Choice(WindowKind), Words("Failures are counted over", "Los fallos se cuentan por")),
    "window_size": option(Integer(1, 10_000), Words("Window, calls", "Ventana, llamadas")),
    "window_s": option(Number(0, 3600), Words("Window, seconds", "Ventana, segundos")),
    "min_calls": option(Integer(1, 10_000), Words("Calls before a rate counts", "Llamadas antes de contar")),
    "failure_pct": option(Number(0, 100), Words("Failures that stop calls, %", "Fallos que detienen, %")),
    "slow_s": option(Number(0, 120), Words("A call is slow from, seconds", "Lenta desde, segundos")),
    "slow_pct": option(Number(0, 100), Words("Slow calls that stop calls, %", "Lentas que detienen, %")),
    "half_open_permits": option(Integer(1, 100), Words("Trial calls", "Llamadas de prueba")),
    "open_wait_s": option(Number(0, 3600), Words("Pause after stopping, seconds", "Pausa al detener, segundos")),
    "open_wait_multiplier": option(Number(0.99, 10), Words("Each next pause is longer by", "Cada pausa crece por")),
    "open_wait_max_s": option(Number(0, 86_400), Words("Longest pause, seconds", "Pausa más larga, segundos")),
    "max_concurrent": option(Integer(1, 100), Words("Calls at once", "Llamadas a la vez")),
    "max_waiting": option(Integer(0, 1_000), Words("Calls that may wait", "Llamadas que pueden esperar")),
}
"""Key → what it may hold. Each is a field of ``CallPolicy`` or of one of its parts."""


def read_policy(block: Mapping[str, JSON], path: str, default: CallPolicy) -> CallPolicy:
    """``default`` with the overrides of ``block``. Raises ``ConnectorConfigError`` naming every fault."""
    reader = ConfigReader(block, path)
    given: dict[str, Any] = {}
    for key, described in OVERRIDES.items():
        value = reader.take_parsed(key, described.kind.parse, None)
        if value is not None:
            given[key] = value
    policy = replace(
        default,
        **_of(default, given),
        retry=replace(default.retry, **_of(default.retry, given)),
        breaker=replace(default.breaker, **_of(default.breaker, given)),
        bulkhead=replace(default.bulkhead, **_of(default.bulkhead, given)),
    )
    if policy.attempt_timeout_s > policy.deadline_s:
        reader.fault("attempt_timeout_s", "is longer than deadline_s; one attempt cannot outlast the whole call")
    reader.finish()
    return policy


def policy_schema() -> JSONObject:
    """The JSON Schema of ``policy``."""
    return {
        "type": "object",
        "title": "Limits",
        "x-title-es": "Límites",
        "properties": {key: described.schema() for key, described in OVERRIDES.items()},
        "additionalProperties": False,
    }


def _of(part: DataclassInstance, given: Mapping[str, Any]) -> dict[str, Any]:
    return {field.name: given[field.name] for field in fields(part) if field.name in given}
