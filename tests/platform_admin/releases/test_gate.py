"""The gate as a list, and the conversation tests in it."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import pytest
from django.utils import translation

from platform_admin.business import actions as business
from platform_admin.errors import HasFaultsError
from platform_admin.flows import actions as flows
from platform_admin.flows.models import Flow
from platform_admin.flows.queries import main_flow
from platform_admin.knowledge.actions import expect
from platform_admin.releases.actions import check_release, publish, rollback
from platform_admin.releases.gate import GATE, GateReport, State
from platform_admin.releases.gate.conversation_tests import write_case_folder
from platform_admin.releases.models import Release
from platform_admin.tenants.models import Tenant
from tests.platform_admin.business import BROKEN_FLOW, CALENDAR_FLOW, COMMAND, FLOW, sources

pytestmark = pytest.mark.django_db

LIMITS = import_module("platform_admin.releases.gate.conversation_tests")  # the package has a function of that name

GREETS = """\
description: Who writes is greeted, and told the hours
steps:
  - say: hola
    bot:
      - text: ¡Hola! ¿Qué desea?
        options: [Horario]
  - tap: Horario
    bot: ["De 10:00 a 20:00."]
"""
WRONG = GREETS.replace("De 10:00 a 20:00.", "De 9:00 a 20:00.")


@pytest.fixture
def flow(luna: Tenant) -> Flow:
    publish(tenant=luna, by=COMMAND, sources=sources())
    found = main_flow(luna)
    assert found is not None
    return found


def states(report: GateReport) -> dict[str, str]:
    return {result.check.code: result.outcome.state.value for result in report.results}


def test_every_check_has_its_text_and_a_place_to_mend_what_it_finds(luna: Tenant) -> None:
    rows = check_release(tenant=luna, by=COMMAND).to_json()
    assert [row["code"] for row in rows] == [check.code for check in GATE]
    assert all(row["title"] and row["place"] for row in rows)


def test_what_cannot_be_run_is_not_called_passed(luna: Tenant) -> None:
    found = states(check_release(tenant=luna, by=COMMAND, sources=sources()))
    assert found["tests"] == State.NOT_AVAILABLE
    broken = states(check_release(tenant=luna, by=COMMAND, sources=sources(BROKEN_FLOW, settings="channels: 1\n")))
    assert (broken["language"], broken["settings"]) == (State.FAILED, State.FAILED)
    for code in ("channels", "connectors", "credentials", "free_questions", "loads", "templates", "tests"):
        assert broken[code] == State.NOT_AVAILABLE, code


def test_checking_stores_nothing(luna: Tenant) -> None:
    check_release(tenant=luna, by=COMMAND, sources=sources(knowledge="x"))
    assert main_flow(luna) is None
    assert not Release.objects.for_tenant(luna).exists()


def test_tests_that_pass_let_a_release_out_and_are_kept_with_its_version(luna: Tenant, flow: Flow) -> None:
    flows.save_case(flow=flow, name="greets.yaml", text=GREETS, by=COMMAND)
    release = publish(tenant=luna, by=COMMAND)
    assert release.flow_version.cases == {"greets.yaml": GREETS}
    assert {row["code"]: row["state"] for row in release.gate}["tests"] == "passed"


def test_a_test_that_fails_keeps_a_release_back_and_says_which_and_why(luna: Tenant, flow: Flow) -> None:
    flows.save_case(flow=flow, name="greets.yaml", text=WRONG, by=COMMAND)
    with pytest.raises(HasFaultsError) as refused:
        publish(tenant=luna, by=COMMAND)
    (fault,) = refused.value.faults
    assert fault.code == "S211"
    assert fault.message.startswith("Who writes is greeted, and told the hours: ")
    assert (fault.file, fault.line) == ("cases/greets.yaml", 8)
    assert Release.objects.for_tenant(luna).count() == 1


def test_a_test_that_cannot_be_read_keeps_a_release_back(luna: Tenant, flow: Flow) -> None:
    flows.save_case(flow=flow, name="broken.yaml", text="steps: [", by=COMMAND)
    with pytest.raises(HasFaultsError) as refused:
        publish(tenant=luna, by=COMMAND)
    assert [fault.code for fault in refused.value.faults] == ["S212"]


def test_a_test_that_takes_too_long_is_ended(luna: Tenant, flow: Flow, monkeypatch: pytest.MonkeyPatch) -> None:
    flows.save_case(flow=flow, name="greets.yaml", text=GREETS, by=COMMAND)
    monkeypatch.setattr(LIMITS, "WALL_S", 0.01)
    with pytest.raises(HasFaultsError, match="1 fault"):
        publish(tenant=luna, by=COMMAND)


def test_what_was_played_is_not_played_again_until_something_else_is_written(
    luna: Tenant, flow: Flow, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever opens the page a second time waits for no child process: here every one would be ended at once."""
    flows.save_case(flow=flow, name="greets.yaml", text=GREETS, by=COMMAND)
    assert states(check_release(tenant=luna, by=COMMAND))["tests"] == State.PASSED
    monkeypatch.setattr(LIMITS, "WALL_S", 0.001)
    assert states(check_release(tenant=luna, by=COMMAND))["tests"] == State.PASSED
    flows.save_case(flow=flow, name="greets.yaml", text=WRONG, by=COMMAND)
    assert states(check_release(tenant=luna, by=COMMAND))["tests"] == State.FAILED
    flows.save_case(flow=flow, name="greets.yaml", text=GREETS, by=COMMAND)
    flows.save_draft(flow=flow, text=FLOW.replace("De 10:00", "De 11:00"), by=COMMAND)
    assert states(check_release(tenant=luna, by=COMMAND))["tests"] == State.FAILED


