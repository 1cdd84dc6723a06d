from __future__ import annotations

from datetime import UTC, datetime

import pytest

from flow_engine.effects import CancelTask, ScheduleTask
from flow_engine.outputs.output import Buttons, Option, OptionList, Output, Template, Text
from flow_engine.simulation import Conversation
from tests.flow_engine.conversations import conversation as snapshot_of
from tests.flow_engine.spoken import spoken
from tests.flows.hairdresser_chat import BOOKING, World, chat

TAPS_OF_A_BOOKING = ("menu_book", "service_cut", "day_2026-11-26", "slot_10:30", "confirm_yes")
MENU_OPTIONS = (
    Option("menu_book", "Reservar cita"),
    Option("menu_appointments", "Mis citas"),
    Option("menu_info", "Horario y precios"),
)


def bodies(outputs: tuple[Output, ...]) -> list[str]:
    return [spoken(output) for output in outputs]


def tapped(conversation: Conversation, *payloads: str) -> tuple[Output, ...]:
    for payload in payloads:
        conversation.tap(payload)
    return conversation.replies


def test_a_greeting_by_name_offers_three_things_to_do() -> None:
    (welcome,) = chat(World()).say("Buenos días")

    assert welcome == Buttons(
        "¡Hola, Ana! 👋 Soy el asistente de Peluquería Marea. ¿En qué te ayudo? "
        "También puedes preguntarme lo que quieras.",
        MENU_OPTIONS,
    )


def test_a_customer_without_a_name_is_greeted_without_one() -> None:
    (welcome,) = chat(World(), name=None).say("Hola")

    assert spoken(welcome).startswith("¡Hola! 👋 ")


def test_a_booking_takes_five_taps() -> None:
    world = World()
    conversation = chat(world)
    conversation.say("Hola")

    said = [tapped(conversation, payload) for payload in TAPS_OF_A_BOOKING]

    assert len(TAPS_OF_A_BOOKING) <= 6
    assert [bodies(outputs) for outputs in said] == [
        ["¡Estupendo! ¿Qué te hacemos?"],
        ["Muy bien. ¿Qué día te viene mejor?"],
        ["Para el jueves 26 de noviembre tengo estas horas libres. ¿Cuál prefieres?"],
        ["Entonces te apunto así:\n\n✂️ Corte\n📅 Jueves 26 de noviembre\n🕐 A las 10:30\n\n¿Está todo bien?"],
        ["¡Hecho! ✅ Te esperamos el jueves 26 de noviembre a las 10:30. Te escribiré el día antes para recordártelo."],
    ]
    assert world.calls == [
        ("get_services", {}),
        ("get_available_days", {"from_date": "2026-11-23", "lookahead_days": 14, "service": "cut"}),
        ("get_available_slots", {"date": "2026-11-26", "service": "cut"}),
        ("book_appointment", {"date": "2026-11-26", "time": "10:30", "service": "cut", "contact_name": "Ana"}),
    ]
    (reminder,) = world.tasks
    assert isinstance(reminder, ScheduleTask)
    assert (reminder.task, reminder.idempotency_key) == ("reminder", "reminder:3f1c")
    assert reminder.run_at == datetime(2026, 11, 25, 9, 30, tzinfo=UTC)


def test_the_reminder_tells_of_its_own_appointment_and_leaves_the_chat_where_it_is() -> None:
    world = World()
    conversation = chat(world)
    tapped(conversation, *TAPS_OF_A_BOOKING, "back_to_menu")
    (reminder,) = world.tasks
    assert isinstance(reminder, ScheduleTask)

    (said,) = conversation.run_task("reminder", reminder.idempotency_key, dict(reminder.data))

    assert isinstance(said, Template)
    assert (said.name, said.language) == ("recordatorio_cita", "es")
    assert [parameter.text for parameter in said.parameters] == ["Ana", "corte", "jueves 26 de noviembre a las 10:30"]
    assert said.text == (
        "¡Hola, Ana! Te recuerdo tu cita: corte, jueves 26 de noviembre a las 10:30. "
        "Si no puedes venir, cancélala en «Mis citas» y le damos el hueco a otra persona."
    )
    assert conversation.state == "MENU"
    assert bodies(conversation.tap("Allí estaré"))[0].startswith("¡Gracias a ti, Ana!")


