"""The whole line in pieces: a business that is configured, published, asked and booked, by real processes."""

from __future__ import annotations

import json
import socket
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx2

from tests.e2e.child import clean_environment, run
from tests.e2e.conversation import Conversation, buttons, option_list, rows_of
from tests.e2e.meta_bodies import ROOT, Sender
from tests.fakes.calendar_server import CalendarServer

SLUG = "luna"
ANA = Sender(phone="34600111222", name="Ana", phone_number_id="100000000000001")
MADRID = ZoneInfo("Europe/Madrid")
MONTHS = [
    "enero",
    "febrero",
    "marzo",
    "abril",
    "mayo",
    "junio",
    "julio",
    "agosto",
    "septiembre",
    "octubre",
    "noviembre",
    "diciembre",
]
WEEKDAYS = ["lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"]

MENU_BUTTONS = (("menu_book", "Reservar cita"), ("menu_appointments", "Mis citas"), ("menu_info", "Horario y precios"))
SERVICE_ROW = {"id": "service_corte", "title": "Corte", "description": "30 min"}


@dataclass(frozen=True)
class Keys:
    """What an operator typed in, and what the runtime must never print."""

    app_secret: str
    access_token: str
    verify_token: str


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def settings_document(calendar_url: str) -> str:
    every_day = {day: ["10:00-11:00"] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}
    calendar = {
        "type": "mock_calendar",
        "base_url": calendar_url,
        "schedule": every_day,
        "slot_duration_min": 30,
        "services": [{"id": "corte", "title": "Corte", "duration_min": 30}],
    }
    return json.dumps(
        {
            "channels": [{"type": "whatsapp", "phone_number_id": ANA.phone_number_id}],
            "connectors": {"calendar": calendar, "llm": {"type": "mock_llm"}},
            "llm": {"enabled": True, "provider": "mock_llm", "quota_monthly_tokens": 500000},
            "business": {"name": "Peluquería Luna"},
        }
    )


async def configure(
    folder: Path, environment: dict[str, str], keys: Keys, calendar_url: str, *, program: Path = ROOT
) -> None:
    """Everything an operator does before the first customer writes."""
    settings_file = folder / "settings.json"
    settings_file.write_text(settings_document(calendar_url), encoding="utf-8")
    manage = "manage.py"
    await run([manage, "migrate", "--verbosity", "0"], environment, program=program)
    await run(
        [
            *(manage, "provision_tenant", SLUG, "--name", "Peluquería Luna", "--language", "es"),
            *("--timezone", "Europe/Madrid", "--output-dir", str(folder / "secrets")),
        ],
        environment,
        program=program,
    )
    for field in ("access_token", "app_secret", "verify_token"):
        set_credential = [manage, "set_credential", SLUG, f"channels.0.{field}"]
        await run(set_credential, environment, stdin=getattr(keys, field), program=program)
    await run(
        [
            *(manage, "publish", SLUG, "--flow", "flows/peluqueria_flow.yaml"),
            *("--knowledge", "flows/peluqueria/knowledge.md", "--settings-file", str(settings_file)),
        ],
        environment,
        program=program,
    )


def control_plane_environment(folder: Path) -> dict[str, str]:
    key_lines = (folder / ".env").read_text(encoding="utf-8").splitlines()
    made = dict(line.split("=", 1) for line in key_lines if "=" in line and not line.startswith("#"))
    return clean_environment(
        **made
        | {
            "SIGNING_KEY_FILE": str(folder / ".frontdesk" / "signing_key.pem"),
            "DATABASE_URL": f"sqlite:///{folder / 'control-plane.sqlite3'}",
        }
    )


def runtime_environment(folder: Path, control_plane_url: str, graph_url: str, port: int) -> dict[str, str]:
    made = folder / "secrets"
    return clean_environment(
        CONTROL_PLANE_URL=control_plane_url,
        TENANT_ID=SLUG,
        RUNTIME_TOKEN_FILE=str(made / "runtime_token"),
        TENANT_FERNET_KEYS_FILE=str(made / "tenant_fernet_keys"),
        BUNDLE_PUBLIC_KEYS_FILE=str(made / "bundle_public_keys.json"),
        STATE_DIR=str(folder / "state"),
        HOST="127.0.0.1",
        PORT=str(port),
        GRAPH_BASE_URL=graph_url,
        GRAPH_VERSION="v25.0",
        EGRESS_ALLOW="127.0.0.0/8",
    )


def long_day(day: date) -> str:
    return f"{WEEKDAYS[day.weekday()]} {day.day} de {MONTHS[day.month - 1]}"


def expected_days(first: date) -> list[str]:
    """The shop is open every day; ten days fit into one list."""
    return [f"day_{first + timedelta(days=offset)}" for offset in range(10)]


