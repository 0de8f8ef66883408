"""Checks across the whole file: ids given twice, references to nothing, parts that need each other.

They work on the file as read and not on the records, so that one wrong value hides nothing else: whatever has the
wrong type is passed over here, because the schema reports it.
"""

from collections.abc import Collection, Iterable, Iterator
from typing import Any, NamedTuple, TypeAlias

from pdca.exchange.faults import Fault
from pdca.exchange.located import Path
from pdca.exchange.problems import quoted
from workflows.definition import available, load

Mapping: TypeAlias = dict[str, Any]
Named: TypeAlias = Iterable[tuple[Path, str]]

_OF_A_PROGRAMME = ("organisation", "functions", "stakeholders", "programme", "indicators", "objectives")


class _Found(NamedTuple):
    """A mapping of the file and its path."""

    path: Path
    value: Mapping

    def items(self, key: str) -> Iterator["_Found"]:
        """Give the mappings in the list under a key."""
        listed = self.value.get(key)
        for index, item in enumerate(listed if isinstance(listed, list) else ()):
            if isinstance(item, dict):
                yield _Found((*self.path, key, index), item)

    def words(self, key: str) -> Iterator[tuple[Path, str]]:
        """Give the texts in the list under a key, or the one text there."""
        listed = self.value.get(key)
        if isinstance(listed, str):
            yield (*self.path, key), listed
        for index, item in enumerate(listed if isinstance(listed, list) else ()):
            if isinstance(item, str):
                yield (*self.path, key, index), item

    def under(self, key: str) -> "_Found":
        """Give the mapping under a key, an empty one when there is none."""
        inner = self.value.get(key)
        return _Found((*self.path, key), inner if isinstance(inner, dict) else {})


def cross_check(value: object, known_parties: Collection[str] | None) -> Iterator[Fault]:
    """Find what does not fit together in the file as read; see `read_document` for `known_parties`."""
    if not isinstance(value, dict):
        return
    root = _Found((), value)
    objectives = list(_objectives(root))
    plans = [plan for objective in objectives for plan in objective.items("plans")]
    whole = any(key in value for key in _OF_A_PROGRAMME) or "people" not in value
    if whole:
        yield from _required_parts(value)
    yield from _ids(root, objectives, plans)
    yield from _method(root, objectives, plans)
    yield from _sources(root)
    if whole or known_parties is not None:
        parties = {word for key in ("functions", "stakeholders") for word in _ids_of(root.items(key))}
        yield from _references(
            _parties_named(root, plans), parties | set(known_parties or ()), "function or stakeholder"
        )
        yield from _axes(root, plans, parties | set(known_parties or ()))
    indicators = set(_ids_of(root.items("indicators")))
    yield from _references(_indicators_named(plans), indicators, "indicator")
    yield from _follows(plans)
    for plan in plans:
        yield from _given_twice(plan)


def _required_parts(value: Mapping) -> Iterator[Fault]:
    for key in ("organisation", "programme"):
        if value.get(key) is None:
            hint = "Only a file that holds nothing but people can do without."
            yield Fault((key,), "import-missing-key", f"The key “{key}” is missing.", hint)


def _objectives(parent: _Found) -> Iterator[_Found]:
    for objective in parent.items("objectives"):
        yield objective
        yield from _objectives(objective)


def _ids_of(records: Iterable[_Found]) -> Iterator[str]:
    return (word for record in records for _, word in _id(record))


def _id(record: _Found) -> Iterator[tuple[Path, str]]:
    word = record.value.get("id")
    if isinstance(word, str):
        yield (*record.path, "id"), word


def _ids(root: _Found, objectives: list[_Found], plans: list[_Found]) -> Iterator[Fault]:
    spaces: list[Iterable[_Found]] = [
        (record for key in ("functions", "stakeholders") for record in root.items(key)),
        root.items("people"),
        root.items("indicators"),
        objectives,
        plans,
        root.under("programme").items("previous"),
        *(plan.items(key) for plan in plans for key in ("activities", "axes")),
    ]
    for records in spaces:
        named = (found for record in records for found in _id(record))
        yield from _twice(named, "import-duplicate-id", "The id “{}” is given twice.")
    logins = (found for person in root.items("people") for found in person.words("login"))
    yield from _twice(logins, "import-duplicate-id", "The login “{}” is given to two people.")


def _twice(named: Named, code: str, message: str) -> Iterator[Fault]:
    """Find words given twice; ids that differ only in capitals are too easily taken for each other."""
    first: dict[str, Path] = {}
    for path, word in named:
        before = first.setdefault(word.casefold(), path)
        if before is not path:
            yield Fault(path, code, message.replace("{}", quoted(word)), "Leave one out, or rename it.", other=before)


