"""A small hairdresser's flow as a normalised program, and a calendar that answers it."""

from __future__ import annotations

from collections.abc import Mapping

from flow_engine.vocabulary import JSON, JSONObject
from tests.flow_engine.normalised import (
    buttons,
    cancel,
    dynamic_options,
    invoke,
    option_list,
    program,
    schedule,
    state,
    text,
    transition,
)

HAIRDRESSER: JSONObject = program(
    {
        "MENU": state(
            buttons("Hi {{contact.name}}! What shall we do?", ("menu_book", "Book"), ("menu_cancel", "Cancel")),
            transitions=[
                transition("SERVICE", on_payload="menu_book"),
                transition("CANCEL", on_payload="menu_cancel", condition="data.booking"),
                transition("NOTHING_BOOKED", on_payload="menu_cancel"),
            ],
            fallback="MENU",
            llm_fallback=True,
        ),
        "SERVICE": state(
            option_list("Which service?", ("service_cut", "Haircut"), ("service_dye", "Colour")),
            transitions=[transition("DAY", on_payload_prefix="service_", extract_suffix_as="service")],
        ),
        "DAY": state(
            invoke("calendar", "get_available_days", result_key="days", from_date="{{data.today}}", lookahead_days=14),
            dynamic_options("days", "Which day works for you?", empty_text="No days available right now."),
            transitions=[transition("SLOT", on_payload_prefix="day_", extract_suffix_as="day")],
            fallback="MENU",
        ),
        "SLOT": state(
            invoke("calendar", "get_available_slots", result_key="slots", date="{{data.day}}"),
            dynamic_options("slots", "At what time on {{data.day}}?"),
            transitions=[transition("CONFIRM", on_payload_prefix="slot_", extract_suffix_as="time")],
            fallback="MENU",
        ),
        "CONFIRM": state(
            buttons("{{data.service}} on {{data.day}} at {{data.time}}?", ("yes", "Yes"), ("no", "No")),
            transitions=[
                transition("BOOKED", on_payload="yes", set_data={"confirmed": True}),
                transition("MENU", on_payload="no"),
            ],
            fallback="CONFIRM",
        ),
        "BOOKED": state(
            invoke("calendar", "book_appointment", result_key="booking", date="{{data.day}}", time="{{data.time}}"),
            text("Booked for {{data.day}} at {{data.time}}."),
            schedule("reminder", "reminder:{{data.booking.id}}", run_at="{{data.booking.reminder_at}}"),
            fallback="MENU",
        ),
        "CANCEL": state(
            invoke("calendar", "cancel_appointment", event_id="{{data.booking.id}}"),
            cancel("reminder:{{data.booking.id}}"),
            text("Your appointment is cancelled."),
            fallback="MENU",
        ),
        "NOTHING_BOOKED": state(text("You have no appointment with us."), fallback="MENU"),
    },
    global_transitions=[transition("MENU", on_payload="back_to_menu")],
    tasks={"reminder": [text("Reminder: {{data.day}} at {{data.time}}.")]},
    standing_schedules=[{"id": "tidy", "task": "reminder", "cron": "0 9 * * 1", "interval_seconds": None}],
)

CALENDAR: Mapping[str, JSON] = {
    "get_available_days": [
        {"id": "day_2026-03-03", "title": "Tuesday 3"},
        {"id": "day_2026-03-04", "title": "Wednesday 4", "description": "mornings only"},
    ],
    "get_available_slots": [{"id": "slot_10:00", "title": "10:00"}, {"id": "slot_11:30", "title": "11:30"}],
    "book_appointment": {"id": "event-1", "reminder_at": "2026-03-03T10:00"},
    "cancel_appointment": None,
}
"""What every calendar operation returns."""
