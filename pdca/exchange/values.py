"""Checks of the values of the import format, each refusing in words of the format."""

import datetime as dt
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from zoneinfo import available_timezones

from pydantic import AfterValidator, ValidationInfo
from pydantic_core import PydanticCustomError

from pdca.exchange.problems import nearest, quoted
from pdca.i18n import N_, _
from pdca.periods import Period, parse_period
from pdca.shapes import FIRST_YEAR, KEY, LAST_YEAR, LONGEST_LABEL, LONGEST_TEXT
from workflows.schedule import ScheduleError, StatedDate, named_zone, parse_stated

FORMAT = 1
LARGEST_AMOUNT = 10**12

DAY = "[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?"
_PLAN_NUMBER = re.compile(r"[Pp]-[0-9]+")
LANGUAGE = re.compile(r"(?:[A-Za-z]{2,3}|[A-Za-z]{5,8})(?:-[A-Za-z0-9]{1,8})*")
COUNTRY = re.compile(r"[A-Z]{2}")
EMAIL = re.compile(r"[^@\s<>()\[\],;:\\\"]{1,64}@[^@\s<>()\[\],;:\\\".]+(?:\.[^@\s<>()\[\],;:\\\".]+)+")
MADE_FROM = re.compile(r"[1-9][0-9]{0,17}-[0-9a-f]{16}")
URL = re.compile(r"https?://[^\s<>\"]+")
_CASE_OF_SUBTAG = {2: str.upper, 4: str.title}  # a region, a script
_EXPECTED = {
    "text": N_("Text is expected here, not %(kind)s."),
    "word": N_("A word is expected here, not %(kind)s."),
    "id": N_("An id is expected here, not %(kind)s."),
    "date": N_("A date is expected here, not %(kind)s."),
    "period": N_("A period is expected here, not %(kind)s."),
    "year": N_("A year is expected here, not %(kind)s."),
    "number": N_("A number is expected here, not %(kind)s."),
    "list": N_("A list is expected here, not %(kind)s."),
    "mapping": N_("A mapping is expected here, not %(kind)s."),
    "truth": N_("True or false is expected here, not %(kind)s."),
    "yes_no": N_("Yes or no is expected here, not %(kind)s."),
}
_EMPTY = N_("This text is empty.")
_EMPTY_HINT = N_("Write it, or leave the key out.")


def refusal(code: str, message: str, hint: str | None = None, at: tuple[str | int, ...] = ()) -> PydanticCustomError:
    """Make the error of a field; `at` leads from the field to the part of it that is wrong."""
    return PydanticCustomError(code, "{message}", {"message": message, "hint": hint, "at": at})


def kind_of(value: object) -> str:
    """Name what a value is, for “text is expected here, not …”."""
    if value is None:
        return _("nothing")
    if isinstance(value, bool):
        return _("true or false")
    if isinstance(value, int | Decimal):
        return _("a number")
    if isinstance(value, str):
        return _("a text")
    return _("a list") if isinstance(value, list) else _("a mapping")


def unexpected(expected: str, kind: str) -> str:
    """Say that a value is not of the expected kind, a key of `_EXPECTED`; `kind` names what it is."""
    return _(_EXPECTED[expected]) % {"kind": kind}


def wrong_type(expected: str, value: object, at: tuple[str | int, ...] = ()) -> PydanticCustomError:
    """Refuse a value that is not of the expected kind."""
    return refusal("import-wrong-type", unexpected(expected, kind_of(value)), hint_for(expected, value), at)


def hint_for(expected: str, value: object) -> str | None:
    """Say how a value of the expected kind is written, where that is not plain."""
    if expected == "text" and isinstance(value, bool | int | Decimal):
        return _("Put it in quotes.")
    if expected == "truth":
        return _("Write true or false.")
    if expected == "list":
        return _("Write the items as “- …” lines, or as [one, two]; for none, leave the key out.")
    if expected == "number" and isinstance(value, str):
        return _("Write it without quotes or unit, with a point before the decimals: 8.5.")
    return None


