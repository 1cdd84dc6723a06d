"""``invoke_connector``: ask another system."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, JsonValue

from flow_engine.language.construct import ActionConstruct, Construct, DataName, Name, Target


class OnError(Construct):
    """Where each kind of failure leads; ``default`` is for the kinds that are not named."""

    timeout: Target | None = None
    unavailable: Target | None = None
    rate_limited: Target | None = None
    unauthorized: Target | None = None
    rejected: Target | None = None
    conflict: Target | None = None
    default: Target | None = None


def _for_every_kind(value: object) -> object:
    """``on_error: SORRY`` is short for a default."""
    return {"default": value} if isinstance(value, str) else value


class InvokeConnector(ActionConstruct):
    """Calls ``operation`` of the connector bound to the category ``connector``, and waits for it.

    Texts anywhere in ``params`` are templates. The result is kept in ``data`` under ``result_key``. A call that fails
    for good leads to the target ``on_error``, one for all kinds or one for each, with the kind in ``data.error_kind``;
    without one the sentence ``technical_problem`` is said and the state's fallback entered. Not in tasks.

    ```yaml
    - action: invoke_connector
      connector: calendar
      operation: get_available_days
      params:
        from_date: "{{ data.today }}"
        lookahead_days: 14
      result_key: available_days
      on_error:
        timeout: TRY_LATER
        default: "@back"
    ```
    """

    action: Literal["invoke_connector"]
    connector: Name
    operation: Name
    params: dict[str, JsonValue] = Field(default_factory=dict)
    result_key: DataName | None = None
    on_error: Annotated[
        OnError | None,
        BeforeValidator(_for_every_kind, json_schema_input_type=Target | OnError | None),
    ] = None
