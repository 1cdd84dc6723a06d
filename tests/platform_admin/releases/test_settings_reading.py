from __future__ import annotations

import pytest

from platform_admin.releases.settings_reading import check_settings, read_settings_file

SOUND = """\
channels:
  - type: http_dev
  - type: whatsapp
    phone_number_id: "1234567890"
    waba_id: "9876543210"
  - type: telegram
    bot_id: "123456789"
  - type: web_chat
    allowed_origins: ["https://www.luna.example", "http://localhost:5173"]
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


CHANNELS = [
    {"type": "http_dev"},
    {"type": "whatsapp", "phone_number_id": "1234567890", "waba_id": "9876543210"},
    {"type": "telegram", "bot_id": "123456789"},
    {"type": "web_chat", "allowed_origins": ["https://www.luna.example", "http://localhost:5173"]},
]


def test_a_sound_file_is_read_whole() -> None:
    document = read_settings_file(SOUND, file="s.yaml").document
    assert document is not None
    plain = document.model_dump(mode="json", exclude_none=True)
    assert plain["channels"] == CHANNELS
    assert plain["connectors"] == {"calendar": {"type": "mock_calendar", "slot_minutes": 30}}
    assert plain["llm"]["quota_monthly_tokens"] == 500000
    assert document.business.to_json() == {"name": "Luna", "open": "no"}


def test_what_was_read_can_be_stored_and_checked_again() -> None:
    document = read_settings_file(SOUND, file="s.yaml").document
    assert document is not None
    assert check_settings(document.model_dump(mode="json")).document == document


def test_a_bundle_is_not_told_what_only_the_control_plane_needs() -> None:
    document = read_settings_file(SOUND, file="s.yaml").document
    assert document is not None
    assert document.channel_blocks() == [
        CHANNELS[0],
        {"type": "whatsapp", "phone_number_id": "1234567890"},
        *CHANNELS[2:],
    ]


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
    ("llm: {enabled: 1}\n", ["s.yaml:1:7 S103 llm.enabled must be true or false. Write true or false without quotes."]),
    ("llm:\n  quota_monthly_tokens: -1\n", ["s.yaml:2:3 S103 llm.quota_monthly_tokens must be 0 or more."]),
    (
        "llm: {quota_monthly_tokens: '5'}\n",
        ["s.yaml:1:7 S103 llm.quota_monthly_tokens must be a whole number. Write it without quotes."],
    ),
    ("llm: {knowledge_version: 3.0}\n", ["s.yaml:1:7 S103 llm.knowledge_version must be a text. Put it in quotes."]),
    ("llm: {knowledge_version: last}\n", ["s.yaml:1:7 S103 llm.knowledge_version must be a version such as v3."]),
    ("llm: on\n", ["s.yaml:1:1 S103 llm must be a mapping. Write 'key: value' lines under it."]),
    ("[]\n", ["s.yaml:1:1 S103 The document must be a mapping. Write 'key: value' lines under it."]),
    ("channels: {}\n", ["s.yaml:1:1 S103 channels must be a list. Begin each item with '- '."]),
    (
        "channels: [{type: telex}]\n",
        ["s.yaml:1:12 S103 channels.0 has an unknown type; known are http_dev, whatsapp, telegram, web_chat."],
    ),
    (
        "channels: [{type: whatsapp, phone_number_id: '+34 600'}]\n",
        ["s.yaml:1:29 S103 channels.0.phone_number_id must be 5 to 20 digits, as Meta shows them."],
    ),
    (
        "channels:\n" + "  - type: http_dev\n" * 11,
        ["s.yaml:1:1 S103 channels may have 10 entries."],
    ),
    (
        "channels: [{type: telegram, bot_id: '@luna', bot_token: canary}]\n",
        [
            "s.yaml:1:29 S103 channels.0.bot_id must be the digits before the colon of the bot's token.",
            SECRET.format("channels.0.bot_token").replace("4:5", "1:46"),
        ],
    ),
    (
        "channels: [{type: web_chat, allowed_origins: ['https://x.es/']}]\n",
        [
            (
                "s.yaml:1:47 S103 channels.0.allowed_origins.0 must be an origin such as https://www.example.com, "
                "in small letters and without a path."
            )
        ],
    ),
    ("sentences: {out_of_scope: ''}\n", ["s.yaml:1:13 S103 sentences.out_of_scope must not be empty."]),
    (
        f"sentences: {{out_of_scope: {'x' * 1025}}}\n",
        ["s.yaml:1:13 S103 sentences.out_of_scope may have 1024 characters."],
    ),
    (
        "connectors: {My Calendar: {type: mock}}\n",
        ["s.yaml:1:14 S103 connectors.My Calendar must be small letters, digits and underscores, a letter first."],
    ),
    (
        "frob: 1\nllm: {enabled: 1}\nchannels: {}\n",
        [
            "s.yaml:1:1 S101 frob is not known here. Remove it.",
            "s.yaml:2:7 S103 llm.enabled must be true or false. Write true or false without quotes.",
            "s.yaml:3:1 S103 channels must be a list. Begin each item with '- '.",
        ],
    ),
    ("", ["s.yaml:1:1 F006 The file is empty. Settings have at least channels."]),
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