def check_text(value: object) -> str:
    """Check a text that says something."""
    if not isinstance(value, str):
        raise wrong_type("text", value)
    if not value.strip():
        raise refusal("import-blank", _(_EMPTY), _(_EMPTY_HINT))
    if len(value) > LONGEST_TEXT:
        message = _("This text has %(length)s characters; at most %(longest)s are kept.")
        message %= {"length": len(value), "longest": LONGEST_TEXT}
        raise refusal("import-text-too-long", message, _("Shorten it, and say where the rest is found."))
    return value


def check_label(value: object) -> str:
    """Check a text of one line."""
    text = check_text(value).strip()
    if "\n" in text or "\t" in text or len(text) > LONGEST_LABEL:
        message = _("This must be one line of at most %(count)s characters.") % {"count": LONGEST_LABEL}
        raise refusal("import-not-one-line", message, _("Shorten it; longer text goes in a note."))
    return text


def check_key(value: object) -> str:
    """Check an id."""
    text = check_text(value)
    if not KEY.fullmatch(text):
        hint = _("Use up to 63 letters without accents, digits, “-”, “_” and “.”, beginning with a letter or digit.")
        raise refusal("import-bad-id", _("“%(text)s” cannot be an id.") % {"text": quoted(text)}, hint)
    return text


def is_plan_number(text: str) -> bool:
    """Tell whether a text is written as the numbers that the program gives to plans."""
    return _PLAN_NUMBER.fullmatch(text) is not None


def check_plan_key(value: str) -> str:
    """Keep the numbers that the program gives out from being the id of a plan."""
    if is_plan_number(value):
        message = _("“%(id)s” looks like a number that the program itself gives out.") % {"id": value}
        raise refusal("import-reserved-id", message, _("Give the plan a name of its own, such as AP-SUMMER."))
    return value


def check_matching(pattern: re.Pattern[str], message: str, hint: str) -> AfterValidator:
    """Make the check that a text is written as a pattern says; message and hint are translated when it is not."""

    def check(value: str) -> str:
        if not pattern.fullmatch(value):
            raise refusal("import-bad-value", _(message) % {"text": quoted(value)}, _(hint))
        return value

    return AfterValidator(check)


def language_code(value: object) -> str:
    """Check a BCP 47 code and bring it to its usual capitals: nl, pt-BR, zh-Hant."""
    text = check_text(value)
    if not LANGUAGE.fullmatch(text):
        hint = _("Use a BCP 47 code such as nl, fr, en or pt-BR.")
        raise refusal("import-bad-language", _("“%(text)s” is not a language code.") % {"text": quoted(text)}, hint)
    first, *rest = text.split("-")
    return "-".join((first.lower(), *(_CASE_OF_SUBTAG.get(len(part), str.lower)(part) for part in rest)))


def _texts(value: object, info: ValidationInfo, one: Any) -> dict[str, str]:  # noqa: ANN401 - a validator of text
    if isinstance(value, str):
        return {(info.context or {})["language"]: one(value)}
    if not isinstance(value, Mapping):
        raise wrong_type("text", value)
    if not value:
        raise refusal("import-blank", _(_EMPTY), _(_EMPTY_HINT))
    texts: dict[str, str] = {}
    for language, text in value.items():
        try:
            code = language_code(language)
            if code in texts:
                message = _("The language %(language)s stands here twice.") % {"language": code}
                raise refusal("import-bad-language", message, _("Leave one out."))
            texts[code] = one(text)
        except PydanticCustomError as error:
            context = error.context or {}
            raise refusal(error.type, context["message"], context["hint"], (language,)) from error
    return texts


def check_local_label(value: object, info: ValidationInfo) -> dict[str, str]:
    """Check one line, alone or per language, and give it per language."""
    return _texts(value, info, check_label)


def check_local_text(value: object, info: ValidationInfo) -> dict[str, str]:
    """Check a text, alone or per language, and give it per language."""
    return _texts(value, info, check_text)


def check_stated(value: object) -> StatedDate:
    """Check a date, as precise as somebody stated it."""
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str):
        raise wrong_type("date", value)
    try:
        stated = parse_stated(value)
    except ScheduleError as error:
        raise refusal("import-bad-date", error.words(_), _(error.hint)) from error
    _within_reach(stated.date)
    return stated


