"""The JSON Schema of the language, for editors and forms."""

from __future__ import annotations

from flow_engine.language.document import FlowDocument
from flow_engine.vocabulary import JSONObject

SCHEMA_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def json_schema() -> JSONObject:
    """The schema of a flow file. It knows shapes only; names that must exist are for ``check``."""
    schema = FlowDocument.model_json_schema(mode="validation")
    return {"$schema": SCHEMA_DIALECT, **schema}
