"""Setting single fields of a plan's document: `title.nl=…`, `rubrics.slachtoffers=…`, `period.to=…`.

A field is named by the keys of the format with dots between them; an item of a list by its id, its party, or its place.
A value is written as in a cell of the workbook; nothing after the `=` takes the field away.
"""

import re
from collections.abc import Iterable, Mapping, MutableMapping, Sequence
from typing import Any, Final

from pdca.errors import Place, Usage
from pdca.exchange.differences import named
from pdca.exchange.plan_records import Plan, Rubric
from pdca.exchange.problems import nearest, quoted
from pdca.exchange.wording import Data
from pdca.exchange.workbook_cells import Unfit, value_of
from pdca.exchange.workbook_kinds import Field, Kind, Leaf, Nested, Record, Rows, fields_of
from pdca.exchange.workbook_tidy import ALONE, whole_record
from pdca.i18n import LANGUAGES, _
from workflows.method import WorkflowDefinition

_LANGUAGE: Final = re.compile(r"[a-z]{2}(?:-[A-Za-z0-9]{2,8})?")
_ONE_OF_TWO: Final = {"text": "not_applicable", "not_applicable": "text"}
"""What a rubric says besides: it has one of the two."""


def set_fields(document: Data, settings: Iterable[str], definition: WorkflowDefinition) -> None:
    """Set fields of the document of a plan, each written as FIELD=VALUE.

    Raises Usage for every field that is none, with those that there are, and for every value that cannot stand there.
    """
    seen: set[str] = set()
    wrong: list[Usage] = []
    for setting in settings:
        try:
            _set(document, setting, definition, seen)
        except Usage as error:
            wrong.append(error)
    if len(wrong) == 1:
        raise wrong[0]
    if wrong:
        first = wrong[0]
        told = (f"{error.message} ({error.hint})" if error.hint else error.message for error in wrong)
        raise Usage(first.code, "\n".join(told), hint=_("Correct them all; nothing was changed."), place=first.place)


def _set(document: Data, setting: str, definition: WorkflowDefinition, seen: set[str]) -> None:
    field, equals, text = setting.partition("=")
    if not equals:
        raise Usage(
            "no-value",
            _("“%(setting)s” gives no value.") % {"setting": quoted(setting)},
            hint=_("Write FIELD=VALUE; nothing after the = takes the field away."),
        )
    name = field.strip().removeprefix("plan.")
    code, between, words = text.partition("=")
    if name.rpartition(".")[2] == "title" and between and code in LANGUAGES:
        # As the other commands take a title: title=nl=….
        name, text = f"{name}.{code}", words
    if name in seen:
        raise Usage(
            "field-twice",
            _("“%(field)s” is set twice.") % {"field": quoted(name)},
            hint=_("Set each field once."),
        )
    seen.add(name)
    steps = name.split(".")
    if steps == ["id"]:
        raise Usage(
            "edit-other-plan",
            _("A plan keeps its id “%(id)s”.") % {"id": document["plan"]["id"]},
            hint=_("Leave it out; a plan with another id is made with `pdca plan new`."),
            place=Place(field="plan.id"),
        )
    if steps == ["objective"]:
        document["objective"] = text.strip()
    else:
        _Setting(name, text, document["language"], definition).in_record(Plan, document["plan"], steps)