def check_first_day(value: object) -> StatedDate:
    """Check a date, and give its first day: what begins in a month begins on its first day."""
    return parse_stated(check_stated(value).first_day.isoformat())


def check_last_day(value: object) -> StatedDate:
    """Check a date, and give its last day: what ends in a month ends on its last day."""
    return parse_stated(check_stated(value).date.isoformat())


def check_day(value: object) -> StatedDate:
    """Check the date of something that happened on one day."""
    stated = check_stated(value)
    if stated.first_day != stated.date:
        message = _("“%(text)s” is not a day.") % {"text": stated.text}
        raise refusal("import-bad-date", message, _("Write the whole date: 2024-10-31."))
    return stated


def check_period(value: object) -> Period:
    """Check the period of a figure."""
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str):
        raise wrong_type("period", value)
    try:
        period = parse_period(value)
    except ScheduleError as error:
        raise refusal("import-bad-date", error.words(_), _(error.hint)) from error
    _within_reach(period.first_day)
    _within_reach(period.last_day)
    return period


def _within_reach(date: dt.date) -> None:
    if not FIRST_YEAR <= date.year <= LAST_YEAR:
        raise _out_of_reach(date.year)


def _out_of_reach(year: int) -> PydanticCustomError:
    hint = _("Use a year from %(first)s to %(last)s.") % {"first": FIRST_YEAR, "last": LAST_YEAR}
    return refusal("import-bad-date", _("The year %(year)s is out of reach.") % {"year": year}, hint)


def check_version(value: object) -> int:
    """Check the version of the format."""
    if type(value) is not int or value != FORMAT:
        said = quoted(str(value)) if isinstance(value, int | str) else kind_of(value)
        message = _("This program reads version %(version)s of the format, and this file says %(said)s.")
        hint = _("Write “pdca: %(version)s”.") % {"version": FORMAT}
        raise refusal("import-version", message % {"version": FORMAT, "said": said}, hint)
    return value


def check_number(value: object) -> Decimal:
    """Check a number and keep it exactly."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise wrong_type("number", value)
    return Decimal(value)


def check_amount(value: object) -> Decimal:
    """Check a number that is not less than nothing."""
    number = check_number(value)
    if number < 0:
        message = _("%(number)s is less than nothing.") % {"number": number}
        raise refusal("import-bad-value", message, _("Write 0 or more."))
    if number > LARGEST_AMOUNT:
        message = _("%(number)s is more than anybody has.") % {"number": number}
        raise refusal("import-bad-value", message, _("Write at most %(largest)s.") % {"largest": LARGEST_AMOUNT})
    return number


def check_place(value: object) -> Decimal:
    """Check the place of something in a list, counted from 1."""
    number = check_number(value)
    if number != number.to_integral_value() or number < 1:
        message = _("%(number)s is no place in a list.") % {"number": number}
        raise refusal("import-bad-value", message, _("Count the list from 1."))
    return number


def check_days(value: object) -> Decimal:
    """Check a number of days, at least one."""
    number = check_number(value)
    if number != number.to_integral_value() or number < 1:
        message = _("%(number)s is no number of days.") % {"number": number}
        raise refusal("import-bad-value", message, _("Write a whole number, 1 or more."))
    return number


def check_version_number(value: object) -> Decimal:
    """Check the number of a version of a programme, counted from 0."""
    number = check_number(value)
    if number != number.to_integral_value() or number < 0:
        message = _("%(number)s is no number of a version.") % {"number": number}
        raise refusal("import-bad-value", message, _("Number the versions from 0."))
    return number


def check_year(value: object) -> int:
    """Check a calendar year."""
    if isinstance(value, str) and value.isascii() and value.isdigit():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        raise wrong_type("year", value)
    if not FIRST_YEAR <= value <= LAST_YEAR:
        raise _out_of_reach(value)
    return value


def check_zone(value: str) -> str:
    """Check the name of a time zone."""
    try:
        named_zone(value)
    except ScheduleError as error:
        like = nearest(value, available_timezones())
        hint = _("Did you mean “%(name)s”?") % {"name": like} if like else _(error.hint)
        message = _("There is no time zone “%(zone)s”.") % {"zone": quoted(value)}
        raise refusal("import-bad-value", message, hint) from error
    return value
