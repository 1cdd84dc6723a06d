"""The forms of regular verbs, so that the word lists can stay short. Works on folded words (no accents)."""

from __future__ import annotations

_AR = (
    "ar o as a amos ais an e es emos eis en ando ado ada ados adas aron ara aran aremos aria"
    " arlo arla arlos arlas arse arte arnos"
)
_ER_IR = "o es e emos imos eis is en a as amos ais an iendo ido ida idos idas"
_INFINITIVES = "r ra ran remos ria rlo rla rlos rlas rse rte rnos"


def spanish_forms(infinitive: str) -> frozenset[str]:
    """Every regular form of a verb in -ar, -er or -ir, spelling changes (llegar, llegue) included."""
    root, ending = infinitive[:-2], infinitive[-2:]
    if ending == "ar":
        return frozenset(_spelt(root, form) for form in _AR.split())
    present = {_spelt(root, form) for form in _ER_IR.split()}
    return frozenset(present | {infinitive[:-1] + form for form in _INFINITIVES.split()})


def _spelt(root: str, form: str) -> str:
    if form[0] == "e" and root.endswith("g"):
        return f"{root}u{form}"
    if form[0] == "e" and root.endswith("c"):
        return f"{root[:-1]}qu{form}"
    if form[0] == "e" and root.endswith("z"):
        return f"{root[:-1]}c{form}"
    return root + form


def english_forms(verb: str) -> frozenset[str]:
    """Third person, past and -ing form of a regular verb."""
    if verb.endswith("e"):
        return frozenset({verb, verb + "s", verb + "d", verb[:-1] + "ing"})
    if verb.endswith("y") and verb[-2] not in "aeiou":
        return frozenset({verb, verb[:-1] + "ies", verb[:-1] + "ied", verb + "ing"})
    return frozenset({verb, verb + "s", verb + "ed", verb + "ing"})


def word_keys(word: str) -> frozenset[str]:
    """What a word without an entry is compared by: itself, and itself without plural and gender."""
    keys = {word}
    if word.endswith("'s"):
        word = word[:-2]
        keys.add(word)
    for ending in ("s", "es"):
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_STEM:
            keys.add(word.removesuffix(ending))
    for key in tuple(keys):
        if key.endswith(_GENDERED):
            keys.add(key[:-1] + "o")
    return frozenset(keys)


_SHORTEST_STEM = 3
"""Letters. Below that, what is left of a word is another word."""

_GENDERED = ("ada", "ida", "ica", "osa", "iva", "ita", "ana", "uita")
"""Endings of adjectives. Not every -a: "puerta" is no form of "puerto"."""
