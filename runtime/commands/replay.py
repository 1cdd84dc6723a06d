"""The command that plays the last conversations again on a candidate, in a child process.

Only counts and masked bubbles that differ leave the runtime; the child has neither network nor the state file.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import json
import sys
from dataclasses import asdict, dataclass
from typing import Final

from flow_engine.bundle import Bundle, BundleError
from flow_engine.program import ProgramSettings
from flow_engine.vocabulary import JSON, JSONObject
from runtime.bundles.cache import BundleCache, CachedBundle
from runtime.bundles.floor import Floor
from runtime.bundles.trust import Trust
from runtime.commands.handler import RefusedError, done, text_of
from runtime.errors import SecretError
from runtime.ports.command_store import Command, CommandResult, CommandStatus
from runtime.ports.stored_conversations import StoredConversations
from runtime.telemetry.masking import Masking

USUAL: Final = 100
MOST: Final = 1_000
PATIENCE_S: Final = 120.0


@dataclass(frozen=True, slots=True)
class ReplayCommands:
    """A candidate is opened as a start would, with its secrets, which the child is not given."""

    conversations: StoredConversations
    cache: BundleCache
    trust: Trust
    masking: Masking

    async def replay(self, command: Command) -> CommandResult:
        bundle, settings = self._candidate(command)
        last = command.payload.get("last", USUAL)
        if not isinstance(last, int) or isinstance(last, bool) or not 1 <= last <= MOST:
            raise RefusedError("bad_payload", f"last must be a number from 1 to {MOST}.")
        asked = {
            "program": bundle.program,
            "settings": asdict(settings),
            "conversations": list(await self.conversations.last(last)),
        }
        found = await _played(json.dumps(asked).encode())
        if found is None:
            return CommandResult(CommandStatus.FAILED, "The candidate took too long, too much memory, or broke.")
        if "error" in found:
            raise RefusedError(str(found["error"]), str(found["reason"]))
        return done(found | {"examples": self._masked(found["examples"])})

    def _candidate(self, command: Command) -> tuple[Bundle, ProgramSettings]:
        serial = command.payload.get("serial")
        try:
            found = self._held(serial) if isinstance(serial, int) else _brought_by(command)
            bundle = self.trust.open(found.envelope, Floor())
            return bundle, self.trust.config(bundle, found.again).program_settings
        except (BundleError, SecretError) as error:
            raise RefusedError(error.code, str(error)) from error

    def _held(self, serial: int) -> CachedBundle:
        kept = self.cache.load_serial(serial)
        staged = self.cache.load_staged()
        if kept is not None:
            return kept
        if staged is not None and self.trust.open(staged.envelope, Floor()).serial == serial:
            return staged
        raise RefusedError("unknown_serial", "No release of this serial is held.")

    def _masked(self, examples: JSON) -> list[JSON]:
        found: list[JSON] = []
        for example in examples if isinstance(examples, list) else []:
            if isinstance(example, dict):
                sides = {side: self._bubbles(example.get(side)) for side in ("before", "after")}
                found.append({"state": example.get("state"), **sides})
        return found

    def _bubbles(self, texts: JSON) -> list[JSON]:
        return [self.masking.text(str(text)) for text in texts] if isinstance(texts, list) else []


def _brought_by(command: Command) -> CachedBundle:
    try:
        return CachedBundle(base64.b64decode(text_of(command, "envelope_base64"), validate=True))
    except binascii.Error as error:
        raise RefusedError("bad_payload", "envelope_base64 is no base64.") from error


async def _played(asked: bytes) -> JSONObject | None:
    """The child's answer; ``None`` when it gave none."""
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "runtime.replaying",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env={"PATH": "", "PYTHONDONTWRITEBYTECODE": "1"},  # no variable of ours names a key there
    )
    try:
        async with asyncio.timeout(PATIENCE_S):
            answered, _ = await child.communicate(asked)
    except TimeoutError:
        return None
    finally:
        if child.returncode is None:
            child.kill()
            await child.wait()
    if child.returncode:
        return None
    found = json.loads(answered)
    return found if isinstance(found, dict) else None
