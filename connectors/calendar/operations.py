"""What a flow can ask of a calendar, and what it gets back. The same for every provider.

Lists that become choices hold ``{"id", "title", "description"?}``; the part of ``id`` after the first
underscore is what the next operation takes (``day_2026-11-24`` → ``date: "2026-11-24"``).
Instants are ISO 8601 in UTC; ``date`` and ``time`` are the business's own wall clock.
"""

from __future__ import annotations

from connectors.operation import Access, Operation, Parameter, ParameterKind, declare
from connectors.plain_json import JSONObject

MAX_CHOICES = 10
"""Rows of a list message on the tightest channel; a longer answer would be cut in the middle."""

MAX_TITLE = 24
"""Characters of a row's title on the tightest channel."""

MAX_DAYS_AHEAD = 366
"""Days. Nobody reads further, and a wrong number must not compute for minutes."""

MAX_OF_DAY = 500
"""Appointments of one day that are listed: more than any small business has."""

_SERVICE = Parameter("service", ParameterKind.TEXT, "id of the service, without 'service_'", required=False)
_STAFF = Parameter("staff", ParameterKind.TEXT, "id of who should serve; absent: whoever is free", required=False)
_MOVING = Parameter(
    "moving",
    ParameterKind.TEXT,
    "id of the appointment that is being moved: its own time counts as free",
    required=False,
)
_MANUAL = Parameter(
    "manual", ParameterKind.ANY, "true when staff ask for a customer: the longer look-ahead, no notice", required=False
)
_EVENT = Parameter("event_id", ParameterKind.TEXT, "from list_appointments (without 'appt_') or from the booking")
_DATE = Parameter("date", ParameterKind.DATE, "the day")
_TIME = Parameter("time", ParameterKind.TIME, "the time, as the business's clock shows it")
_NEAR = Parameter(
    "near",
    ParameterKind.TIME,
    "a time that the customer named: if it is free, it is one of the list, which it need not be otherwise",
    required=False,
)

_BOOKED: JSONObject = {
    "event_id": "3f1c",
    "date": "2026-11-24",
    "time": "10:00",
    "service": "cut",
    "title": "Haircut",
    "starts_at": "2026-11-24T09:00:00Z",
    "reminder_time": "2026-11-23T09:00:00Z",
    "when": "Tuesday 24 November at 10:00",
    "staff": "eva",
    "staff_name": "Eva",
    "status": "open",
}

_OF_DAY: JSONObject = {**_BOOKED, "contact_id": "34600111222", "contact_name": "Ana"}

OPERATIONS = declare(
    Operation(
        "get_services",
        Access.READS,
        "What can be booked.",
        result=[{"id": "service_cut", "title": "Haircut", "description": "30 min"}],
    ),
    Operation(
        "get_available_days",
        Access.READS,
        "The next days on which something is free, at most ten.",
        (
            Parameter("from_date", ParameterKind.DATE, "first day to look at"),
            Parameter("lookahead_days", ParameterKind.INTEGER, "how many days to look at", required=False),
            _SERVICE,
            _STAFF,
            _MOVING,
            _MANUAL,
        ),
        result=[{"id": "day_2026-11-24", "title": "Tue 24 Nov", "description": "14 free times"}],
    ),
    Operation(
        "get_available_slots",
        Access.READS,
        "Free times of one day, at most ten: spread over the day, or the nearest to a time.",
        (_DATE, _NEAR, _SERVICE, _STAFF, _MOVING, _MANUAL),
        result=[{"id": "slot_10:00", "title": "10:00"}],
    ),
    Operation(
        "book_appointment",
        Access.WRITES,
        "Book a free time for the customer of the conversation.",
        (
            _DATE,
            _TIME,
            Parameter("service", ParameterKind.TEXT, "id of the service, without 'service_'"),
            _STAFF,
            Parameter("contact_name", ParameterKind.TEXT, "who is coming", required=False),
            Parameter("notes", ParameterKind.TEXT, "what the business should know", required=False),
            _MANUAL,
        ),
        result=_BOOKED,
    ),
    Operation(
        "list_appointments",
        Access.READS,
        "The coming appointments of the customer of the conversation, at most ten.",
        result=[{"id": "appt_3f1c", "title": "Tue 24 Nov, 10:00", "description": "Haircut"}],
    ),
    Operation(
        "list_day_appointments",
        Access.READS,
        "Everybody's appointments of one day: for schedules and staff, never for a customer's eyes.",
        (_DATE,),
        result=[_OF_DAY],
    ),
    Operation(
        "reschedule_appointment",
        Access.WRITES,
        "Move an appointment of the customer of the conversation; the old time is given up when the new one stands.",
        (_EVENT, _DATE, _TIME, _STAFF),
        result=_BOOKED,
    ),
    Operation(
        "cancel_appointment",
        Access.WRITES,
        "Cancel an appointment of the customer of the conversation.",
        (_EVENT,),
        result={"cancelled": True, "event_id": "3f1c", "when": "Tuesday 24 November at 10:00"},
    ),
    Operation(
        "confirm_appointment",
        Access.WRITES,
        "Note that the customer of the conversation will come.",
        (_EVENT,),
        result=_BOOKED,
    ),
    Operation(
        "mark_attended",
        Access.WRITES,
        "Note that the customer of an appointment came.",
        (_EVENT,),
        result=_BOOKED,
    ),
    Operation(
        "mark_no_show",
        Access.WRITES,
        "Note that the customer of an appointment did not come.",
        (_EVENT,),
        result=_BOOKED,
    ),
)
