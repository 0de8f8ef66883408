"""The fields of an activity as they are given on the command line, each read by what it may hold."""

import re
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any, Final

from pdca.cli.given import unusable
from pdca.cli.party import find_party
from pdca.cli.plan_document import Written
from pdca.cli.words import parse_stated_date
from pdca.i18n import _
from pdca.words import ACTIVITY_STATUS

_DECIMAL: Final = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")


def _owner(_option: str, text: str, written: Written) -> str:
    return str(find_party(written.connection, text)["party_id"])


def _stated(option: str, text: str, _written: Written) -> str:
    return parse_stated_date(option, text).text


def _status(option: str, text: str, _written: Written) -> str:
    return _among(option, text, tuple(ACTIVITY_STATUS))


def _rubric(option: str, text: str, written: Written) -> str:
    return _among(option, text, [rubric.id for rubric in written.definition.rubrics])


def _indicator(option: str, text: str, written: Written) -> str:
    return _among(option, text, sorted(written.known.indicators))


def _axis(option: str, text: str, written: Written) -> str:
    return _among(option, text, [axis["id"] for axis in written.plan.get("axes", ())])


def _objective(option: str, text: str, written: Written) -> str:
    """An objective under the plan, with or without the plan before it."""
    return _among(option, text.rpartition("/")[2], [one["id"] for one in written.plan.get("objectives", ())])


def _after(option: str, text: str, written: Written) -> list[str]:
    """Several stand with commas between them, each with or without its plan."""
    known = [one["id"] for one in written.plan["activities"]]
    named = [word.strip().rpartition("/")[2] for word in text.split(",")]
    return [_among(option, word, known) for word in dict.fromkeys(named)]


def _result(option: str, text: str, _written: Written) -> Decimal | None:
    return number(option, text)


def _note(_option: str, text: str, _written: Written) -> str:
    return text


READ: Final[dict[str, Callable[[str, str, Written], Any]]] = {
    "owner": _owner,
    "start": _stated,
    "end": _stated,
    "status": _status,
    "rubric": _rubric,
    "objective": _objective,
    "after": _after,
    "indicator": _indicator,
    "axis": _axis,
    "result": _result,
    "note": _note,
}


def _among(option: str, text: str, choices: Sequence[str]) -> str:
    found = next((choice for choice in choices if choice.casefold() == text.casefold()), None)
    if found is None:
        hint = _("Choose one of %(choices)s.") if choices else _("There is none to choose from yet.")
        raise unusable(option, text, hint % {"choices": ", ".join(choices)})
    return found


def number(option: str, text: str | None) -> Decimal | None:
    """Read a number that is given with an option; raises Usage for anything else."""
    if text is None:
        return None
    if not _DECIMAL.fullmatch(text):
        raise unusable(option, text, _("Write a number, with a point before the decimals: 8.5."))
    return Decimal(text)