def test_within_the_next_24_hours_no_reminder_is_promised_or_scheduled() -> None:
    world = World()
    world.answers["book_appointment"] = {**BOOKING, "reminder_time": "2026-11-23T10:59:59Z"}
    conversation = chat(world)

    (done,) = tapped(conversation, *TAPS_OF_A_BOOKING)

    assert spoken(done).endswith("¡Nos vemos muy pronto!")
    assert world.tasks == []


def test_everything_can_be_typed_instead() -> None:
    world = World()
    conversation = chat(world)

    for text in ("Reservar", "corte", "2", "10:30", "Sí"):
        conversation.say(text)

    assert conversation.state == "RESERVADA"
    assert world.calls[-1] == (
        "book_appointment",
        {"date": "2026-11-26", "time": "10:30", "service": "cut", "contact_name": "Ana"},
    )


def test_a_tap_on_an_earlier_list_is_told_as_such_and_changes_nothing() -> None:
    conversation = chat(World())
    tapped(conversation, "menu_book", "service_cut", "day_2026-11-26", "slot_10:30")

    stale, summary = conversation.tap("day_2026-11-24")

    assert stale == Text("Esa opción es de un mensaje anterior.")
    assert "📅 Jueves 26 de noviembre\n🕐 A las 10:30" in spoken(summary)
    assert conversation.state == "CONFIRMAR"


@pytest.mark.parametrize(
    ("operation", "taps", "said", "state"),
    [
        ("get_services", 1, "Ahora mismo no podemos dar citas por aquí. Llámanos y te buscamos un hueco.", "MENU"),
        ("get_available_days", 2, "Vaya, estas dos semanas lo tenemos todo completo. 😕", "SEGUIR_RESERVA"),
        ("get_available_slots", 3, "Para el jueves 26 de noviembre ya no me queda ninguna hora.", "SEGUIR_RESERVA"),
    ],
)
def test_when_nothing_is_free_there_is_a_way_on(operation: str, taps: int, said: str, state: str) -> None:
    world = World()
    world.answers[operation] = []
    conversation = chat(world)

    outputs = tapped(conversation, *TAPS_OF_A_BOOKING[:taps])

    assert bodies(outputs)[0] == said
    assert isinstance(outputs[1], Buttons)
    assert conversation.state == state


def test_a_time_taken_in_between_is_said_and_another_can_be_chosen() -> None:
    world = World(failing={"book_appointment"})
    conversation = chat(world)

    outputs = tapped(conversation, *TAPS_OF_A_BOOKING)

    assert bodies(outputs) == ["¡Vaya! Esa hora se acaba de ocupar. ¿Buscamos otra?"]
    assert conversation.options == (
        Option("retry_time", "Elegir otra hora"),
        Option("retry_day", "Elegir otro día"),
        Option("back_to_menu", "Menú"),
    )
    assert world.tasks == []
    assert isinstance(conversation.tap("retry_time")[0], OptionList)


def test_after_a_booking_that_went_well_nobody_is_told_it_failed_and_nothing_is_booked_twice() -> None:
    world = World()
    conversation = chat(world)
    tapped(conversation, *TAPS_OF_A_BOOKING)

    assert bodies(conversation.say("vale")) == ["Tu cita está apuntada. ✅ ¿Te ayudo con algo más?"]
    assert bodies(conversation.tap("confirm_yes")) == [
        "Esa opción es de un mensaje anterior.",
        "Tu cita está apuntada. ✅ ¿Te ayudo con algo más?",
    ]
    assert [operation for operation, _ in world.calls].count("book_appointment") == 1