def test_a_test_that_needs_too_much_memory_is_ended(luna: Tenant, flow: Flow, monkeypatch: pytest.MonkeyPatch) -> None:
    flows.save_case(flow=flow, name="greets.yaml", text=GREETS, by=COMMAND)
    monkeypatch.setattr(LIMITS, "MEMORY_BYTES", 8 * 1024 * 1024)
    with pytest.raises(HasFaultsError) as refused:
        publish(tenant=luna, by=COMMAND)
    assert [fault.code for fault in refused.value.faults] == ["S212"]


def test_going_back_asks_for_no_tests_but_for_everything_that_may_have_changed_around(luna: Tenant, flow: Flow) -> None:
    publish(tenant=luna, by=COMMAND, sources=sources(FLOW + "# newer\n"))
    flows.save_case(flow=flow, name="greets.yaml", text=WRONG, by=COMMAND)
    back = rollback(tenant=luna, to_serial=1, by=COMMAND)
    assert "tests" not in {row["code"] for row in back.gate}
    assert "channels" in {row["code"] for row in back.gate}


@pytest.mark.parametrize("name", ["../x.yaml", "/etc/x.yaml", "a/../../x.yaml"])
def test_a_name_that_leaves_the_folder_is_not_written(name: str, tmp_path: Path) -> None:
    (tmp_path / "inside").mkdir()
    with pytest.raises(ValueError, match="yaml"):
        write_case_folder(tmp_path / "inside", FLOW, {name: GREETS}, {})
    assert [file.name for file in tmp_path.iterdir()] == ["inside"]


ASKS_LATER = """\
      - action: schedule_task
        task: remind
        idempotency_key: remind
        run_at: "2026-11-24T09:00:00Z\"
"""
TEMPLATE_FLOW = (
    CALENDAR_FLOW.replace(
        '      - action: send_text\n        text: "Un momento."',
        "      - action: send_template\n        name: reminder\n        language: es",
    ).partition("      - action: invoke_connector")[0]
    + "    fallback: MENU\n"
)
WHATSAPP = 'channels: [{type: whatsapp, phone_number_id: "1234567890"}]\n'


