"""The command that brings a body which reached another address: it goes in as if it had come by webhook."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from typing import Final

from runtime.commands.handler import RefusedError, done, text_of
from runtime.core import Core
from runtime.ports.command_store import Command, CommandResult

_PREFIX: Final = "whatsapp:"


@dataclass(frozen=True, slots=True)
class DeliveryCommands:
    """The control plane has verified the signature; the ids in the body tell what was here before."""

    core: Core

    async def inbound(self, command: Command) -> CommandResult:
        from runtime.channels.whatsapp.webhook import WebhookReceiver  # noqa: PLC0415 - only tenants with a number need it

        channel_id = text_of(command, "channel_id")
        if not channel_id.startswith(_PREFIX) or channel_id not in self.core.outbox.channels:
            raise RefusedError("unknown_channel", "The live release has no such WhatsApp number.")
        try:
            body = base64.b64decode(text_of(command, "body_base64"), validate=True)
        except binascii.Error as error:
            raise RefusedError("unreadable", "The body is no base64.") from error
        receiver = WebhookReceiver([], self.core.desk, self.core.clock)
        accepted = await receiver.take_in(body, {channel_id.removeprefix(_PREFIX): channel_id})
        return done({"stored": accepted.stored, "duplicates": accepted.duplicates})
