"""The codes and kinds that the source gives away, read from its syntax: nothing has to be listed twice."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from pdca import errors
from workflows import problem

ROOT: Final = Path(__file__).parents[2]
FLOORS: Final = ("workflows", "pdca", "scheduler")
STATUS: Final = {
    name: kind.exit_status
    for name, kind in vars(errors).items()
    if isinstance(kind, type) and issubclass(kind, errors.PdcaError)
}
"""The exit status of every kind of error."""

_CODE: Final = re.compile(r"[a-z]+(?:-[a-z0-9]+)*")
_KIND: Final = re.compile(r"[a-z]+\.[a-z_]+")
_PLACEHOLDER: Final = re.compile(r"%\((\w+)\)[sd]|%s")
_HINT_OF_METHOD: Final = 3
"""Place of the hint among the arguments of a `DefinitionError`: code, where, message, hint."""
_RAISE: Final = {
    "check_among": ("Usage", "{0}", "Choose one of CHOICES."),
    "check_title": ("Usage", "The title: nothing is stated.", "State it."),
    "filled": ("Usage", "{0}: nothing is stated.", "State it."),
    "the_one": ("NotFound", "{0}", "Say which one."),
}
"""The functions that raise an error with the code they are handed: its kind, message (of the text behind), and hint."""
_TRANSLATES: Final = frozenset({"_", "N_"})


@dataclass(frozen=True, slots=True, order=True)
class Said:
    """A code with the words that go with it, as templates; `status` is the exit status, None where there is none."""

    code: str
    status: int | None
    message: str
    hint: str


@cache
def trees() -> tuple[ast.Module, ...]:
    """Parse every module of the house."""
    paths = [path for floor in FLOORS for path in sorted((ROOT / floor).rglob("*.py")) if "versions" not in path.parts]
    return tuple(ast.parse(path.read_text(encoding="utf-8")) for path in paths)


def errors_said() -> set[Said]:
    """Give every error that a user can meet."""
    found = set()
    for function, node in _within_functions():
        if isinstance(node, ast.Call) and (status := STATUS.get(_name(node.func))) and node.args:
            message = words(_seen(node.args[1], function, node)) if len(node.args) > 1 else ""
            hint = words(_seen(_keyword(node, "hint"), function, node))
            found |= {Said(code, status, message, hint) for code in _codes(node.args[0])}
        elif isinstance(node, ast.Call) and (raised := _RAISE.get(_name(node.func))):
            kind, message, hint = raised
            message = message.format(words(_seen(node.args[1], function, node)) or "…")
            found |= {Said(code, STATUS[kind], message, hint) for code in _codes(node.args[0])}
        elif isinstance(node, ast.Call) and _name(node.func) == "DefinitionError" and len(node.args) > _HINT_OF_METHOD:
            message, hint = words(_seen(node.args[2], function, node)), words(node.args[_HINT_OF_METHOD])
            # `pdca.cli.failure.from_definition` makes these errors of ours.
            kinds = {code: "NotFound" if code == "method-unknown" else "Failed" for code in _codes(node.args[0])}
            found |= {Said(code, STATUS[kind], message, hint) for code, kind in kinds.items()}
        elif isinstance(node, ast.Call) and (code := words(_keyword(node, "code"))):
            found.add(Said(code, STATUS["Failed"], words(node.args[0]), words(_keyword(node, "hint"))))
        elif isinstance(node, ast.Tuple) and (place := _place_of_kind(node)) is not None:
            code, message, hint = (words(part) for part in node.elts[place + 1 : place + 4])
            found.add(Said(code, STATUS[_name(node.elts[place])], message, hint))
        elif isinstance(node, ast.arguments):
            defaults = zip(node.kwonlyargs, node.kw_defaults, strict=True)
            found |= {Said(words(value), STATUS["Failed"], "", "") for name, value in defaults if name.arg == "code"}
    return found


def needs_said() -> set[Said]:
    """Give every need that a refusal can name."""
    found = set()
    for node in _nodes():
        if isinstance(node, ast.Call) and _name(node.func) == "Need" and isinstance(node.args[0], ast.Constant):
            hint = node.args[3] if len(node.args) > 3 else _keyword(node, "hint")
            found.add(Said(words(node.args[0]), None, words(node.args[1]), words(hint)))
        elif isinstance(node, ast.Tuple) and _place_of_kind(node) is None:
            found |= _need_in_table(node)
    return found


def _need_in_table(row: ast.Tuple) -> set[Said]:
    for first, second in zip(row.elts, row.elts[1:], strict=False):
        if _is_code(first) and isinstance(second, ast.Call) and _name(second.func) == "N_":
            texts = [words(part) for part in row.elts if isinstance(part, ast.Call) and _name(part.func) == "N_"]
            if len(texts) > 1:
                return {Said(words(first), None, texts[0], texts[-1])}
    return set()


def schedules_said() -> set[Said]:
    """Give everything that can be wrong with a schedule or with working days."""
    found = set()
    for name in ("moments", "recurrence", "workdays"):
        tree = ast.parse((ROOT / "workflows" / f"{name}.py").read_text(encoding="utf-8"))
        for function in ast.walk(tree):
            if isinstance(function, ast.FunctionDef):
                calls = [node for node in ast.walk(function) if isinstance(node, ast.Call)]
                found |= {said for call in calls for said in _problem(call, function)}
    return found


def _problem(call: ast.Call, function: ast.FunctionDef) -> Iterator[Said]:
    if _name(call.func) == "unknown":
        kind = words(call.args[0])
        text = words(ast.Constant(problem.KINDS[kind]))
        yield Said(f"unknown-{kind}", STATUS["Usage"], text, words(ast.Constant("Use one of: %(known)s.")))
    elif _name(call.func) == "Problem" and _codes(call.args[0]):
        text, hint = (words(_seen(_one_of(call.args[place], function, call), function, call)) for place in (2, 3))
        yield Said(words(call.args[0]), STATUS["Usage"], text, hint)


def _one_of(node: ast.expr, function: ast.AST, use: ast.AST) -> ast.expr:
    """Give what a name was last set to above its use, together with others."""
    if not isinstance(node, ast.Name):
        return node
    pairs = [
        (assign.lineno, value)
        for assign in ast.walk(function)
        if isinstance(assign, ast.Assign) and isinstance(assign.targets[0], ast.Tuple)
        if isinstance(assign.value, ast.Tuple) and assign.lineno < getattr(use, "lineno", 0)
        for target, value in zip(assign.targets[0].elts, assign.value.elts, strict=True)
        if isinstance(target, ast.Name) and target.id == node.id
    ]
    alone = _seen(node, function, use)
    last = max(pairs, key=lambda pair: pair[0], default=None)
    return last[1] if last and not (alone is not node and alone and alone.lineno > last[0]) else node


def findings_said() -> set[Said]:
    """Give everything the verifier can find."""
    return {
        said
        for function, node in _within_functions()
        if isinstance(node, ast.Call) and _name(node.func) in {"add", "differ", "_misfit"}
        for said in _finding(node, function)
    }


def _finding(call: ast.Call, function: ast.AST) -> set[Said]:
    for position, argument in enumerate(call.args[:-1]):
        codes = _codes(argument)
        if codes and all("-" in code for code in codes):
            message = words(_seen(call.args[position + 1], function, call))
            return {Said(code, None, message, "") for code in codes}
    return set()


def kinds_logged() -> set[str]:
    """Give every kind of event that the source records."""
    found = set()
    for function, node in _within_functions():
        if isinstance(node, ast.Call) and _name(node.func) == "Draft":
            kind = _keyword(node, "kind")
            if isinstance(kind, ast.Name) and isinstance(function, ast.FunctionDef) and _takes(function, kind.id):
                found |= _kinds_given_to(function.name)
            else:
                found |= _kinds_in(_seen(kind, function, node))
    return found


def _takes(function: ast.FunctionDef, name: str) -> bool:
    return any(argument.arg == name for argument in function.args.args)


def _kinds_given_to(name: str) -> set[str]:
    calls = [node for node in _nodes() if isinstance(node, ast.Call) and _name(node.func) == name]
    return {kind for call in calls for argument in call.args for kind in _kinds_in(argument)}


def _kinds_in(node: ast.AST | None) -> set[str]:
    parts = ast.walk(node) if node else ()
    texts = {part.value for part in parts if isinstance(part, ast.Constant) and isinstance(part.value, str)}
    return {text for text in texts if _KIND.fullmatch(text)}


def import_codes() -> set[str]:
    """Give every code of a file that is refused."""
    return {
        node.value
        for node in _nodes()
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and re.fullmatch(r"import(-[a-z]+)+", node.value)
    }


def words(node: ast.expr | None) -> str:
    """Give the text of an expression with what is filled in as `NAME` or `…`, "" when it has none."""
    text = ""
    match node:
        case ast.Constant(value=str(constant)):
            text = _PLACEHOLDER.sub(lambda found: (found[1] or "…").upper(), constant)
        case ast.JoinedStr(values=parts):
            text = "".join(words(part) if isinstance(part, ast.Constant) else "…" for part in parts)
        case ast.BinOp(left=left):
            text = words(left)
        case ast.IfExp(body=body, orelse=other):
            text = _either([body, other])
        case ast.BoolOp(values=values):
            text = _either(values)
        case ast.Call(func=function, args=[first, *_]) if _name(function) in _TRANSLATES:
            text = words(first)
    return text


def _either(choices: list[ast.expr]) -> str:
    return " / ".join(dict.fromkeys(text for text in map(words, choices) if text))


def _codes(node: ast.expr) -> list[str]:
    match node:
        case ast.IfExp(body=body, orelse=other):
            return [*_codes(body), *_codes(other)]
        case ast.JoinedStr(values=[ast.Constant(value="missing-"), _]):
            return ["missing-argument", "missing-option"]
        case ast.JoinedStr(values=[_, ast.Constant(value="-of-missing")]):
            return ["update-of-missing", "delete-of-missing"]
    return [words(node)] if _is_code(node) else []


def _place_of_kind(row: ast.Tuple) -> int | None:
    """Find the error class in a row of a table that is followed by its code."""
    pairs = zip(row.elts, row.elts[1:], strict=False)
    return next((at for at, (kind, code) in enumerate(pairs) if _name(kind) in STATUS and _is_code(code)), None)


def _is_code(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and bool(_CODE.fullmatch(node.value))


def _name(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


def _keyword(call: ast.Call, name: str) -> ast.expr | None:
    return next((keyword.value for keyword in call.keywords if keyword.arg == name), None)


def _seen(node: ast.expr | None, function: ast.AST, use: ast.AST) -> ast.expr | None:
    """Give what a name was last set to above its use, anything else as it is."""
    if not isinstance(node, ast.Name):
        return node
    above = [
        one
        for one in ast.walk(function)
        if isinstance(one, ast.Assign)
        and isinstance(one.targets[0], ast.Name)
        and one.targets[0].id == node.id
        and one.lineno < getattr(use, "lineno", 0)
    ]
    return max(above, key=lambda one: one.lineno).value if above else node


def _within_functions() -> Iterator[tuple[ast.AST, ast.AST]]:
    """Yield every node with the innermost function it stands in, otherwise its module."""

    def descend(node: ast.AST, function: ast.AST) -> Iterator[tuple[ast.AST, ast.AST]]:
        for child in ast.iter_child_nodes(node):
            yield function, child
            yield from descend(child, child if isinstance(child, ast.FunctionDef) else function)

    for tree in trees():
        yield from descend(tree, tree)


def _nodes() -> Iterator[ast.AST]:
    return (node for _function, node in _within_functions())
