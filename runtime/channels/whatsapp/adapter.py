"""``WhatsAppAdapter``: one WhatsApp number as a channel."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final

from connectors.whatsapp import ErrorAction, GraphClient, GraphError, limits
from connectors.whatsapp.error_table import MEDIA, UNSUPPORTED, WINDOW_CLOSED
from flow_engine.outputs.output import Media, Output, Text
from runtime.channels.whatsapp.config import WhatsAppChannelConfig
from runtime.channels.whatsapp.inbound import PROFILE
from runtime.channels.whatsapp.inbound.identity import is_user_id
from runtime.channels.whatsapp.outbound import build_message
from runtime.channels.whatsapp.send_planner import SendPlanner
from runtime.channels.whatsapp.uploads import Uploads
from runtime.errors import SendAction, SendError, StoreUnavailableError
from runtime.limits import SendPace
from runtime.ports.channel_adapter import ChannelAdapter, OutboundMessage, ReceivedFile, SendReceipt
from runtime.ports.clock import Clock
from runtime.ports.contact_store import ContactStore, LastWord
from runtime.ports.inbox_store import ContactKey

PAIR_BASE_S: Final = 4.0  # Meta: after a pair limit wait 4^X seconds, X = 0, 1, 2, …
PAIR_MAX_EXPONENT: Final = 5  # 17 minutes; the allowance of a pair is full again long before
FILE_ATTEMPTS: Final = 2  # a file that WhatsApp cannot fetch twice goes out as its address

SEND_ACTIONS: Final = {
    ErrorAction.RETRY_NOW: SendAction.RETRY,
    ErrorAction.RETRY_LATER: SendAction.RETRY,
    ErrorAction.RETRY_PAIR: SendAction.RETRY,
    ErrorAction.AMBIGUOUS: SendAction.AMBIGUOUS,
    ErrorAction.PARK: SendAction.PARK,
    ErrorAction.STOP_CHANNEL: SendAction.STOP_CHANNEL,
}
if missing := set(ErrorAction) - set(SEND_ACTIONS):
    raise AssertionError(f"no send action for {sorted(missing)}")


class WhatsAppAdapter(ChannelAdapter):
    """Sends through ``graph``. What Meta delivers comes in by the routes that all numbers share (``router``).

    ``planner`` says what may leave now, from what ``contacts`` knows of the customer. ``uploads`` brings files to
    WhatsApp beforehand; without it they are sent by their address.
    """

    profile = PROFILE
    pace = SendPace(limits.MESSAGES_PER_S, limits.PAIR_INTERVAL_S, limits.PAIR_BURST)

    def __init__(
        self,
        config: WhatsAppChannelConfig,
        *,
        graph: GraphClient,
        planner: SendPlanner,
        contacts: ContactStore,
        clock: Clock,
        uploads: Uploads | None = None,
        close_also: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        """``graph`` is taken over: ``close`` closes it, and what ``close_also`` closes."""
        self.channel_id = config.channel_id
        self._graph = graph
        self._planner = planner
        self._contacts = contacts
        self._clock = clock
        self._uploads = uploads
        self._close_also = close_also

    async def send(self, message: OutboundMessage) -> SendReceipt:
        contact = ContactKey(self.channel_id, message.contact_id)
        try:
            output = self._planner.plan(message.output, await self._contacts.last_word(contact), self._clock.now())
            try:
                return await self._deliver(message, output)
            except GraphError as failure:
                return await self._deliver_otherwise(message, output, failure)
        except GraphError as failure:
            raise _send_error(failure, message.attempt) from failure
        except StoreUnavailableError as failure:
            raise SendError(SendAction.RETRY, "the store cannot be asked whether this may be sent") from failure

    async def show_working(self, contact_id: str, message_id: str) -> None:
        try:
            await self._graph.show_typing(message_id)
        except GraphError as failure:
            raise _send_error(failure, attempt=1) from failure

    async def fetch_file(self, media_id: str, most_bytes: int) -> ReceivedFile:
        try:
            file = await self._graph.find_file(media_id)
            if file.size is not None and file.size > most_bytes:
                raise SendError(SendAction.PARK, f"the file has {file.size} bytes, {most_bytes} are kept at most")
            return ReceivedFile(await self._graph.download(file, most_bytes), file.mime_type)
        except GraphError as failure:
            raise _send_error(failure, attempt=1) from failure

    async def probe(self) -> None:
        try:
            await self._graph.look()
        except GraphError as failure:
            raise _send_error(failure, attempt=1) from failure

    async def close(self) -> None:
        await self._graph.close()
        if self._close_also is not None:
            await self._close_also()

    async def _deliver(self, message: OutboundMessage, output: Output, *, to: str | None = None) -> SendReceipt:
        if self._uploads is not None:
            output = await self._uploads.with_ids(output)
        body = build_message(output, contact_id=to or message.contact_id, our_id=message.id)
        return SendReceipt(await self._graph.send(body))

    async def _deliver_otherwise(self, message: OutboundMessage, output: Output, failure: GraphError) -> SendReceipt:
        """Another way to say the same, where the failure proves that nothing was sent and there is one; or raise it."""
        contact, now = ContactKey(self.channel_id, message.contact_id), self._clock.now()
        if failure.error_class is WINDOW_CLOSED:
            await self._contacts.refuse_free_messages(contact, at=now)
            as_template = self._planner.plan(message.output, LastWord(None), now)
            if as_template != output:
                return await self._deliver(message, as_template)
        elif failure.error_class is MEDIA and isinstance(output, Media) and message.attempt >= FILE_ATTEMPTS:
            return await self._deliver(message, Text("\n".join(filter(None, (output.caption, output.url)))))
        elif failure.error_class is UNSUPPORTED and is_user_id(message.contact_id):
            aliases = await self._contacts.aliases_of(contact, at=now)
            phone = next((alias for alias in aliases if alias.isdecimal()), None)
            if phone is not None:
                return await self._deliver(message, output, to=phone)
        raise failure


def _send_error(failure: GraphError, attempt: int) -> SendError:
    wait_s = failure.retry_after_s
    if failure.action is ErrorAction.RETRY_PAIR and wait_s is None:
        wait_s = PAIR_BASE_S ** min(attempt - 1, PAIR_MAX_EXPONENT)
    throttled = failure.action is ErrorAction.RETRY_LATER
    return SendError(SEND_ACTIONS[failure.action], str(failure), retry_after_s=wait_s, account_wide=throttled)
