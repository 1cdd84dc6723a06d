"""``load_program``: the normalised program, checked and compiled. All files a turn may need are read here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from flow_engine.answers import Words, read_all_words, read_countries
from flow_engine.errors import ProgramError
from flow_engine.expressions import Languages, Locale, Template, locale_for
from flow_engine.outputs.capabilities import PLAIN_TEXT, read_capabilities
from flow_engine.program.computed import check_data_name
from flow_engine.program.program import Program, ProgramSettings
from flow_engine.program.reading import Fields
from flow_engine.program.references import check_references
from flow_engine.program.standing_schedule import read_standing_schedule
from flow_engine.program.state import State, read_actions, read_state
from flow_engine.program.sub_flow import SubFlow
from flow_engine.program.taps import read_taps
from flow_engine.program.timeout import read_session
from flow_engine.program.transition import read_transition
from flow_engine.sentences import read_sentences, sentence_languages
from flow_engine.vocabulary import JSON, JSONObject

LANGUAGE_VERSION: Final = 1
"""The version of the flow language that this engine runs."""


def load_program(normalised: JSONObject, settings: ProgramSettings) -> Program:
    """The program that ``advance`` runs. Raises ``ProgramError`` for the first fault, with its path.

    ``normalised`` is the JSON that the language side makes of a flow and that a bundle carries.
    """
    locale = _locale(settings)
    languages = Languages(settings.language, _read_languages(normalised))
    fields = Fields(normalised, "", locale, languages=languages)
    if fields.optional_whole_number("language_version") != LANGUAGE_VERSION:
        fields.fail("language_version", f"this engine runs version {LANGUAGE_VERSION}")
    capabilities = read_capabilities()
    flows = _read_flows(fields, states := _read_states(fields))
    session = fields.optional_child("session")
    words = read_all_words()
    read_countries()
    tasks = fields.child("tasks")
    everywhere = tuple(read_transition(item) for item in fields.children("global_transitions"))
    program = Program(
        id=fields.name("id"),
        initial_state=fields.state("initial_state"),
        global_transitions=everywhere,
        global_taps=read_taps(everywhere),
        states=states,
        tasks={name: read_actions(tasks, name) for name in tasks.keys()},  # noqa: SIM118  # no dict
        standing_schedules=tuple(read_standing_schedule(item) for item in fields.children("standing_schedules")),
        zone=locale.zone,
        language=settings.language,
        llm_enabled=settings.llm_enabled,
        sentences=_compile_sentences(settings, locale, languages),
        business=settings.business,
        capabilities=capabilities,
        plain_text=capabilities[PLAIN_TEXT],
        flows=flows,
        session=None if session is None else read_session(session),
        renamed_states=_read_renamed(fields),
        moved_text=fields.optional_template("moved_text"),
        keeps_history=any(target == "@back" for _path, target in fields.targets),
        has_timers=session is not None or any(state.timeout is not None for state in states.values()),
        words=words,
        spoken=_spoken(languages, words),
        region=_region(settings),
    )
    check_references(program, fields.targets)
    return program


def _spoken(languages: Languages, words: Mapping[str, Words]) -> tuple[str, ...]:
    """The languages in which a customer of this flow may answer, the tenant's first."""
    bases = (tag.replace("_", "-").partition("-")[0].lower() for tag in (languages.tenant, *languages.document))
    return tuple(base for base in dict.fromkeys(bases) if base in words)


def _region(settings: ProgramSettings) -> str:
    """``business.country``, or the region of the tenant's language (``es-ES``)."""
    country = settings.business.get("country")
    if isinstance(country, str):
        return country.upper()
    _language, _, rest = settings.language.replace("_", "-").partition("-")
    region = rest.rpartition("-")[2]
    return region.upper() if len(region) == len("ES") else ""


def _read_states(fields: Fields) -> dict[str, State]:
    children = fields.child("states")
    read = (read_state(name, children.child(name)) for name in children.keys())  # noqa: SIM118  # no dict
    return {state.name: state for state in read}


def _read_flows(fields: Fields, states: dict[str, State]) -> Mapping[str, SubFlow]:
    """The sub-flows; their states are added to ``states``."""
    children = fields.optional_child("flows")
    if children is None:
        return {}
    flows: dict[str, SubFlow] = {}
    for name in children.keys():  # noqa: SIM118  # no dict
        child = children.child(name).within(name)
        if "/" in name:
            children.fail(name, "the name of a sub-flow has no slash")
        transitions = tuple(read_transition(item) for item in child.children("global_transitions"))
        flows[name] = SubFlow(
            name=name,
            initial_state=child.state("initial_state"),
            inputs=_read_names(child, "inputs"),
            outputs=_read_names(child, "outputs"),
            global_transitions=transitions,
            global_taps=read_taps(transitions),
        )
        for full, state in _read_states(child).items():
            if full in states:
                child.fail("states", f"there are two states {full!r}")
            states[full] = state
    return flows


def _read_names(fields: Fields, key: str) -> tuple[str, ...]:
    names = fields.items(key)
    for name in names:
        check_data_name(fields, key, name if isinstance(name, str) else "")
    return tuple(map(str, names))


def _read_renamed(fields: Fields) -> Mapping[str, str]:
    renamed = fields.optional_child("renamed_states")
    return {} if renamed is None else {old: renamed.state(old) for old in renamed.keys()}  # noqa: SIM118  # no dict


def _locale(settings: ProgramSettings) -> Locale:
    try:
        return locale_for(settings.language, settings.timezone)
    except ValueError as fault:
        raise ProgramError("settings.timezone", str(fault)) from fault


def _read_languages(normalised: JSONObject) -> tuple[str, ...]:
    """The languages that the flow speaks, the first of them to strangers."""
    named = normalised.get("languages") or []
    if not isinstance(named, list) or not all(isinstance(tag, str) and tag for tag in named):
        raise ProgramError("languages", "a list of language tags was expected")
    return tuple(map(str, named))


def _compile_sentences(settings: ProgramSettings, locale: Locale, languages: Languages) -> Mapping[str, Template]:
    """Every sentence in the tenant's language, and for contacts who speak another that we know, in theirs."""
    own = read_sentences(settings.language)
    others = {tag: read_sentences(tag) for tag in sentence_languages()}
    texts: dict[str, JSON] = {}
    for key in {**own, **settings.sentences}:
        given = settings.sentences.get(key)
        known = {tag: sentences[key] for tag, sentences in others.items() if key in sentences}
        if isinstance(given, str) or given is None:
            given = {settings.language: own[key] if given is None else given}
        texts[key] = {**known, **given}
    fields = Fields(texts, "settings.sentences", locale, languages=languages)
    return {key: fields.template(key) for key in texts}
