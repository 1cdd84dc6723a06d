"""What every provider with a model is configured with."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Annotated

from connectors.kernel.option_kinds import Choice, Document, HttpsAddress, Integer, Secret, Text
from connectors.kernel.options import option
from connectors.llm.prices import KNOWN_PRICES, PRICE_SCHEMA, Price, read_price
from connectors.llm.verification import Mode
from connectors.words import Words

DEFAULT_OUTPUT_TOKENS = 700
"""Three sentences and their quotes take 150 to 300; cut off, an answer is worth nothing."""

DEFAULT_CONTEXT = 2
"""Earlier messages of the customer: what "and on Saturday?" refers to. Never our own answers, or a model
would quote itself."""

_DATE = re.compile(r"-\d{8}$")

MODEL = Text("the id of a model", pattern=r"[\w][\w.:/@-]{0,99}")


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelSettings:
    """``api_key`` is never shown. ``context_messages`` is how many earlier texts go along."""

    model: Annotated[str, option(MODEL, Words("Model", "Modelo"))]
    base_url: Annotated[
        str, option(HttpsAddress(), Words("Address", "Dirección"), example="https://llm.example.com/v1")
    ]
    api_key: Annotated[str, option(Secret(), Words("Key", "Clave"))] = field(default="", repr=False)
    mode: Annotated[
        Mode,
        option(
            Choice(Mode),
            Words("Answers", "Respuestas"),
            Words(
                "verified: the model's words, checked against the knowledge; extractive: the document's words only.",
                "verified: las palabras del modelo, comprobadas con el documento; extractive: solo las del documento.",
            ),
        ),
    ] = Mode.VERIFIED
    max_output_tokens: Annotated[
        int, option(Integer(200, 4_000), Words("Longest output, tokens", "Salida más larga, tokens"))
    ] = DEFAULT_OUTPUT_TOKENS
    context_messages: Annotated[
        int,
        option(Integer(0, 6), Words("Earlier messages sent along", "Mensajes anteriores que se envían")),
    ] = DEFAULT_CONTEXT
    price: Annotated[
        Price | None,
        option(
            Document(read_price, PRICE_SCHEMA),
            Words("Price of a million tokens", "Precio de un millón de tokens"),
            Words("Only for what reports show; known models have one.", "Solo para los informes."),
        ),
    ] = None

    @property
    def known_price(self) -> Price | None:
        """As configured, else the list price of the model (a date at the end of its name is no other model)."""
        return self.price or KNOWN_PRICES.get(_DATE.sub("", self.model))
