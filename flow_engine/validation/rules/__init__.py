"""The rules, one file each, in the order of their codes: errors from F101, warnings from F120."""

from __future__ import annotations

from typing import Final

from flow_engine.validation.rule import Rule
from flow_engine.validation.rules import (
    ambiguous_time,
    bad_cron,
    bad_expression,
    computed_name,
    dead_end,
    duplicate_payload,
    label_too_long,
    never_set,
    schedule_not_run,
    shadowed_transition,
    silent_state,
    suffix_without_prefix,
    unanswered_option,
    undefined_task,
    unknown_target,
    unreachable_state,
    untriggered_transition,
    unused_task,
)

RULES: Final[tuple[Rule, ...]] = (
    unknown_target.RULE,
    undefined_task.RULE,
    bad_expression.RULE,
    duplicate_payload.RULE,
    untriggered_transition.RULE,
    suffix_without_prefix.RULE,
    ambiguous_time.RULE,
    computed_name.RULE,
    bad_cron.RULE,
    unreachable_state.RULE,
    shadowed_transition.RULE,
    unanswered_option.RULE,
    label_too_long.RULE,
    never_set.RULE,
    dead_end.RULE,
    silent_state.RULE,
    unused_task.RULE,
    schedule_not_run.RULE,
)
