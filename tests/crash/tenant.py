"""The tenant that is crashed: a small booking conversation whose every reply can be foretold."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

PHONE_NUMBER_ID = "106540352242922"
CHANNEL_ID = f"whatsapp:{PHONE_NUMBER_ID}"
APP_SECRET = "crash-app-secret"
ACCESS_TOKEN = "crash-access-token"

MAX_ATTEMPTS = 12
"""Instead of 3: a kill every second counts against whatever was under way, innocent as it is."""

SLOT_MIN = 5
LOOKAHEAD_DAYS = 60
"""So far ahead 17,000 appointments fit, more than a thousand kills leave time for."""

REMINDER_KEY = "reminder:"
"""What the keys of scheduled tasks begin with; the booking's number follows."""

REMINDER = "remember "
"""What a reminder says, in front of the same number."""

FLOW = """\
id: crash
initial_state: MENU
states:
  MENU:
    on_enter:
      - {action: send_text, text: "menu"}
    fallback: MENU
  DAY:
    on_enter:
      - {action: send_text, text: "day {{ data.day }}"}
    fallback: MENU
  TIME:
    on_enter:
      - {action: send_text, text: "time {{ data.time }}"}
    fallback: MENU
  BOOK:
    on_enter:
      - {action: send_text, text: "one moment {{ data.number }}"}
      - action: invoke_connector
        connector: calendar
        operation: book_appointment
        params:
          date: "{{ data.day }}"
          time: "{{ data.time }}"
          service: visit
          contact_name: "{{ contact.name | default: '' }}"
        result_key: booking
        on_error: TAKEN
      - {action: send_text, text: "booked {{ data.number }}"}
      - action: schedule_task
        task: reminder
        idempotency_key: "reminder:{{ data.number }}"
        run_at: "{{ data.now }}"
        after: 1s
    fallback: MENU
  TAKEN:
    on_enter:
      - {action: send_text, text: "not booked {{ data.number }}: {{ data.error_kind }}"}
    fallback: MENU
tasks:
  reminder:
    - {action: send_text, text: "remember {{ data.number }}"}
global_transitions:
  - {on_payload_prefix: "day_", extract_suffix_as: day, target: DAY}
  - {on_payload_prefix: "time_", extract_suffix_as: time, target: TIME}
  - {on_payload_prefix: "book_", extract_suffix_as: number, target: BOOK}
"""


@dataclass(frozen=True, slots=True)
class Folder:
    """Where one run of the harness keeps everything."""

    path: Path
    kept_log: Path | None = None

    @property
    def tenant_file(self) -> Path:
        return self.path / "tenant.yaml"

    @property
    def state_dir(self) -> Path:
        return self.path / "state"

    @property
    def state_file(self) -> Path:
        return self.state_dir / "state.sqlite3"

    @property
    def log(self) -> Path:
        return self.kept_log or self.path / "runtime.log"

    def furnish(self, calendar_url: str) -> None:
        """Write the tenant's files."""
        (self.path / "crash_flow.yaml").write_text(FLOW, encoding="utf-8")
        every_day = {day: ["00:00-24:00"] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}
        calendar = {
            "type": "mock_calendar",
            "base_url": calendar_url,
            "timezone": "UTC",
            "schedule": every_day,
            "slot_duration_min": SLOT_MIN,
            "lookahead_days_client": LOOKAHEAD_DAYS,
            "services": [{"id": "visit", "title": "Visit", "duration_min": SLOT_MIN}],
            # Two hundred contacts book at once, on a machine that may be busy: every call gets its turn.
            "policy": {"max_waiting": 1000, "deadline_s": 60, "attempt_timeout_s": 30, "min_calls": 1000},
        }
        tenant = {
            "tenant_id": "crash",
            "flow_path": str(self.path / "crash_flow.yaml"),
            "timezone": "UTC",
            "channel": {
                "type": "whatsapp",
                "phone_number_id": PHONE_NUMBER_ID,
                "app_secret": APP_SECRET,
                "access_token": ACCESS_TOKEN,
                "verify_token": "crash-verify-token",
            },
            "connectors": {"calendar": calendar},
            # The harness writes faster than any person, and its every message must be answered.
            "limits": {
                "max_attempts": MAX_ATTEMPTS,
                "inbound_per_contact_per_minute": 0,
                "loop_messages": 0,
                "pair_interval_s": 0,
                "messages_per_s": 0,
            },
        }
        self.tenant_file.write_text(json.dumps(tenant), encoding="utf-8")