class _Setting:
    def __init__(self, field: str, text: str, language: str, definition: WorkflowDefinition) -> None:
        self.field = field
        self.text = text
        self.language = language
        self.definition = definition

    def in_record(self, record: Record, value: MutableMapping[str, Any], steps: Sequence[str]) -> None:
        """Set what the steps name in a record."""
        fields = {field.key: field for field in fields_of(record)}
        if not steps or steps[0] not in fields:
            if record is Rubric and (not steps or _LANGUAGE.fullmatch(steps[0])):
                self.in_record(record, value, ["text", *steps])
                return
            raise self.unknown(steps[0] if steps else None, fields)
        key, *deeper = steps
        self.of_field(fields[key], value, deeper)
        if record is Rubric and key in _ONE_OF_TWO and key in value:
            value.pop(_ONE_OF_TWO[key], None)

    def of_field(self, field: Field, value: MutableMapping[str, Any], steps: Sequence[str]) -> None:
        """Set a field of a record, or what the steps name in it."""
        match field.of:
            case Leaf(kind=Kind.LOCAL):
                self.local(field.key, value, steps)
            case Leaf() as leaf:
                if steps:
                    raise self.unknown(steps[0], (), hint=_("%(field)s is one value.") % {"field": field.key})
                self.leaf(leaf, field.key, value)
            case Nested(record=record):
                inner = dict(whole_record(record, value.get(field.key) or {}))
                self.in_record(record, inner, steps)
                self.put(value, field.key, inner)
            case Rows(shape="map", record=record) if record is not None:
                self.rubric(record, value.setdefault(field.key, {}), steps)
            case Rows(shape="list", record=record) if record is not None:
                self.item(record, field.key, value, steps)
            case _:
                raise self.too_large()

    def local(self, key: str, value: MutableMapping[str, Any], steps: Sequence[str]) -> None:
        """Set a text in one language, that of the document unless another is named; the others stay.

        Taken away without a language it goes in all.
        """
        if not steps and not self.text.strip():
            value.pop(key, None)
            return
        language = steps[0] if steps else self.language
        if len(steps) > 1 or not _LANGUAGE.fullmatch(language):
            raise self.unknown(steps[-1], ("nl", "fr", "en"))
        present = value.get(key) or {}
        texts = dict(present) if isinstance(present, Mapping) else {self.language: present}
        self.put(texts, language, self.text.strip())
        self.put(value, key, texts[self.language] if texts.keys() == {self.language} else texts)

    def leaf(self, leaf: Leaf, key: str, value: MutableMapping[str, Any]) -> None:
        """Set a value of one cell."""
        if not self.text.strip():
            value.pop(key, None)
            return
        try:
            value[key] = value_of(leaf, self.text.strip())
        except Unfit as unfit:
            raise Usage(
                "bad-value",
                _("%(name)s is not understood: %(reason)s") % {"name": self.field, "reason": unfit.message},
                hint=unfit.hint,
            ) from unfit

    def rubric(self, record: Record, rubrics: MutableMapping[str, Any], steps: Sequence[str]) -> None:
        """Set a rubric of the method; one without a text and without a reason is left out."""
        known = [rubric.id for rubric in self.definition.rubrics]
        if not steps or steps[0] not in known:
            raise self.unknown(steps[0] if steps else None, known)
        rubric = dict(whole_record(record, rubrics.get(steps[0]) or {}))
        self.in_record(record, rubric, steps[1:])
        self.put(rubrics, steps[0], rubric if rubric.keys() & _ONE_OF_TWO.keys() else None)

    def item(self, record: Record, key: str, value: MutableMapping[str, Any], steps: Sequence[str]) -> None:
        """Set a field of an item of a list; a list of ids can also be set whole."""
        items = list(value.get(key) or ())
        by_name = named(items)
        if not steps:
            self.put(value, key, self.ids(record, by_name))
            return
        if steps[0] not in by_name:
            raise self.unknown(steps[0], by_name)
        place = list(by_name).index(steps[0])
        inner = dict(whole_record(record, items[place]))
        self.in_record(record, inner, steps[1:])
        items[place] = inner
        value[key] = items

    def ids(self, record: Record, by_name: Mapping[str, Any]) -> list[Any]:
        """Read a list of ids; what is said of those that are there already stays."""
        if ALONE.get(record) not in ("party", "id"):
            raise self.too_large()
        names = value_of(Leaf(Kind.KEYS), self.text)
        return [by_name.get(name, name) for name in names]

    def put(self, value: MutableMapping[str, Any], key: str, found: object) -> None:
        """Set a value, or take it away when it says nothing."""
        if found:
            value[key] = found
        else:
            value.pop(key, None)

    def unknown(self, step: str | None, known: Iterable[str], *, hint: str | None = None) -> Usage:
        """Make the error for a field that is none."""
        possible = list(known)
        like = nearest(step, possible) if step else None
        if possible:
            hint = _("Possible there: %(fields)s.") % {"fields": ", ".join(possible)}
        if like:
            hint = " ".join(filter(None, [_("Did you mean “%(name)s”?") % {"name": like}, hint]))
        if step is None:
            message = _("“%(field)s” has several fields; say which.") % {"field": self.field}
        else:
            message = _("There is no field “%(step)s” in “%(field)s”.") % {"step": quoted(step), "field": self.field}
        return Usage("field-unknown", message, hint=hint)

    def too_large(self) -> Usage:
        """Make the error for what is no single field."""
        return Usage(
            "field-too-large",
            _("“%(field)s” is more than a single field.") % {"field": self.field},
            hint=_("Change it with `pdca plan edit PLAN`."),
        )
