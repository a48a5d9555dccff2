"""docs/operators.md, from the registry, the rules, the guards' tables and the converters' lists: nothing is said twice.

What a lowering refuses is read from the messages that it raises, what a rule does from its module's docstring.
"""

from __future__ import annotations

import ast
import inspect
import re
import textwrap
from collections.abc import Callable, Iterator, Sequence
from typing import Any

ENGINES = {"onnxruntime": "ONNX", "paddlelite": "Paddle Lite"}
Row = tuple[str, ...]


def document(table: Callable[[Sequence[str], Sequence[Sequence[str]]], Iterator[str]]) -> Iterator[str]:
    """The lines of the document; `table` writes one table from its head and rows."""
    from packager.lower.registry import FAMILIES, lowerings

    found = lowerings()
    families = {family: {op: one for op, one in found.items() if family_of(one) == family} for family in FAMILIES}
    yield "# Operators"
    yield ""
    yield (
        f"{len(found)} ATen operators have a lowering; CONTRIBUTING.md says how to add one. A table for each family: "
        "the Paddle operators that a lowering may emit, the uses that it refuses, whether each engine takes the rest. "
        "Rules in brackets rewrite what the engine lacks or gets wrong. `.nb` files for arm and for x86 come from one "
        "program, so it holds for both."
    )
    for family, some in families.items():
        yield ""
        yield f"## {family}"
        yield ""
        rows = [
            (f"`{op}`", codes(one.emits), "; ".join(refusals(one.function)), *(support(e, one.emits) for e in ENGINES))
            for op, one in sorted(some.items())
        ]
        yield from table(("ATen operator", "Paddle operators", "refused", *ENGINES.values()), rows)
    yield from corners(table)


def corners(table: Callable[[Sequence[str], Sequence[Sequence[str]]], Iterator[str]]) -> Iterator[str]:
    """The rules of each engine, and what its guard still refuses."""
    from packager.lower.legalise import PASSES
    from packager.lower.legalise.lite_limits import ATTRIBUTES, LIMITS
    from packager.lower.legalise.onnx_guard import WRONG

    yield ""
    yield "## Known wrong corners"
    for engine, title in ENGINES.items():
        yield ""
        yield f"### {title}: rules"
        yield ""
        rows = [
            (f"`{rule.__name__}`", codes(rewritten(rule)) or "any", why(rule), first_line(inspect.getmodule(rule)))
            for rule in PASSES[engine]
            if not rule.__name__.endswith("_guard")
        ]
        yield from table(("rule", "operators", "what goes wrong", "what we make of it"), rows)
        yield ""
        yield f"### {title}: refused by the guard"
        yield ""
        limits = LIMITS if engine == "paddlelite" else WRONG
        by_limit: dict[Any, list[str]] = {}
        for op, limit in limits.items():
            by_limit.setdefault(limit, []).append(op)
        refused = [(codes(ops), paragraph(inspect.getdoc(limit) or "")) for limit, ops in by_limit.items()]
        if engine == "paddlelite":
            refused += [(codes([op]), f"`opt` aborts without {codes(names)}") for op, names in ATTRIBUTES.items()]
        yield from table(("operators", "what goes wrong"), refused)


def family_of(lowering: Any) -> str:
    """The module of the lowering; plain functions of one tensor share one, in `elementwise`."""
    return str(lowering.function.__module__).rpartition(".")[2]


def support(engine: str, emits: Sequence[str]) -> str:
    """`yes`, with the rules that what is emitted may meet; or what the engine does not list and no rule rewrites."""
    from packager.lower.legalise import PASSES

    rules = {rule.__name__: rewritten(rule) for rule in PASSES[engine]}
    lacking = [op for op in emits if not any(op in ops for ops in rules.values())]
    if missing := [f"{codes([op])}{where}" for op in lacking if (where := absent(engine, op)) is not None]:
        return f"no {', '.join(missing)}"
    met = [name for name, ops in rules.items() if set(ops) & set(emits)]
    return f"yes ({', '.join(met)})" if met else "yes"


def absent(engine: str, op: str) -> str | None:
    """None where the engine's converter lists the operator; else nothing, or the place of Paddle Lite that lacks it."""
    from packager.lower.legalise.listed_operators import LITE_PLACES, lite_operators, onnx_operators

    if engine == "onnxruntime":
        return None if op in onnx_operators() else ""
    places = [place for place in LITE_PLACES if op not in lite_operators(place)]
    return None if not places else "" if len(places) == len(LITE_PLACES) else f" on {places[0]}"


def rewritten(rule: Callable[..., Any]) -> tuple[str, ...]:
    """The operators that a rule hands to `rewrite`; none for a rule about constants, outputs or whole programs."""
    for node in ast.walk(ast.parse(source(rule))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "rewrite":
            types = eval(ast.unparse(node.args[1]), inspect.getmodule(rule).__dict__)  # type: ignore[union-attr]  # noqa: S307
            return tuple(types)
    return ()


def refusals(function: Callable[..., Any]) -> list[str]:
    """The messages of the ValueErrors of a lowering and of the functions of packager/lower that it calls."""
    messages: dict[str, None] = {}
    seen: set[Any] = set()
    queue = [function]
    while queue:
        one = queue.pop(0)
        if one in seen:
            continue
        seen.add(one)
        for node in ast.walk(ast.parse(source(one))):
            if (
                isinstance(node, ast.Raise)
                and isinstance(node.exc, ast.Call)
                and ast.unparse(node.exc.func) == "ValueError"
            ):
                messages |= dict.fromkeys([message(node.exc.args[0])])
        scope = inspect.getclosurevars(one)
        known = (*scope.globals.values(), *scope.nonlocals.values())
        queue += [f for f in known if inspect.isfunction(f) and f.__module__.startswith("packager.lower.")]
    return list(messages)


def message(node: ast.expr) -> str:
    """The text of a message, with `…` for what is only known then."""
    if isinstance(node, ast.JoinedStr):
        return "".join(part.value if isinstance(part, ast.Constant) else "…" for part in node.values)  # type: ignore[misc]
    return str(ast.literal_eval(node))


def source(function: Callable[..., Any]) -> str:
    """The function's source, as a module of its own."""
    return textwrap.dedent(inspect.getsource(function))


def why(rule: Callable[..., Any]) -> str:
    """What follows "Why:" in the docstring of the rule's module."""
    text = inspect.getdoc(inspect.getmodule(rule)) or ""
    found = re.search(r"Why: (.*?)(?= (?:Requires|Ensures): |\Z)", " ".join(text.split()))
    return paragraph(found[1]) if found else ""


def first_line(module: Any) -> str:
    """The first paragraph of a module's docstring."""
    return paragraph((inspect.getdoc(module) or "").split("\n\n")[0])


def paragraph(text: str) -> str:
    """On one line, safe in a table."""
    return " ".join(text.split()).replace("|", "\\|")


def codes(names: Sequence[str]) -> str:
    """Names as code."""
    return ", ".join(f"`{name}`" for name in names)
