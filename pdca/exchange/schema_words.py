"""What the schema found wrong, in words for somebody who writes a file by hand."""

from collections.abc import Mapping
from typing import Any, get_args

from pydantic import BaseModel

from pdca.exchange.faults import Fault
from pdca.exchange.located import Path
from pdca.exchange.problems import quoted
from pdca.exchange.values import hint_for, kind_of, unexpected
from pdca.i18n import _

# Keys that a file may leave out by writing the value itself (a rubric as its text, a perimeter as its places).
_IMPLIED = frozenset({"id", "party", "places", "text"})

_EXPECTED = {
    "bool_type": "truth",
    "dict_type": "mapping",
    "model_type": "mapping",
    "tuple_type": "list",
}


def fault_of(error: Mapping[str, Any], schema: type[BaseModel], value: object) -> Fault:
    """Turn one error of the schema into a fault; `value` is the whole file as read."""
    kind, written = error["type"], error["input"]
    location: Path = tuple(error["loc"])
    path, at_key = _path_in_file(location, value)
    if kind == "extra_forbidden":
        return _unknown_key(location, path, schema)
    if kind == "literal_error":
        return _unknown_word(location, path, schema, written)
    if kind == "missing":
        message = _("The key “%(key)s” is missing.") % {"key": location[-1]}
        return Fault((*path, location[-1]), "import-missing-key", message)
    context = error.get("ctx", {})
    if "at" in context:  # as `values.refusal` makes it
        return Fault((*path, *context["at"]), kind, context["message"], context["hint"], at_key=at_key)
    return _wrong_value(kind, path, written, at_key=at_key)


def _wrong_value(kind: str, path: Path, written: object, *, at_key: bool) -> Fault:
    if kind == "too_short":
        return Fault(path, "import-blank", _("This list is empty."), _("Name at least one."))
    expected = _EXPECTED.get(kind)
    if expected is None:
        return Fault(path, "import-bad-value", _("This value cannot stand here."), at_key=at_key)
    message = unexpected(expected, kind_of(written))
    return Fault(path, "import-wrong-type", message, hint_for(expected, written), at_key=at_key)


def _unknown_key(location: Path, path: Path, schema: type[BaseModel]) -> Fault:
    known = _keys_at(location[:-1], schema)
    key = str(location[-1])
    here = path if path and path[-1] == key else (*path, key)
    hint = _("The keys here are: %(keys)s.") % {"keys": ", ".join(known)} if known else None
    message = _("There is no key “%(key)s” here.") % {"key": quoted(key)}
    return Fault(here, "import-unknown-key", message, hint, at_key=True, wrote=key, among=known)


def _unknown_word(location: Path, path: Path, schema: type[BaseModel], written: object) -> Fault:
    words = _words_at(location, schema)
    hint = _("Write one of: %(words)s.") % {"words": ", ".join(words)}
    if isinstance(written, str):
        message = _("“%(word)s” is not one of the words for this.") % {"word": quoted(written)}
        return Fault(path, "import-unknown-word", message, hint, wrote=written, among=words)
    return Fault(path, "import-wrong-type", unexpected("word", kind_of(written)), hint)


def _path_in_file(location: Path, value: Any) -> tuple[Path, bool]:  # noqa: ANN401 - whatever the file holds
    """Follow the schema's location through the file; tell whether it points at a key."""
    path: list[str | int] = []
    for step in location:
        if step == "[key]" and not (isinstance(value, dict) and step in value):
            return tuple(path), True
        known = step in value if isinstance(value, dict) else isinstance(value, list) and isinstance(step, int)
        if known:
            value = value[step]
            path.append(step)
        elif step not in _IMPLIED:
            break
    return tuple(path), False


def _annotation_at(location: Path, schema: type[BaseModel]) -> Any:  # noqa: ANN401 - a type annotation
    """Find the type annotation at a location of the schema."""
    annotation: Any = schema
    for step in location:
        model = _model_in(annotation)
        fields = {} if model is None else {field.alias or name: field for name, field in model.model_fields.items()}
        if step in fields:
            annotation = fields[str(step)].annotation
    return annotation


def _keys_at(location: Path, schema: type[BaseModel]) -> tuple[str, ...]:
    model = _model_in(_annotation_at(location, schema))
    return () if model is None else tuple(field.alias or name for name, field in model.model_fields.items())


def _words_at(location: Path, schema: type[BaseModel]) -> list[str]:
    """Give the words of the Literal at a location."""
    pending = [_annotation_at(location, schema)]
    words: list[str] = []
    while pending:
        for inner in get_args(pending.pop()):
            if isinstance(inner, str):
                words.append(inner)
            else:
                pending.append(inner)
    return words


def _model_in(annotation: Any) -> type[BaseModel] | None:  # noqa: ANN401 - a type annotation
    """Find the record inside an annotation such as a list, a mapping, or an optional one."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((model for inner in get_args(annotation) if (model := _model_in(inner)) is not None), None)
