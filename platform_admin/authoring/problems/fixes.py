"""What each kind of problem offers. A code that is not in the table has to be mended by hand; the problem leads there.

A test makes every fix on an example of its problem and finds the problem gone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from django.utils.translation import gettext as _

from platform_admin.authoring.problems.edits import put, take
from platform_admin.authoring.problems.fix import Fix
from platform_admin.authoring.problems.scene import Scene
from platform_admin.authoring.problems.text_fixes import (
    give_a_default,
    keep_the_kind_of_text,
    say_something,
    shorten,
    without_sign,
    write_https,
    write_the_language,
)
from platform_admin.authoring.problems.way_fixes import (
    another_step,
    answer_the_button,
    answer_the_choices,
    back_to_the_start,
    before_the_other,
    lead_here,
    own_payload,
    until_the_bot_speaks,
    without_the_word,
)

type Fixer = Callable[[Scene], Iterator[Fix]]


def fixes_for(scene: Scene) -> list[Fix]:
    """In the active language, the best first."""
    return [fix for fixer in FIXES.get(scene.finding.code, ()) for fix in fixer(scene)]


def _take_it_out(scene: Scene) -> Iterator[Fix]:
    yield Fix(_("Take it out"), (take(scene.path),))


def _take_the_action_out(scene: Scene) -> Iterator[Fix]:
    action = scene.under("on_enter") or (scene.path[:3] if scene.path[:1] == ("tasks",) else ())
    if action:
        yield Fix(_("Do without it"), (take(action),))


def _take_the_way_out(scene: Scene) -> Iterator[Fix]:
    way = scene.under("transitions", "global_transitions")
    if way:
        yield Fix(_("Take this way out"), (take(way),))


def _take_the_schedule_out(scene: Scene) -> Iterator[Fix]:
    schedule = scene.under("standing_schedules")
    if schedule:
        yield Fix(_("Do without it"), (take(schedule),))


def _delete_the_step(scene: Scene) -> Iterator[Fix]:
    yield Fix(_("Delete the step"), ({"do": "delete_step", "name": scene.step},))


def _one_of_two_times(scene: Scene) -> Iterator[Fix]:
    if scene.value is not None and isinstance(scene.path[-1], str) and scene.path[-1] != "timeout":
        yield Fix(_("Keep the other time"), (take(scene.path),))
    elif scene.path[-1:] == ("timeout",):
        yield Fix(_("After 30 minutes"), (put((*scene.path, "after"), "30m"),))


def _every_morning(scene: Scene) -> Iterator[Fix]:
    yield Fix(_("Every day at 9:00"), (put(scene.path, "0 9 * * *"),))


def _swapped(scene: Scene) -> Iterator[Fix]:
    collect = scene.path[:-1]
    least, most = scene.at((*collect, "min")), scene.at((*collect, "max"))
    yield Fix(_("Swap the two"), (put((*collect, "min"), most), put((*collect, "max"), least)))


def _options(scene: Scene) -> Iterator[Fix]:
    if scene.path[-1] == "options":
        yield Fix(_("Take the choices out"), (take(scene.path),))
        yield Fix(_("Ask for one of them"), (put((*scene.path[:-1], "type"), "choice"),))
    else:
        yield Fix(_("Ask for any text instead"), (put(scene.path, "text"),))


def _without_rule(scene: Scene) -> Iterator[Fix]:
    yield Fix(_("Do without the rule"), (take(scene.path),))


def _without_timeout(scene: Scene) -> Iterator[Fix]:
    timeout = scene.path[: scene.path.index("timeout") + 1] if "timeout" in scene.path else ()
    if timeout:
        yield Fix(_("Wait without an end"), (take(timeout),))


FIXES: Final[Mapping[str, tuple[Fixer, ...]]] = {
    "F020": (_take_it_out,),
    "F022": (keep_the_kind_of_text,),
    "F101": (another_step,),
    "F102": (_take_the_action_out,),
    "F104": (own_payload, _take_the_way_out),
    "F105": (_take_the_way_out,),
    "F106": (_take_it_out,),
    "F107": (_one_of_two_times,),
    "F109": (_every_morning,),
    "F111": (_take_it_out,),
    "F114": (_take_the_action_out,),
    "F115": (_take_it_out,),
    "F116": (_take_the_action_out,),
    "F118": (_take_the_action_out,),
    "F119": (_swapped,),
    "F120": (lead_here, _delete_the_step),
    "F121": (before_the_other, _take_the_way_out),
    "F122": (answer_the_button,),
    "F123": (shorten,),
    "F125": (back_to_the_start,),
    "F126": (say_something,),
    "F127": (_take_it_out,),
    "F128": (_take_the_schedule_out,),
    "F129": (_options,),
    "F131": (back_to_the_start,),
    "F132": (give_a_default,),
    "F133": (write_the_language,),
    "F136": (without_the_word,),
    "F140": (_take_it_out,),
    "F141": (_without_rule,),
    "F142": (another_step, _without_timeout),
    "F143": (another_step,),
    "F144": (until_the_bot_speaks,),
    "F145": (_take_the_schedule_out,),
    "F146": (_take_it_out,),
    "F147": (_without_timeout,),
    "F148": (write_https,),
    "F149": (write_https,),
    "F152": (without_sign,),
    "F153": (_take_it_out,),
    "F154": (before_the_other, _take_the_action_out),
    "F156": (_take_the_action_out,),
    "F157": (without_the_word,),
    "F159": (answer_the_choices,),
    "F161": (back_to_the_start,),
}
