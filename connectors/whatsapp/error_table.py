"""What each error code of the Graph API means for a message, as one table.

Meta asks to branch on ``error.code`` alone; sub-codes and message texts change without notice. The same
codes come back at once in the answer to a send and later in a ``failed`` status, so both read this table.

Which codes prove that nothing was sent is a reading of Meta's error page, not a promise of it: a code
belongs to ``AMBIGUOUS`` unless its text says that the message was refused.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from http import HTTPStatus
from typing import Final


class ErrorAction(StrEnum):
    """What to do with the message, and with the number it was to leave by."""

    RETRY_NOW = "retry_now"
    """Certainly not sent, and nothing is wrong with the number: try again after a moment."""
    RETRY_LATER = "retry_later"
    """Certainly not sent: the whole number is too fast. Back off with jitter."""
    RETRY_PAIR = "retry_pair"
    """Certainly not sent: too fast for this one customer. Other customers go on."""
    AMBIGUOUS = "ambiguous"
    """It may have been sent. Wait for a status that carries our id; never resend blindly."""
    PARK = "park"
    """This message will never pass as it is. Keep it, with the reason, for a person."""
    STOP_CHANNEL = "stop_channel"
    """Nothing will pass until somebody repairs the account or the token."""


@dataclass(frozen=True, slots=True)
class ErrorClass:
    """A group of codes that are handled alike.

    ``meaning`` is one sentence for staff: what is wrong and what to do. ``codes`` are single codes,
    ``code_ranges`` inclusive ranges of them.
    """

    name: str
    action: ErrorAction
    meaning: str
    codes: frozenset[int] = frozenset()
    code_ranges: tuple[tuple[int, int], ...] = ()


THROTTLED: Final = ErrorClass(
    "throttled",
    ErrorAction.RETRY_LATER,
    "WhatsApp asks this number to send more slowly; the message will be tried again.",
    frozenset({4, 80007, 130429}),
)
PAIR_LIMIT: Final = ErrorClass(
    "pair_limit",
    ErrorAction.RETRY_PAIR,
    "Too many messages to this customer in a short time; the message will be tried again.",
    frozenset({131056}),
)
AMBIGUOUS: Final = ErrorClass(
    "ambiguous",
    ErrorAction.AMBIGUOUS,
    "WhatsApp failed while handling the message; it may or may not have been delivered.",
    frozenset({1, 2, 131000, 131016, 131057, 133004}),
)
NOT_SENT: Final = ErrorClass(
    "not_sent",
    ErrorAction.RETRY_NOW,
    "WhatsApp could not be reached; the message will be tried again.",
)
MEDIA: Final = ErrorClass(
    "media",
    ErrorAction.RETRY_NOW,
    "WhatsApp could not fetch the media file; check that it is reachable and of an allowed type and size.",
    frozenset({131052, 131053}),
)
WINDOW_CLOSED: Final = ErrorClass(
    "window_closed",
    ErrorAction.PARK,
    "More than 24 hours since the customer last wrote; only an approved template can be sent.",
    frozenset({131047}),
)
RECIPIENT: Final = ErrorClass(
    "recipient",
    ErrorAction.PARK,
    "This customer cannot be reached on WhatsApp: no account, blocked, opted out, or not allowed for this number.",
    frozenset({130403, 130497, 131021, 131026, 131030, 131050}),
)
QUALITY: Final = ErrorClass(
    "quality",
    ErrorAction.PARK,
    "WhatsApp held the message back to protect its users; do not repeat it within 24 hours.",
    frozenset({130472, 131048, 131049}),
)
ACCOUNT: Final = ErrorClass(
    "account",
    ErrorAction.STOP_CHANNEL,
    "The WhatsApp account is restricted, unpaid or not registered; see WhatsApp Manager.",
    frozenset({368, 131031, 131042, 131045, 133006, 133010, 133016}),
)
AUTH: Final = ErrorClass(
    "auth",
    ErrorAction.STOP_CHANNEL,
    "The access token has expired or lacks a permission; store a new one.",
    frozenset({0, 3, 10, 190, 131005}),
    ((200, 299),),
)
REQUEST: Final = ErrorClass(
    "request",
    ErrorAction.PARK,
    "WhatsApp did not accept the form of the message; this is a fault of the platform or of the step's texts.",
    frozenset({33, 100, 131008, 131009, 131051, 135000}),
)
TEMPLATE: Final = ErrorClass(
    "template",
    ErrorAction.PARK,
    "The template is missing, paused, disabled or filled wrongly; see the template in WhatsApp Manager.",
    frozenset({132000, 132001, 132005, 132007, 132012, 132015, 132016, 132018, 132068, 132069}),
)
UNSUPPORTED: Final = ErrorClass(
    "unsupported",
    ErrorAction.PARK,
    "WhatsApp does not allow this kind of message for this customer.",
    frozenset({131055, 131062, 131063, 131064, 137000}),
    ((134100, 134102),),
)

ERROR_CLASSES: Final = (
    THROTTLED,
    PAIR_LIMIT,
    AMBIGUOUS,
    NOT_SENT,
    MEDIA,
    WINDOW_CLOSED,
    RECIPIENT,
    QUALITY,
    ACCOUNT,
    AUTH,
    REQUEST,
    TEMPLATE,
    UNSUPPORTED,
)


BY_CODE: Final = {code: error_class for error_class in ERROR_CLASSES for code in error_class.codes}


def find_class(code: int) -> ErrorClass | None:
    """The class that names this code, if any does."""
    if (named := BY_CODE.get(code)) is not None:
        return named
    for error_class in ERROR_CLASSES:
        for low, high in error_class.code_ranges:
            if low <= code <= high:
                return error_class
    return None


def classify(code: int | None, http_status: int | None, *, is_transient: bool = False) -> ErrorClass:
    """The class of an error. A code that the table names decides alone; otherwise the HTTP status does.

    ``code`` is ``None`` where the answer carried none; ``http_status`` is ``None`` for an error reported
    by a status webhook.
    """
    if code is not None and (error_class := find_class(code)) is not None:
        return error_class
    if http_status == HTTPStatus.TOO_MANY_REQUESTS:
        return THROTTLED
    if is_transient:
        return AMBIGUOUS
    if http_status is None:
        return REQUEST
    return _classify_by_http_status(http_status)


def _classify_by_http_status(http_status: int) -> ErrorClass:
    if http_status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
        return AUTH
    if HTTPStatus.BAD_REQUEST <= http_status < HTTPStatus.INTERNAL_SERVER_ERROR:
        return REQUEST
    if HTTPStatus.MULTIPLE_CHOICES <= http_status < HTTPStatus.BAD_REQUEST:
        # The Graph API does not redirect; something else answered in its place, so nothing was sent.
        return NOT_SENT
    return AMBIGUOUS
