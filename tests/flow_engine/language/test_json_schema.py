from __future__ import annotations

import json

from flow_engine.language import FlowDocument, json_schema
from flow_engine.language.actions import ACTIONS
from flow_engine.language.construct import Construct


def test_the_schema_knows_every_action_and_no_other_key() -> None:
    schema = json_schema()
    text = json.dumps(schema)

    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["additionalProperties"] is False
    assert schema["required"] == ["id", "initial_state", "states"]
    assert all(f'"const": "{action}"' in text for action in ACTIONS)


def test_every_action_is_registered_under_the_name_it_carries() -> None:
    for name, model in ACTIONS.items():
        assert model.model_fields["action"].annotation.__args__ == (name,)  # type: ignore[union-attr]  # a Literal


def test_every_construct_is_frozen_and_closed() -> None:
    models: list[type[Construct]] = [FlowDocument, *ACTIONS.values()]
    for model in models:
        assert model.model_config["frozen"] is True
        assert model.model_config["extra"] == "forbid"
