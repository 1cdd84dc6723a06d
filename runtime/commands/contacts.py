"""Commands about one contact's conversation: pausing, resuming, and speaking for the business."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from flow_engine.effects import SendMessage
from flow_engine.outputs.output import Parameter, Template, Text
from flow_engine.vocabulary import JSON
from runtime.commands.handler import RefusedError, done, text_of
from runtime.core import Core
from runtime.ports.command_store import Command, CommandResult
from runtime.ports.contact_directory import ContactDirectory
from runtime.ports.inbox_store import ContactKey

WINDOW: Final = timedelta(hours=24)
"""WhatsApp takes free words from a business only so long after the customer's last message."""

WINDOWED: Final = "whatsapp"
"""The channels with such a window: their ids begin so."""

MAX_TEXT_CHARS: Final = 4096
"""WhatsApp's bound for a text message; the other channels' are no lower."""

STAFF: Final = "staff:"
"""What the id of a message begins with that a person wrote."""


async def contact_of(command: Command, directory: ContactDirectory) -> ContactKey:
    """Whom the command names. Raises ``RefusedError`` (``unknown_contact``, ``ambiguous_contact``)."""
    channel = command.payload.get("channel")
    found = await directory.named(text_of(command, "contact"), channel if isinstance(channel, str) else None)
    if not found:
        raise RefusedError("unknown_contact", "Nobody of this name has written.")
    if len(found) > 1:
        raise RefusedError("ambiguous_contact", "Several channels know this contact; name one.")
    return found[0]


@dataclass(frozen=True, slots=True)
class ContactCommands:
    """The id of a command is the key of what it causes, so a second beginning finds it done."""

    core: Core
    directory: ContactDirectory

    async def pause(self, command: Command) -> CommandResult:
        contact = await contact_of(command, self.directory)
        if not await self.core.pause_contact(contact, command_id=command.id, issued_at=command.issued_at):
            raise RefusedError("unknown_contact", "There is no conversation with this contact.")
        return done()

    async def resume(self, command: Command) -> CommandResult:
        contact = await contact_of(command, self.directory)
        channel, contact_id = contact.channel_id, contact.contact_id
        if not await self.core.resume_contact(channel, contact_id, command_id=command.id, issued_at=command.issued_at):
            raise RefusedError("unknown_contact", "There is no conversation with this contact.")
        return done()

    async def staff_reply(self, command: Command) -> CommandResult:
        """Free words within the window, or a ``template`` at any time; whether that is approved, the channel looks."""
        contact = await contact_of(command, self.directory)
        if "template" in command.payload:
            message = SendMessage(f"{STAFF}{command.id}", _template(command.payload["template"]))
            await self.core.say(contact, message)
            return done({"message_id": message.id})
        text = text_of(command, "text").strip()
        if not text:
            raise RefusedError("empty_text", "There is nothing to say.")
        if len(text) > MAX_TEXT_CHARS:
            raise RefusedError("too_long", f"A message may have {MAX_TEXT_CHARS} characters.")
        await self._check_window(contact)
        message = SendMessage(f"{STAFF}{command.id}", Text(text))
        await self.core.say(contact, message)
        return done({"message_id": message.id})

    async def _check_window(self, contact: ContactKey) -> None:
        if not contact.channel_id.startswith(WINDOWED):
            return
        last = await self.core.store.contacts.last_word(contact)
        refused = last.refused_at is not None and (last.heard_at is None or last.refused_at >= last.heard_at)
        if refused or last.heard_at is None or self.core.clock.now() - last.heard_at > WINDOW:
            raise RefusedError("window_closed", "The customer wrote over 24 hours ago; only a template may be sent.")


def _template(value: JSON) -> Template:
    """``{name, language, parameters: [{text, name?}]}``. Raises ``RefusedError`` (``bad_payload``)."""
    fields = value if isinstance(value, dict) else {}
    name, language, given = fields.get("name"), fields.get("language"), fields.get("parameters", [])
    if not isinstance(name, str) or not isinstance(language, str) or not isinstance(given, list):
        raise RefusedError("bad_payload", "template has a name, a language and a list of parameters.")
    return Template(name, language, tuple(map(_parameter, given)))


def _parameter(value: JSON) -> Parameter:
    fields = value if isinstance(value, dict) else {}
    text, name = fields.get("text"), fields.get("name")
    if not isinstance(text, str) or not text or not (name is None or isinstance(name, str)):
        raise RefusedError("bad_payload", "A parameter of a template is a text, with the name of its blank or without.")
    return Parameter(text, name)
