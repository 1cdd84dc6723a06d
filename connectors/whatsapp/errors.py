"""Why a message did not (provably) leave.

GraphError                        any failed call; ``action`` says what to do
├── NotSentError                  certainly not sent, worth another try
├── AmbiguousSendError            may have been sent: wait for a status with our id
├── MessageRefusedError           this message will never pass as it is
└── ChannelBlockedError           no message will pass until the account or the token is repaired

None of the texts below carries a phone number, a message text or a token.
"""

from __future__ import annotations

from connectors.whatsapp.error_table import ErrorAction, ErrorClass


class GraphError(Exception):
    """A call to the Graph API that did not end in an accepted message.

    ``code`` is Meta's ``error.code``, ``http_status`` the status line, both ``None`` where there was no
    answer. ``retry_after_s`` is what the server asked for. ``trace_id`` is Meta's ``fbtrace_id``, the one
    thing its support asks for.
    """

    def __init__(
        self,
        error_class: ErrorClass,
        *,
        cause: str = "",
        code: int | None = None,
        http_status: int | None = None,
        retry_after_s: float | None = None,
        trace_id: str | None = None,
    ) -> None:
        self.error_class = error_class
        self.code = code
        self.http_status = http_status
        self.retry_after_s = retry_after_s
        self.trace_id = trace_id
        facts = [
            f"code {code}" if code is not None else "",
            f"HTTP {http_status}" if http_status is not None else "",
            cause,
            f"trace {trace_id}" if trace_id else "",
        ]
        known = ", ".join(fact for fact in facts if fact)
        super().__init__(f"{error_class.meaning} ({known})" if known else error_class.meaning)

    @property
    def action(self) -> ErrorAction:
        return self.error_class.action


class NotSentError(GraphError):
    """Certainly not sent, worth another try."""


class AmbiguousSendError(GraphError):
    """The message may have been sent."""


class MessageRefusedError(GraphError):
    """This message will never pass as it is."""


class ChannelBlockedError(GraphError):
    """No message will pass until the account or the token is repaired."""


ERROR_TYPES: dict[ErrorAction, type[GraphError]] = {
    ErrorAction.RETRY_NOW: NotSentError,
    ErrorAction.RETRY_LATER: NotSentError,
    ErrorAction.RETRY_PAIR: NotSentError,
    ErrorAction.AMBIGUOUS: AmbiguousSendError,
    ErrorAction.PARK: MessageRefusedError,
    ErrorAction.STOP_CHANNEL: ChannelBlockedError,
}
if missing := set(ErrorAction) - set(ERROR_TYPES):
    raise AssertionError(f"no error type for {sorted(missing)}")