def test_a_failed_second_booking_is_not_taken_for_the_first() -> None:
    world = World()
    conversation = chat(world)
    tapped(conversation, *TAPS_OF_A_BOOKING)
    world.failing.add("book_appointment")

    outputs = tapped(conversation, *TAPS_OF_A_BOOKING)

    assert bodies(outputs) == ["¡Vaya! Esa hora se acaba de ocupar. ¿Buscamos otra?"]


def test_an_appointment_is_cancelled_with_its_reminder() -> None:
    world = World()
    conversation = chat(world)
    taps = ("menu_appointments", "appt_3f1c", "appointment_cancel", "cancel_yes")

    said = [tapped(conversation, payload) for payload in taps]

    assert bodies(said[1]) == ["Tu cita: jue 26 nov, 10:30. ¿Qué hacemos?"]
    assert bodies(said[2]) == ["¿Seguro que quieres cancelar tu cita (jue 26 nov, 10:30)?"]
    assert bodies(said[3])[0].startswith("Tu cita queda cancelada. ")
    assert world.calls[-1] == ("cancel_appointment", {"event_id": "3f1c"})
    (cancelled,) = world.tasks
    assert isinstance(cancelled, CancelTask)
    assert cancelled.idempotency_key == "reminder:3f1c"


def test_a_cancellation_that_fails_is_said_and_keeps_the_reminder() -> None:
    world = World(failing={"cancel_appointment"})
    conversation = chat(world)

    outputs = tapped(conversation, "menu_appointments", "appt_3f1c", "appointment_cancel", "cancel_yes")

    assert bodies(outputs)[0].startswith("No he podido cancelarla; ")
    assert world.tasks == []


def test_a_change_books_the_new_time_before_it_gives_up_the_old_one() -> None:
    world = World()
    conversation = chat(world)

    tapped(conversation, "menu_appointments", "appt_3f1c", "appointment_move", *TAPS_OF_A_BOOKING[1:])

    assert [operation for operation, _ in world.calls[-2:]] == ["book_appointment", "cancel_appointment"]
    assert conversation.state == "CITA_CAMBIADA"


def test_a_change_that_cannot_be_booked_keeps_the_old_appointment() -> None:
    world = World(failing={"book_appointment"})
    conversation = chat(world)

    tapped(conversation, "menu_appointments", "appt_3f1c", "appointment_move", *TAPS_OF_A_BOOKING[1:])

    assert conversation.state == "HORA_OCUPADA"
    assert "cancel_appointment" not in [operation for operation, _ in world.calls]
    assert world.tasks == []


def test_an_appointment_may_be_kept() -> None:
    world = World()
    conversation = chat(world)
    tapped(conversation, "menu_appointments", "appt_3f1c", "appointment_cancel")

    assert bodies(conversation.say("No")) == ["Perfecto, tu cita sigue en pie. ¡Te esperamos!"]
    assert [operation for operation, _ in world.calls] == ["list_appointments"]


def test_a_free_question_is_answered_and_the_open_question_asked_again() -> None:
    conversation = chat(World(), llm_enabled=True)
    question = tapped(conversation, "menu_book", "service_cut")

    answer = conversation.say("¿Hay aparcamiento cerca?")

    assert answer == (Text("Sí, a dos minutos."), *question)
    assert conversation.state == "ELEGIR_DIA"


def test_without_the_llm_an_unknown_text_never_leads_into_silence() -> None:
    program_states = chat(World()).program.states
    for name in program_states:
        world = World()
        conversation = chat(world)
        tapped(conversation, *TAPS_OF_A_BOOKING)
        conversation.snapshot = snapshot_of(
            "whatsapp:customer", "whatsapp", "customer", state=name, data=conversation.snapshot.data
        )
        assert conversation.say("blablabla"), f"{name} says nothing"