async def choose_until_confirmation(chat: Conversation) -> date:
    """From the first word to the question whether all is well; every message as it left."""
    assert await chat.say("Hola") == buttons(
        "¡Hola, Ana! 👋 Soy el asistente de Peluquería Luna. ¿En qué te ayudo? "
        "También puedes preguntarme lo que quieras.",
        *MENU_BUTTONS,
    )
    assert await chat.tap_button("menu_book", "Reservar cita") == option_list(
        "¡Estupendo! ¿Qué te hacemos?", "Ver servicios", [SERVICE_ROW]
    )
    today = datetime.now(MADRID).date()
    days = await chat.tap_row("service_corte", "Corte")
    rows = rows_of(days)
    assert days == option_list("Muy bien. ¿Qué día te viene mejor?", "Ver días", rows)
    # Whether today still has a free hour depends on the hour at which this runs.
    assert [row["id"] for row in rows] in (expected_days(today), expected_days(today + timedelta(days=1)))
    day = date.fromisoformat(rows[3]["id"].removeprefix("day_"))
    assert await chat.tap_row(rows[3]["id"], rows[3]["title"]) == option_list(
        f"Para el {long_day(day)} tengo estas horas libres. ¿Cuál prefieres?",
        "Ver horas",
        [{"id": "slot_10:00", "title": "10:00"}, {"id": "slot_10:30", "title": "10:30"}],
    )
    assert await chat.tap_row("slot_10:30", "10:30") == confirmation(day)
    return day


def confirmation(day: date) -> dict[str, Any]:
    return buttons(
        f"Entonces te apunto así:\n\n✂️ Corte\n📅 {long_day(day).capitalize()}\n🕐 A las 10:30\n\n¿Está todo bien?",
        ("confirm_yes", "Sí, reservar"),
        ("confirm_change", "Cambiar la hora"),
        ("back_to_menu", "No, déjalo"),
    )


async def shake_hands(runtime_url: str, keys: Keys) -> None:
    """The GET by which Meta makes sure that the webhook is ours."""
    query = {"hub.mode": "subscribe", "hub.verify_token": keys.verify_token, "hub.challenge": "1158201444"}
    async with httpx2.AsyncClient(trust_env=False) as http:
        answer = await http.get(f"{runtime_url}/webhook", params=query)
        assert (answer.status_code, answer.text) == (200, "1158201444")
        answer = await http.get(f"{runtime_url}/webhook", params=query | {"hub.verify_token": "guess"})
        assert answer.status_code == 403


async def book_and_look_it_up(chat: Conversation, day: date) -> None:
    """The same conversation goes on where it stood before the crash."""
    done = await chat.tap_button("confirm_yes", "Sí, reservar")
    when = done["interactive"]["body"]["text"].removeprefix("¡Hecho! ✅ Te esperamos el ").partition(". ")[0]
    assert "10:30" in when
    assert str(day.day) in when
    assert done == buttons(
        f"¡Hecho! ✅ Te esperamos el {when}. Te escribiré el día antes para recordártelo.",
        ("menu_appointments", "Mis citas"),
        ("back_to_menu", "Menú"),
    )
    appointments = await chat.tap_button("menu_appointments", "Mis citas")
    (row,) = rows_of(appointments)
    assert row["id"].startswith("appt_")
    assert appointments == option_list(
        "Estas son tus próximas citas. Toca la que quieras cambiar o cancelar.", "Ver mis citas", [row]
    )


def assert_one_booking(calendar: CalendarServer, day: date) -> None:
    starts = datetime(day.year, day.month, day.day, 10, 30, tzinfo=MADRID).astimezone(UTC)
    (event,) = calendar.events.values()
    assert datetime.fromisoformat(event["start"]) == starts
    (booked,) = [call for call in calendar.requests if call["method"] == "POST"]
    assert booked["idempotency_key"]


async def refuse_a_forged_body(chat: Conversation, runtime_url: str) -> None:
    """A body that Meta did not sign: 401, no reply, nothing stored."""
    async with httpx2.AsyncClient(trust_env=False) as http:
        before = (await http.get(f"{runtime_url}/health")).json()["counts"]
        answer = await chat.webhook.post(b'{"entry": []}', signature="sha256=" + "0" * 64)
        assert answer.status_code == 401
        assert (await http.get(f"{runtime_url}/health")).json()["counts"] == before
    assert len(chat.graph.sent) == chat.seen


def assert_no_secret_was_printed(keys: Keys, output: str) -> None:
    assert output
    for secret in (keys.access_token, keys.app_secret, keys.verify_token, ANA.phone):
        assert secret not in output
