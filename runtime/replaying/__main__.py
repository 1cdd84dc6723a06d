"""``python -m runtime.replaying``: one JSON document in, one out. No network, no files, bounded time and memory."""

from __future__ import annotations

import json
import resource
import sys
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from flow_engine.errors import ProgramError
from flow_engine.program import ProgramSettings, load_program
from runtime.replaying.play import StoredConversation, StoredTurn, play

CPU_S: Final = 60
MEMORY_BYTES: Final = 1024 * 1024 * 1024
"""A candidate that runs away ends its own process and nobody else's."""


def main() -> int:
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_S, CPU_S))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    asked = json.load(sys.stdin)
    try:
        program = load_program(asked["program"], ProgramSettings(**asked["settings"]))
    except ProgramError as error:
        json.dump({"error": "bad_program", "reason": str(error)}, sys.stdout)
        return 0
    json.dump(play(program, _read(asked["conversations"])).to_json(), sys.stdout)
    return 0


def _read(conversations: Sequence[Mapping[str, Any]]) -> Iterator[StoredConversation]:
    """What the parent wrote (``runtime.store.sqlite.stored_conversations``)."""
    for stored in conversations:
        turns = tuple(
            StoredTurn(
                datetime.fromisoformat(turn["at"]), tuple(turn["event"]), tuple(turn["answers"]), tuple(turn["said"])
            )
            for turn in stored["turns"]
        )
        yield StoredConversation(stored["conversation_id"], stored["profile"], stored["contact_id"], turns)


if __name__ == "__main__":
    sys.exit(main())
