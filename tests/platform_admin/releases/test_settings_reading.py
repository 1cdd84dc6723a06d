from __future__ import annotations

import pytest

from platform_admin.releases.settings_reading import check_settings, read_settings_file

SOUND = """\
channels:
  - type: http_dev
  - type: whatsapp
    phone_number_id: "1234567890"
connectors:
  calendar:
    type: mock_calendar
    slot_minutes: 30
llm: {enabled: true, provider: anthropic, knowledge_version: v3, quota_monthly_tokens: 500000}
sentences:
  out_of_scope: "Eso no lo sé."
business:
  name: Luna
  open: no
"""


def test_a_sound_file_is_read_whole() -> None:
    document = read_settings_file(SOUND, file="s.yaml").document
    assert document is not None
    plain = document.model_dump(mode="json")
    assert plain["channels"] == [{"type": "http_dev"}, {"type": "whatsapp", "phone_number_id": "1234567890"}]
    assert plain["connectors"] == {"calendar": {"type": "mock_calendar", "slot_minutes": 30}}
    assert plain["llm"]["quota_monthly_tokens"] == 500000
    assert plain["business"] == {"name": "Luna", "open": "no"}


def test_what_was_read_can_be_stored_and_checked_again() -> None:
    document = read_settings_file(SOUND, file="s.yaml").document
    assert document is not None
    assert check_settings(document.model_dump(mode="json")).document == document


SECRET = "s.yaml:4:5 S104 {0} is a secret and must not stand here. Store it as the credential {0}."
WHATSAPP = "channels:\n  - type: whatsapp\n    phone_number_id: '1234567890'\n    access_token: canary\n"

FAULTS: list[tuple[str, list[str]]] = [
    ("chanels: []\n", ["s.yaml:1:1 S101 chanels is not known here. Remove it."]),
    ("channels:\n  - phone: x\n", ["s.yaml:2:5 S102 channels.0.type is missing. Add it."]),
    ("channels:\n  - type: whatsapp\n", ["s.yaml:2:5 S102 channels.0.phone_number_id is missing. Add it."]),
    (WHATSAPP, [SECRET.format("channels.0.access_token")]),
    (
        "connectors:\n  calendar:\n    type: mock\n    api_key: canary\n  other: {}\n",
        [SECRET.format("connectors.calendar.api_key"), "s.yaml:5:10 S102 connectors.other.type is missing. Add it."],
    ),
    ("llm: {enabled: 1}\n", ["s.yaml:1:7 S103 llm.enabled: Input should be a valid boolean."]),
    (
        "llm:\n  quota_monthly_tokens: -1\n",
        ["s.yaml:2:3 S103 llm.quota_monthly_tokens: Input should be greater than or equal to 0."],
    ),
    ("[]\n", ["s.yaml:1:1 S103 The document: Input should be a valid dictionary or instance of SettingsDocument."]),
]


@pytest.mark.parametrize(("text", "faults"), FAULTS, ids=[row[1][0].partition(" ")[2] for row in FAULTS])
def test_each_fault_is_located_and_no_secret_is_repeated(text: str, faults: list[str]) -> None:
    reading = read_settings_file(text, file="s.yaml")
    assert [str(fault) for fault in reading.faults] == faults
    assert reading.document is None


@pytest.mark.parametrize("text", ["", "a: [", "a: &x 1\nb: *x\n", "- " * 5000, "a: 1\na: 2\n"], ids=repr)
def test_a_file_that_is_not_plain_yaml_is_refused(text: str) -> None:
    reading = read_settings_file(text, file="s.yaml")
    assert reading.document is None
    assert reading.faults != ()
