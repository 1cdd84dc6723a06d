"""The first tenant of deploy/compose.yaml, from its first word to `make clean`."""

from __future__ import annotations

import pytest

from tests.containers.phone import Message, Phone
from tests.containers.stack import Stack, becomes_ready, health, podman

pytestmark = pytest.mark.containers


def choose_until_confirmation(phone: Phone) -> Message:
    phone.say("hola", offers="menu_book")
    services = phone.tap("menu_book", offers="service_")
    days = phone.tap_first(services, offers="day_")
    hours = phone.tap(days["options"][-1]["id"], offers="slot_")
    return phone.tap_first(hours, offers="confirm_yes")


def test_a_crashed_data_plane_comes_back_by_itself_without_the_control_plane(running: Stack) -> None:
    phone = Phone(running.data_plane, "crash")
    choose_until_confirmation(phone)
    before = phone.messages()
    podman("stop", running.container("control-plane"))
    assert health(running.control_plane) is None

    running.crash("data-plane")
    becomes_ready(running.data_plane)

    assert phone.messages() == before
    phone.tap("confirm_yes", offers="menu_appointments")
    podman("start", running.container("control-plane"))
    becomes_ready(running.control_plane)


def test_a_crashed_control_plane_comes_back_by_itself(running: Stack) -> None:
    running.crash("control-plane")
    assert becomes_ready(running.control_plane)["database"] == "ok"


def test_a_conversation_goes_on_after_down_and_up_and_is_gone_after_clean(running: Stack) -> None:
    first = Phone(running.data_plane, "user_1")
    choose_until_confirmation(first)
    first.tap("confirm_yes", offers="menu_appointments")
    appointments = first.tap("menu_appointments", offers="appt_")
    assert len([row for row in appointments["options"] if row["id"].startswith("appt_")]) == 1
    second = Phone(running.data_plane, "user_2")
    choose_until_confirmation(second)
    before = second.messages()
    serial = becomes_ready(running.data_plane)["serial"]

    running.make("down")
    assert (health(running.control_plane), health(running.data_plane)) == (None, None)
    assert podman("ps", "--all", "--quiet") == ""
    running.ensure_up()

    assert becomes_ready(running.data_plane)["serial"] == serial
    assert second.messages() == before
    second.tap("confirm_yes", offers="menu_appointments")

    printed = running.make("clean")
    assert "clean: deleting the containers and their volumes (all tenants, all conversations)" in printed
    assert podman("ps", "--all", "--quiet") == ""
    # Those without a name are of other tests' containers; ours all have one.
    assert [name for name in podman("volume", "ls", "--quiet").split() if "_" in name] == []
    assert not (running.root / "deploy" / "secrets").exists()

    running.ensure_up()
    assert Phone(running.data_plane, "user_2").messages() == []
