"""What we send, by Meta's own description; and what that description is worth."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from flow_engine.outputs.output import Output
from flow_engine.vocabulary import JSONObject
from runtime.channels.whatsapp import build_message
from tests.fakes.graph import openapi_opinion, validation
from tests.runtime.channels.whatsapp.test_outbound import FORMS


@pytest.mark.parametrize(("output", "_form"), FORMS.values(), ids=FORMS)
def test_meta_would_take_what_we_send(output: Output, _form: JSONObject, shared_data: Path) -> None:
    message = build_message(output, contact_id="34600111222", our_id="c1:7:0")
    assert openapi_opinion.problems_of(message, shared_data) == []


BROKEN: dict[str, dict[str, Any]] = {
    "no recipient": {"messaging_product": "whatsapp", "type": "text", "text": {"body": "x"}},
    "no content": {"messaging_product": "whatsapp", "to": "1", "type": "text"},
    "another kind": {"messaging_product": "whatsapp", "to": "1", "type": "fax", "fax": {}},
    "a place in words": {
        "messaging_product": "whatsapp",
        "to": "1",
        "type": "location",
        "location": {"latitude": "north", "longitude": 1},
    },
    "a template without a language": {
        "messaging_product": "whatsapp",
        "to": "1",
        "type": "template",
        "template": {"name": "x"},
    },
}


@pytest.mark.parametrize("message", BROKEN.values(), ids=BROKEN)
def test_it_finds_what_is_broken_and_so_do_we(message: dict[str, Any], shared_data: Path) -> None:
    assert openapi_opinion.problems_of(message, shared_data) != []
    assert validation.problems_of(message) != []


def test_it_takes_most_of_the_sends_that_were_published_with_it(shared_data: Path) -> None:
    files = sorted((shared_data / "whatsapp/openapi_examples").glob("send__*.json"))
    taken = [file for file in files if not openapi_opinion.problems_of(json.loads(file.read_bytes()), shared_data)]
    assert (len(taken), len(files)) == (42, 50)
