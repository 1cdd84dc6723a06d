from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from flow_engine.expressions import Template
from flow_engine.program.reading import Fields


@dataclass(frozen=True, slots=True)
class CancelTask:
    """``cancel_task``: forget the task scheduled under this key. Emits one ``CancelTask`` effect."""

    kind: ClassVar[str] = "cancel_task"

    idempotency_key: Template


def read(fields: Fields) -> CancelTask:
    return CancelTask(fields.template("idempotency_key"))
