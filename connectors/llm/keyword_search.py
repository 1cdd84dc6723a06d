"""Finds the one block of the document that a question is about; returns it unchanged or nothing.

Pure. Words are compared without case and accents, and by their first letters, so that "precios"
finds "precio". A block is the text between two blank lines or headings, together with the headings
above it for the comparison (never for the answer).
"""

from __future__ import annotations

import re
import unicodedata

from connectors.llm.verification import Block, Knowledge, Mode, Proposal, Quote, Ruling, read_knowledge, verify

_MAX_QUESTION = 2_000
"""Characters looked at. A longer message is a story, not a question."""

_STEM = 5
"""Letters two words must share at their start to count as the same, when both are that long."""

_WORD = re.compile(r"[^\W_]+")

_SILENT = frozenset(
    # Words that carry no subject, Spanish then English, without accents. One text: a list of them would be a page.
    """
    a al algo algun alguna alguno ante buenas buenos como con cual cuales cuando cuanta cuantas cuanto
    cuantos de del desde dia dias el ella ellos en entrar entre era eres es esa ese eso esta estais estan
    estas este esto estos favor fue gracias ha hace haceis hacen hacer han has hay hola ir la las le les
    llevar lo los mas me mi mis mucho muy necesito ni no noches nos nuestra nuestro o os otra otro para pero
    poco podeis podria por porfa puede pueden puedo que quien quiero quisiera saber se sea ser si sin sobre
    sois solo son soy su sus tal tambien tardes te teneis tengo tiene tienen tienes traer tu un una unas uno
    unos usted ustedes va vais vamos venir vosotros voy vuestra vuestro y ya yo am an and any are at be been
    but by can could did do does for from get give good has have he hello her here hi his how i if in into
    is it its just like may me much many my need not of off on or our out please she should so some tell
    thank thanks that the their them then there these they this those to too us was we what when which who
    will with would you your
    """.split()
)

_MEANT = {
    # What people say → the word a business writes. Both languages map to both, the document decides.
    "donde": ("direccion", "address"),
    "where": ("address", "direccion"),
    "ubicacion": ("direccion", "address"),
    "cuesta": ("precio", "price"),
    "cuestan": ("precio", "price"),
    "vale": ("precio", "price"),
    "cobrais": ("precio", "price"),
    "tarifas": ("precio", "price"),
    "cost": ("price", "precio"),
    "costs": ("price", "precio"),
    "hora": ("horario", "hours"),
    "horas": ("horario", "hours"),
    "abris": ("horario", "hours"),
    "abre": ("horario", "hours"),
    "abren": ("horario", "hours"),
    "abierto": ("horario", "hours"),
    "abiertos": ("horario", "hours"),
    "cerrais": ("horario", "hours"),
    "open": ("hours", "horario"),
    "opening": ("hours", "horario"),
    "close": ("hours", "horario"),
    "aparcar": ("parking", "aparcamiento"),
    "park": ("parking", "aparcamiento"),
    "pagar": ("pago", "payment"),
    "pay": ("payment", "pago"),
}


def normalise(text: str) -> str:
    """``text`` as it is compared: lower case, no accents, words apart by one space."""
    decomposed = unicodedata.normalize("NFKD", text[:_MAX_QUESTION].casefold())
    plain = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return " ".join(_WORD.findall(plain))


def keyword_answer(question: str, markdown: str, language: str) -> str:
    """The block that answers, past the same verifier as a model's answer; empty when there is none."""
    document = read_knowledge(markdown)
    block = best_block(question, document)
    if block is None:
        return ""
    proposal = Proposal(answerable=True, answer="", quotes=(Quote(block.number, block.text),))
    verdict = verify(proposal, document, question=question, language=language, mode=Mode.EXTRACTIVE)
    return "" if verdict.ruling is Ruling.REFUSED else verdict.text


def find_block(question: str, knowledge: str) -> str | None:
    """The text of ``best_block``."""
    block = best_block(question, read_knowledge(knowledge))
    return None if block is None else block.text


def best_block(question: str, knowledge: Knowledge) -> Block | None:
    """The block that holds more than half of the question's telling words; the first of equals.

    ``None`` when there is no such block or the question has no telling word.
    """
    asked = [word for word in dict.fromkeys(normalise(question).split()) if word not in _SILENT]
    if not asked:
        return None
    best: Block | None = None
    best_hits = 0
    for block in knowledge.blocks:
        words = _words("\n".join((*block.headings, block.text)))
        hits = sum(_occurs(word, words) for word in asked)
        if hits > best_hits:
            best, best_hits = block, hits
    return best if best_hits * 2 > len(asked) else None


def _occurs(word: str, words: frozenset[str]) -> bool:
    meant = (word, *_MEANT.get(word, ()))
    return any(_same(candidate, other) for candidate in meant for other in words)


def _same(one: str, other: str) -> bool:
    if one == other:
        return True
    if min(len(one), len(other)) < _STEM:
        # A plural of a short word: "corte" and "cortes", "tint" and "tints".
        return one in (other + "s", other + "es") or other in (one + "s", one + "es")
    return one[:_STEM] == other[:_STEM]


def _words(text: str) -> frozenset[str]:
    return frozenset(word for part in text.splitlines() for word in normalise(part).split())