def test_templates_nobody_asked_whatsapp_about_are_not_called_approved(luna: Tenant) -> None:
    report = check_release(tenant=luna, by=COMMAND, sources=sources(TEMPLATE_FLOW, settings=WHATSAPP))
    assert states(report)["templates"] == State.NOT_AVAILABLE
    without = check_release(tenant=luna, by=COMMAND, sources=sources(TEMPLATE_FLOW))
    assert states(without)["templates"] == State.PASSED


LATE_FLOW = (
    TEMPLATE_FLOW.replace("      - action: send_template\n        name: reminder\n        language: es", ASKS_LATER)
    + "tasks:\n  remind:\n    - action: send_text\n      text: Hasta pronto\n"
)


def test_a_reminder_without_a_template_is_refused_where_whatsapp_would_lose_it(luna: Tenant) -> None:
    report = check_release(tenant=luna, by=COMMAND, sources=sources(LATE_FLOW, settings=WHATSAPP))
    assert states(report)["templates"] == State.FAILED
    (result,) = (result for result in report.results if result.check.code == "templates")
    assert [(fault.code, fault.hint) for fault in result.outcome.faults] == [("F135", "Begin with send_template.")]
    elsewhere = check_release(tenant=luna, by=COMMAND, sources=sources(LATE_FLOW))
    assert states(elsewhere)["templates"] == State.PASSED


def test_a_fact_that_nothing_fills_keeps_a_release_back(luna: Tenant) -> None:
    text = "# FAQ\n\nLlama al {{ business.phone }}.\n"
    with pytest.raises(HasFaultsError) as refused:
        publish(tenant=luna, by=COMMAND, sources=sources(knowledge=text))
    assert [(fault.code, fault.line) for fault in refused.value.faults if fault.code[0] == "S"] == [("S215", 3)]
    assert not Release.objects.for_tenant(luna).exists()
    business.save_draft(tenant=luna, document={"phone": "600 000 000"}, by=COMMAND)
    assert publish(tenant=luna, by=COMMAND, sources=sources(knowledge=text)).serial == 1


EXPECTED = [
    ("¿A qué hora abrís?", "Horario", ""),
    ("¿Hay piscina?", "", ""),
    ("¿Hay piscina?", "Horario", "“¿Hay piscina?” must be answered from “Horario”, and is not."),
    ("¿A qué hora abrís?", "", "“¿A qué hora abrís?” must not be answered, and is, from “Horario”."),
    (
        "¿A qué hora abrís?",
        "Precios",
        "“¿A qué hora abrís?” must be answered from “Precios”, and is from “Horario”.",
    ),
]


@pytest.mark.parametrize(("question", "heading", "said"), EXPECTED)
def test_questions_that_must_be_right_are_asked_before_a_release_goes_out(
    question: str, heading: str, said: str, luna: Tenant
) -> None:
    faq = sources(knowledge="# FAQ\n\n## Horario\n\nAbrimos de 10:00 a 20:00.\n")
    assert states(check_release(tenant=luna, by=COMMAND, sources=faq))["evaluation"] == State.NOT_AVAILABLE
    expect(tenant=luna, question=question, heading=heading, by=COMMAND)
    report = check_release(tenant=luna, by=COMMAND, sources=faq)
    assert [fault.message for fault in report.faults if fault.code == "S216"] == ([said] if said else [])
    assert states(report)["evaluation"] == (State.FAILED if said else State.PASSED)
    if said:
        with pytest.raises(HasFaultsError):
            publish(tenant=luna, by=COMMAND, sources=faq)
    assert Release.objects.for_tenant(luna).count() == 0
    if not said:
        assert publish(tenant=luna, by=COMMAND, sources=faq).serial == 1


def test_reasons_are_in_the_readers_language(luna: Tenant) -> None:
    with translation.override("es"):
        report = check_release(tenant=luna, by=COMMAND, sources=sources())
    reasons = {result.check.code: result.outcome.reason for result in report.results}
    assert reasons["tests"] == "Todavía no hay pruebas de conversación."
