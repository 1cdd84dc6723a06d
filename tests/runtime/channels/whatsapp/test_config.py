from __future__ import annotations

import pytest

from flow_engine.vocabulary import JSONObject
from runtime.channels.whatsapp import parse_whatsapp_channel
from runtime.errors import ConfigurationError

GOOD: JSONObject = {
    "type": "whatsapp",
    "phone_number_id": "1234567890",
    "access_token": "EAAsecret1",
    "app_secret": "secret2",
    "verify_token": "secret3",
}


def test_the_block_of_the_manual_is_read() -> None:
    config = parse_whatsapp_channel(GOOD)
    assert config.channel_id == "whatsapp:1234567890"
    assert (config.access_token, config.app_secret, config.verify_token) == ("EAAsecret1", "secret2", "secret3")


def test_no_secret_shows_in_its_repr() -> None:
    assert repr(parse_whatsapp_channel(GOOD)) == "WhatsAppChannelConfig(phone_number_id='1234567890')"


FAULTS: dict[str, tuple[JSONObject, list[str]]] = {
    "everything missing": (
        {},
        [
            "channel.type: must be 'whatsapp' here",
            "channel.phone_number_id: missing",
            "channel.access_token: missing",
            "channel.app_secret: missing",
            "channel.verify_token: missing",
        ],
    ),
    "an unknown key beside a wrong type": (
        {**GOOD, "token": "x", "app_secret": None},
        ["channel.app_secret: must be text", "channel.token: unknown key"],
    ),
    "a number without quotes": (
        {**GOOD, "phone_number_id": 1234567890},
        ["channel.phone_number_id: must be text; put the value in quotes"],
    ),
    "a path in the number's id": ({**GOOD, "phone_number_id": "1/../2"}, ["channel.phone_number_id: not usable"]),
    "a line break in the token": ({**GOOD, "access_token": "EAA\nX-Evil: 1"}, ["channel.access_token: not usable"]),
    "blank secrets": (
        {**GOOD, "app_secret": " ", "verify_token": ""},
        ["channel.app_secret: not usable", "channel.verify_token: not usable"],
    ),
}


@pytest.mark.parametrize(("block", "problems"), FAULTS.values(), ids=FAULTS)
def test_every_fault_is_named_at_once_and_no_value(block: JSONObject, problems: list[str]) -> None:
    with pytest.raises(ConfigurationError) as caught:
        parse_whatsapp_channel(block)
    found = caught.value.problems
    assert [problem[: len(start)] for problem, start in zip(found, problems, strict=True)] == problems
    assert not any(value in problem for problem in found for value in ("secret1", "secret2", "secret3", "X-Evil"))


def test_the_place_of_the_block_leads_every_complaint() -> None:
    with pytest.raises(ConfigurationError) as caught:
        parse_whatsapp_channel({"type": "whatsapp"}, location="channels.0")
    assert all(problem.startswith("channels.0.") for problem in caught.value.problems)
