"""``LivePrint``: what a configuration says, as two digests, so that two can be compared and none has to be kept."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from typing import Self

from runtime.tenant_config import TenantConfig


@dataclass(frozen=True, slots=True)
class LivePrint:
    """``knowledge`` is of the document that answers are taken from, ``rest`` of everything else but the serial."""

    knowledge: bytes
    rest: bytes

    @classmethod
    def of(cls, config: TenantConfig) -> Self:
        llm = asdict(config.llm) | {"knowledge_version": None}
        in_flight = {state: [word.do.value, word.to] for state, word in config.people_in_flight.items()}
        rest = [
            config.program,
            list(config.channels),
            dict(config.connectors),
            llm,
            asdict(config.settings),
            sorted(config.secrets),
            config.limits,
            dict(config.outreach),
            in_flight,
            sorted(config.test_contacts),
            asdict(config.retention),
        ]
        return cls(_digest(asdict(config.knowledge) if config.knowledge else None), _digest(rest))


def _digest(value: object) -> bytes:
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).digest()
