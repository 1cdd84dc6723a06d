"""``run_case``: plays a case against a program, up to the first thing that is not as it says."""

from __future__ import annotations

from datetime import timedelta
from typing import assert_never

from flow_engine.cases.assembling import moment
from flow_engine.cases.bubbles import bubble_of
from flow_engine.cases.case import Case, CaseStep, Clock, Resume, RunTask, Say, Send, Tap, Wait
from flow_engine.cases.effects_seen import seen_effects
from flow_engine.cases.fields import YEARS
from flow_engine.cases.judging import Mismatch, Outcome, judge
from flow_engine.cases.result import CaseResult, ChatLine
from flow_engine.cases.scripts import Scripts
from flow_engine.cases.stage import Stage
from flow_engine.program import Program


def run_case(case: Case, program: Program) -> CaseResult:
    """Run ``case``. A step that differs ends it; scripts that nobody needed are a difference too."""
    scripts = Scripts(case.scripts, case.llm)
    stage = Stage(
        program,
        scripts,
        moment(case.now, program),
        channel=case.channel,
        contact_id=str(case.contact.get("id")),
        name=None if case.contact.get("name") is None else str(case.contact["name"]),
        phone=None if case.contact.get("phone") is None else str(case.contact["phone"]),
    )
    chat: list[ChatLine] = []
    mismatch: Mismatch | None = None
    for step in case.steps:
        refused = _act(stage, step)
        chat += [ChatLine(line.by, line.text, trace=tuple(stage.trace)) for line in stage.actions]
        mismatch = refused or _problem(scripts, step) or judge(step, _outcome(stage))
        chat += _replies(stage, mismatch)
        if mismatch is not None:
            break
    else:
        mismatch = _unused(scripts)
    return CaseResult(case, tuple(chat), tuple(stage.all_traces), mismatch)


def _act(stage: Stage, step: CaseStep) -> Mismatch | None:
    """Do what the step says; a difference when it cannot be done."""
    verb = step.verb
    match verb:
        case Say():
            stage.say(verb.text)
        case Tap():
            if not stage.tap(verb.option, old=verb.old):
                offered = [offer.option.title for offer in stage.offers.present]
                where = "No earlier message offers this." if verb.old else "The bot does not offer this now."
                return Mismatch(step.place, where, verb.option, list(dict.fromkeys(offered)))
        case Send():
            stage.send(verb.type, verb.text, verb.payload, dict(verb.content))
        case Wait():
            until = stage.now + timedelta(seconds=verb.seconds)
            if until.year not in YEARS:
                return Mismatch(step.place, "No case goes on for so long.", YEARS[-1], until.year)
            stage.wait_until(until)
        case Clock():
            at = moment(verb.at, stage.program)
            if at < stage.now:
                return Mismatch(step.place, "The clock never goes back.", verb.at, stage.now.isoformat())
            stage.wait_until(at)
        case RunTask():
            if verb.task not in stage.program.tasks:
                return Mismatch(step.place, "The flow has no such task.", verb.task, list(stage.program.tasks))
            stage.run_task(verb.task, verb.data)
        case Resume():
            stage.resume()
        case _:
            assert_never(verb)
    return None


def _problem(scripts: Scripts, step: CaseStep) -> Mismatch | None:
    if not scripts.problems:
        return None
    problem = scripts.problems[0]
    return Mismatch(step.place, problem.message, remedy=problem.remedy)


def _outcome(stage: Stage) -> Outcome:
    return Outcome(
        bubbles=tuple(bubble_of(output) for output in stage.replies),
        effects=seen_effects(stage.effects, stage.program.zone),
        state=stage.conversation.state,
        data=stage.conversation.data,
        zone=stage.program.zone,
    )


def _replies(stage: Stage, mismatch: Mismatch | None) -> list[ChatLine]:
    wrong = None if mismatch is None else mismatch.bubble
    bubbles = [bubble_of(output) for output in stage.replies]
    lines = [ChatLine("bot", bubble.text, bubble, wrong=index == wrong) for index, bubble in enumerate(bubbles)]
    if wrong is not None and wrong >= len(bubbles):
        lines.append(ChatLine("bot", "(nothing)", wrong=True))
    return lines


def _unused(scripts: Scripts) -> Mismatch | None:
    for script in scripts.unused():
        return Mismatch(script.place, "Nothing in the case needs this answer. Delete it, or write 'times: any'.")
    return None
