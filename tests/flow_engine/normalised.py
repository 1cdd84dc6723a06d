"""Writes normalised programs in short: every key that the language side would fill in is filled in here."""

from __future__ import annotations

from typing import cast

from flow_engine.vocabulary import JSON, JSONObject


def transition(target: str, **given: JSON) -> JSONObject:
    empty: JSONObject = {
        "on_payload": None,
        "on_payload_prefix": None,
        "extract_suffix_as": None,
        "on_type": None,
        "condition": None,
        "set_data": {},
    }
    return empty | given | {"target": target}


def state(
    *on_enter: JSONObject,
    transitions: list[JSONObject] | None = None,
    fallback: str | None = None,
    llm_fallback: bool = False,
) -> JSONObject:
    return {
        "on_enter": cast("JSON", list(on_enter)),
        "transitions": cast("JSON", transitions or []),
        "fallback": fallback,
        "llm_fallback": llm_fallback,
    }


def program(
    states: dict[str, JSONObject],
    *,
    initial_state: str | None = None,
    global_transitions: list[JSONObject] | None = None,
    tasks: dict[str, list[JSONObject]] | None = None,
    standing_schedules: list[JSONObject] | None = None,
) -> JSONObject:
    """A program that starts in the first of ``states`` unless told otherwise."""
    return {
        "language_version": 1,
        "id": "test_flow",
        "initial_state": initial_state or next(iter(states)),
        "global_transitions": cast("JSON", global_transitions or []),
        "states": cast("JSON", states),
        "tasks": cast("JSON", tasks or {}),
        "standing_schedules": cast("JSON", standing_schedules or []),
    }


def text(text: str) -> JSONObject:
    return {"action": "send_text", "text": text}


def buttons(body: str, *options: tuple[str, str], header: str | None = None, footer: str | None = None) -> JSONObject:
    return {
        "action": "send_interactive_buttons",
        "body": body,
        "buttons": [{"id": option_id, "title": title} for option_id, title in options],
        "header": header,
        "footer": footer,
    }


def option_list(body: str, *rows: tuple[str, str], button: str | None = None) -> JSONObject:
    return {
        "action": "send_interactive_list",
        "body": body,
        "button": button,
        "sections": [
            {"title": None, "rows": [{"id": row_id, "title": title, "description": None} for row_id, title in rows]}
        ],
        "header": None,
        "footer": None,
    }


def dynamic_options(
    source_key: str, text: str, *, empty_text: str | None = None, button: str | None = None
) -> JSONObject:
    return {
        "action": "send_dynamic_options",
        "source_key": source_key,
        "text": text,
        "empty_text": empty_text,
        "button": button,
    }


def invoke(connector: str, operation: str, *, result_key: str | None = None, **params: JSON) -> JSONObject:
    return {
        "action": "invoke_connector",
        "connector": connector,
        "operation": operation,
        "params": params,
        "result_key": result_key,
    }


def schedule(
    task: str,
    idempotency_key: str,
    *,
    run_at: str | None = None,
    cron: str | None = None,
    interval_seconds: int | None = None,
) -> JSONObject:
    return {
        "action": "schedule_task",
        "task": task,
        "idempotency_key": idempotency_key,
        "run_at": run_at,
        "cron": cron,
        "interval_seconds": interval_seconds,
    }


def cancel(idempotency_key: str) -> JSONObject:
    return {"action": "cancel_task", "idempotency_key": idempotency_key}