def _references(named: Named, known: Collection[str], what: str) -> Iterator[Fault]:
    for path, word in named:
        if word not in known:
            message = f"There is no {what} “{quoted(word)}”."
            hint = "Add it to this file, or correct the name."
            yield Fault(path, "import-unknown-reference", message, hint, wrote=word, among=known)


def _parties_named(root: _Found, plans: list[_Found]) -> Iterator[tuple[Path, str]]:
    for person in root.items("people"):
        for appointment in person.items("appointments"):
            yield from appointment.words("party")
    for approval in root.under("programme").items("approvals"):
        yield from approval.words("party")
    for plan in plans:
        yield from plan.words("lead")
        yield from plan.words("group")
        for key, word in (("activities", "owner"), ("information", "to"), ("handovers", "to")):
            for record in plan.items(key):
                yield from record.words(word)


def _indicators_named(plans: list[_Found]) -> Iterator[tuple[Path, str]]:
    for plan in plans:
        yield from plan.words("indicators")
        for activity in plan.items("activities"):
            yield from activity.words("indicator")


def _axes(root: _Found, plans: list[_Found], parties: Collection[str]) -> Iterator[Fault]:
    """An axis is led by parties or by the organisation; activities name axes of their own plan."""
    leads = {*parties, *_ids_of((root.under("organisation"),))}
    for plan in plans:
        axes = set(_ids_of(plan.items("axes")))
        led = (found for axis in plan.items("axes") for found in axis.words("leads"))
        yield from _references(led, leads, "function or stakeholder")
        named = (found for activity in plan.items("activities") for found in activity.words("axis"))
        yield from _references(named, axes, "axis of this plan")


def _follows(plans: list[_Found]) -> Iterator[Fault]:
    ids = set(_ids_of(plans))
    before: dict[str, str] = {}
    for plan in plans:
        yield from _references(plan.words("follows"), ids, "plan")
        for (_, word), (_, followed) in zip(_id(plan), plan.words("follows"), strict=False):
            before[word] = followed
    circular = _in_circles(before)
    for plan in plans:
        for _, word in _id(plan):
            if word in circular:
                message = f"The plan “{quoted(word)}” follows itself, directly or through others."
                yield Fault((*plan.path, "follows"), "import-circle", message, "Leave out one “follows”.")


def _in_circles(before: dict[str, str]) -> set[str]:
    """Find the words that lead back to themselves, each word looked at once."""
    seen: set[str] = set()
    circular: set[str] = set()
    for word in before:
        walked: dict[str, int] = {}
        at: str | None = word
        while at is not None and at not in seen:
            seen.add(at)
            walked[at] = len(walked)
            at = before.get(at)
        if at in walked:
            circular.update(list(walked)[walked[at] :])
    return circular


def _given_twice(plan: _Found) -> Iterator[Fault]:
    """Find references and moments that stand twice in one plan."""
    message = "“{}” stands twice in this list."
    yield from _twice(plan.words("group"), "import-duplicate-entry", message)
    yield from _twice(plan.words("indicators"), "import-duplicate-entry", message)
    for key, keys in (("evaluations", ("kind", "date")), ("information", ("to", "date", "method"))):
        moments = ((record.path, " ".join(str(record.value.get(word)) for word in keys)) for record in plan.items(key))
        yield from _twice(moments, "import-duplicate-entry", message)


def _method(root: _Found, objectives: list[_Found], plans: list[_Found]) -> Iterator[Fault]:
    """Hold the file to the method it names: its rubrics and its levels, the last two being plan and activity."""
    for path, method in root.under("programme").words("method"):
        if method not in available():
            yield from _references([(path, method)], available(), "method")
            return
        definition = load(method)
        rubrics = tuple(rubric.id for rubric in definition.rubrics)
        for plan in plans:
            filled = plan.under("rubrics")
            for key in filled.value:
                if key not in rubrics:
                    message = f"The method {method} has no rubric “{quoted(key)}”."
                    hint = f"Its rubrics are: {', '.join(rubrics)}."
                    here = (*filled.path, key)
                    yield Fault(here, "import-unknown-rubric", message, hint, at_key=True, wrote=key, among=rubrics)
        deepest = max(1, len(definition.levels) - 2)
        for objective in objectives:
            if objective.path.count("objectives") > deepest:
                message = f"The method {method} has {deepest} levels of objectives, and this one stands deeper."
                yield Fault(objective.path, "import-too-many-levels", message, "Put its plans one level higher.")


def _sources(root: _Found) -> Iterator[Fault]:
    known = root.under("sources").value
    yield from _references(_sources_named(root.value, ()), known, "source")


def _sources_named(value: object, path: Path) -> Iterator[tuple[Path, str]]:
    """Give every source key that any record of the file names."""
    if isinstance(value, dict):
        if isinstance(value.get("source"), list):
            yield from _Found(path, value).words("source")
        for key, inner in value.items():
            yield from _sources_named(inner, (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _sources_named(inner, (*path, index))
