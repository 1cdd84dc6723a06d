"""For any scope and any text: compiling refuses or succeeds, and rendering never raises and stays bounded."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from flow_engine.expressions import ExpressionError, Template, compile_condition, compile_template, locale_for
from flow_engine.expressions.filters import FILTERS
from flow_engine.expressions.limits import MAX_TEXT_CHARS
from flow_engine.vocabulary import JSON
from tests.flow_engine.untimed import UNTIMED

NAMES = st.sampled_from(["a", "b", "list", "día", "in", "__class__"])
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.sampled_from([10**400, -(10**400), 2**53, 0])
    | st.floats()
    | st.text(max_size=20)
    | st.text(st.characters(), min_size=30, max_size=200)
    | st.dates().map(str)
    | st.datetimes(timezones=st.timezones() | st.none()).map(lambda moment: moment.isoformat())
)
VALUES: st.SearchStrategy[JSON] = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES | st.text(max_size=3), inner, max_size=4),
    max_leaves=12,
)
ROOTS = st.fixed_dictionaries(
    {},
    optional={root: st.dictionaries(NAMES, VALUES, max_size=4) for root in ("data", "contact", "business")},
)
STEPS = NAMES.map(lambda name: f".{name}") | st.integers(-3, 3).map(lambda index: f"[{index}]") | st.just('["a"]')
PATHS = st.tuples(st.sampled_from(["data", "contact", "business"]), st.lists(STEPS, max_size=3)).map(
    lambda path: path[0] + "".join(path[1])
)
LITERALS = st.sampled_from(["1", "2.5", "9007199254740991", "'x'", '"2026-11-24"', "true", "null", "[]"])
OPERATORS = ["or", "and", "==", "!=", "<", "<=", ">", ">=", "in", "not in", "+", "-", "*"]


def _filtered(operand: str, name: str, argument: str) -> str:
    arguments = ", ".join([argument] * FILTERS[name].required)
    return f"({operand} | {name}: {arguments})" if arguments else f"({operand} | {name})"


EXPRESSIONS = st.recursive(
    PATHS | LITERALS,
    lambda inner: (
        st.builds(lambda a, o, b: f"({a} {o} {b})", inner, st.sampled_from(OPERATORS), inner)
        | st.builds(lambda o, a: f"({o} {a})", st.sampled_from(["not", "-"]), inner)
        | st.builds(_filtered, inner, st.sampled_from(sorted(FILTERS)), PATHS | LITERALS)
        | inner.map("business.open_at({})".format)
        | st.lists(inner, max_size=3).map(lambda items: f"[{', '.join(items)}]")
    ),
    max_leaves=8,
)
LOCALE = locale_for("es", "Europe/Madrid")


@UNTIMED
@given(expression=EXPRESSIONS, scope=ROOTS)
def test_a_valid_expression_renders_in_any_scope(expression: str, scope: dict[str, dict[str, JSON]]) -> None:
    template = compile_template(f"<{{{{ {expression} }}}}>", LOCALE)

    text = template.render_text(scope)

    assert text.startswith("<")
    assert len(text) <= MAX_TEXT_CHARS
    assert compile_condition(expression, LOCALE).test(scope) in (True, False)
    assert template.render_text(scope) == text


def attempt(text: str) -> Template | ExpressionError:
    try:
        return compile_template(text)
    except ExpressionError as error:
        return error


@UNTIMED
@given(
    text=st.text()
    | st.lists(st.sampled_from(["{{", "}}", "data", ".a", " | ", "date", ":", "'", "(", "[", "0", "in"])).map("".join),
    scope=ROOTS,
)
def test_any_text_compiles_or_is_refused_at_a_place_inside_it(text: str, scope: dict[str, dict[str, JSON]]) -> None:
    compiled = attempt(text)

    if isinstance(compiled, ExpressionError):
        assert 1 <= compiled.column <= len(text) + 1
        assert compiled.message
    else:
        assert len(compiled.render_text(scope)) <= MAX_TEXT_CHARS


@UNTIMED
@given(text=st.text())
def test_a_text_without_braces_is_its_own_rendering(text: str) -> None:
    text = text.replace("{", "(")

    assert compile_template(text).render({}) == text


@UNTIMED
@given(said=st.text(max_size=100))
def test_what_a_customer_said_is_never_read_as_a_template(said: str) -> None:
    hostile = said + "{{ data.secret }}"
    scope = {"data": {"said": hostile, "secret": "hidden"}}

    assert compile_template("You said: {{ data.said }}").render_text(scope) == f"You said: {hostile}"
