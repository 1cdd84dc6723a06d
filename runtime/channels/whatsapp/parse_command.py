"""``python -m runtime parse-webhook FILE…``: what the parser finds in webhook bodies, one JSON line per thing found.

Messages, delivery reports and notices, in the order of the body, whatever number they are addressed to. A body that
cannot be read is a line of its own. Nothing is stored and nothing is checked but the form.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from enum import Enum
from pathlib import Path
from typing import Any, Final

from flow_engine.vocabulary import JSON
from runtime.channels.reading import as_text
from runtime.channels.whatsapp.inbound import Notice, UnreadableBody, parse_webhook
from runtime.channels.whatsapp.inbound.identity import is_user_id
from runtime.ports.inbox import DeliveryStatus, InboundEnvelope

EXIT_OK: Final = 0
EXIT_NO_SUCH_FILE: Final = 2
STANDARD_INPUT: Final = "-"

type Line = dict[str, Any]


def main(arguments: Sequence[str]) -> int:
    """0 for any body; 2 where a file cannot be read at all."""
    parser = argparse.ArgumentParser(
        prog="python -m runtime parse-webhook",
        description="Show what WhatsApp webhook bodies hold, one JSON line each.",
    )
    parser.add_argument("files", nargs="+", metavar="FILE", help="a body as it came; - reads standard input")
    code = EXIT_OK
    for name in parser.parse_args(arguments).files:
        try:
            body = sys.stdin.buffer.read() if name == STANDARD_INPUT else Path(name).read_bytes()
        except OSError as error:
            print(f"parse-webhook: {name}: {error.strerror}", file=sys.stderr)  # noqa: T201 - said to a person
            code = EXIT_NO_SUCH_FILE
            continue
        for line in lines_of(body, received_at=datetime.now(UTC)):
            written = json.dumps({"file": name} | line, ensure_ascii=False, default=_plain)
            sys.stdout.buffer.write(written.encode() + b"\n")  # UTF-8, whatever the terminal's encoding is
    return code


def lines_of(body: bytes, *, received_at: datetime) -> Iterator[Line]:
    """``{"found": message | status | notice | unreadable, …}`` for each thing in the body."""
    parsed = parse_webhook(body, channel_of=lambda number: f"whatsapp:{number}", received_at=received_at)
    if isinstance(parsed, UnreadableBody):
        yield {"found": "unreadable", "reason": parsed.reason}
        return
    yield from map(_line, parsed.messages)
    yield from map(_line, parsed.statuses)
    yield from map(_line, parsed.notices)


def _line(item: InboundEnvelope | DeliveryStatus | Notice) -> Line:
    match item:
        case InboundEnvelope():
            return {"found": "message", "channel_id": item.channel_id} | asdict(item.message)
        case DeliveryStatus():
            report = asdict(item)
            return {"found": "status", "status": report.pop("state"), **_addressee(item.details)} | report
        case Notice():
            notice = asdict(item)
            return {"found": "notice", "type": notice.pop("kind")} | notice


def _addressee(details: Mapping[str, JSON]) -> Line:
    """Whom the message went to, by the names that messages have: the user id where there is one, and the number."""
    number = as_text(details.get("recipient_participant_id")) or as_text(details.get("recipient_id"))
    user_id = as_text(details.get("recipient_user_id")) or (number if is_user_id(number) else "")
    phone = number if number and not is_user_id(number) else ""
    return {"contact_id": user_id or phone or None, "contact_phone": phone or None}


def _plain(value: object) -> object:
    match value:
        case datetime():
            return value.isoformat()
        case Enum():
            return value.value
        case _:
            raise TypeError(f"{type(value).__name__} has no place in a line")
