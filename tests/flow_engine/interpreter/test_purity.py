"""A step opens nothing and changes nothing it was given."""

from __future__ import annotations

import copy
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from flow_engine.conversation_codec import encode_state
from flow_engine.simulation import Conversation
from tests.flow_engine.hairdresser import CALENDAR, HAIRDRESSER
from tests.flow_engine.world import MONDAY, World, load

_watched: list[str] = []
_watching = False


def _watch(event: str, arguments: tuple[object, ...]) -> None:
    if _watching and event in {"open", "os.listdir", "os.scandir", "import", "socket.connect", "subprocess.Popen"}:
        _watched.append(f"{event} {arguments[0]}")


sys.addaudithook(_watch)  # cannot be taken back, so it looks at nothing outside of `watching`


@contextmanager
def watching() -> Iterator[list[str]]:
    global _watching  # noqa: PLW0603  # an audit hook can be told nothing in another way
    _watched.clear()
    _watching = True
    try:
        yield _watched
    finally:
        _watching = False


def test_a_whole_booking_opens_no_file_and_imports_nothing() -> None:
    program = load(HAIRDRESSER, language="es", llm_enabled=True)
    chat = Conversation(program, World(CALENDAR).perform, MONDAY, channel="sms", contact_id="ana")
    with watching() as seen:
        for words in ("hóla", "1", "cualquier pregunta", "2", "1", "2", "yes"):
            chat.say(words)
        chat.run_task("reminder", data=chat.data)
        assert seen == []
        with open(__file__, encoding="utf-8"):  # noqa: PTH123  # the probe itself is seen to work
            pass
        assert seen == [f"open {__file__}"]
    assert chat.state == "BOOKED"


def test_a_step_leaves_the_snapshot_it_was_given_as_it_was() -> None:
    chat = Conversation(load(HAIRDRESSER), World(CALENDAR).perform, MONDAY, channel="whatsapp", contact_id="ana")
    for payload in ("hello", "menu_book", "service_cut", "day_2026-03-04", "slot_10:00", "yes"):
        before = chat.snapshot
        as_json = copy.deepcopy(encode_state(before))
        chat.tap(payload)
        assert encode_state(before) == as_json
