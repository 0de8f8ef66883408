"""The kinds of value a field of the import format can hold, with their shape in the JSON Schema of the format."""

from decimal import Decimal
from typing import Annotated, Any, TypeAlias, TypeVar

from pydantic import AfterValidator, Field, PlainValidator, WithJsonSchema

from pdca.exchange.values import (
    COUNTRY,
    DAY,
    EMAIL,
    FORMAT,
    LANGUAGE,
    LARGEST_AMOUNT,
    MADE_FROM,
    URL,
    check_amount,
    check_day,
    check_days,
    check_first_day,
    check_key,
    check_label,
    check_last_day,
    check_local_label,
    check_local_text,
    check_matching,
    check_number,
    check_period,
    check_place,
    check_plan_key,
    check_stated,
    check_text,
    check_version,
    check_version_number,
    check_year,
    check_zone,
    language_code,
)
from pdca.i18n import N_
from pdca.periods import Period
from pdca.shapes import FIRST_YEAR, KEY, LAST_YEAR, LONGEST_LABEL, LONGEST_TEXT, REACTION, SESSION, WORD
from workflows.schedule import StatedDate


def _schema(description: str, pattern: str | None = None, **more: Any) -> WithJsonSchema:  # noqa: ANN401 - JSON
    shape = {"pattern": f"^{pattern}$"} if pattern else {}
    return WithJsonSchema({"type": "string", **shape, **more, "description": description})


def _date_schema(description: str) -> WithJsonSchema:
    shapes: list[dict[str, Any]] = [
        {"type": "string", "pattern": f"^{DAY}$"},
        {"type": "integer", "minimum": FIRST_YEAR, "maximum": LAST_YEAR},
    ]
    return WithJsonSchema({"anyOf": shapes, "description": description})


def _local_schema(description: str, shape: dict[str, Any]) -> WithJsonSchema:
    texts = {
        "type": "object",
        "propertyNames": {"pattern": f"^{LANGUAGE.pattern}$"},
        "additionalProperties": shape,
        "minProperties": 1,
    }
    return WithJsonSchema({"anyOf": [shape, texts], "description": description})


_WRITTEN: dict[str, Any] = {"type": "string", "pattern": r"\S", "maxLength": LONGEST_TEXT}
_ONE_LINE: dict[str, Any] = {"type": "string", "pattern": r"^[^\n\t]*\S[^\n\t]*$", "maxLength": LONGEST_LABEL}

Version: TypeAlias = Annotated[int, PlainValidator(check_version), WithJsonSchema({"const": FORMAT})]
Text: TypeAlias = Annotated[str, PlainValidator(check_text), WithJsonSchema(_WRITTEN)]
Label: TypeAlias = Annotated[str, PlainValidator(check_label), WithJsonSchema(_ONE_LINE)]
Key: TypeAlias = Annotated[
    str, PlainValidator(check_key), _schema(N_("An id: letters without accents, digits, “-”, “_”, “.”."), KEY.pattern)
]
PlanKey: TypeAlias = Annotated[
    str,
    PlainValidator(check_key),
    AfterValidator(check_plan_key),
    _schema(N_("The id of a plan, such as AP-SUMMER; the program gives numbers like P-001 itself."), KEY.pattern),
]
SessionKey: TypeAlias = Annotated[
    str,
    PlainValidator(check_key),
    check_matching(SESSION, N_("“%(text)s” is not the id of a session."), N_("Write S and a number: S1, S2.")),
    _schema(N_("S and a number that no other session of the plan has."), SESSION.pattern),
]
ReactionKey: TypeAlias = Annotated[
    str,
    PlainValidator(check_key),
    check_matching(REACTION, N_("“%(text)s” is not the id of a reaction."), N_("Write R and a number: R1, R2.")),
    _schema(N_("R and a number that no other reaction to the plan has."), REACTION.pattern),
]
Word: TypeAlias = Annotated[
    str,
    PlainValidator(check_label),
    check_matching(WORD, N_("“%(text)s” is not a short word."), N_("Use letters, digits, spaces and “-”.")),
    WithJsonSchema({**_ONE_LINE, "maxLength": 63}),
]
Language: TypeAlias = Annotated[
    str, PlainValidator(language_code), _schema(N_("A language as a BCP 47 code: nl, fr, pt-BR."), LANGUAGE.pattern)
]
Country: TypeAlias = Annotated[
    str,
    PlainValidator(check_text),
    check_matching(COUNTRY, N_("“%(text)s” is not a country code."), N_("Use the two capitals of ISO 3166.")),
    _schema(N_("A country as two capitals (ISO 3166)."), COUNTRY.pattern),
]
Email: TypeAlias = Annotated[
    str,
    PlainValidator(check_text),
    check_matching(EMAIL, N_("“%(text)s” is not a mail address."), N_("Write it as name@example.org.")),
    _schema(N_("A mail address."), "[^@\\s]+@[^@\\s]+\\.[^@\\s]+"),
]
Url: TypeAlias = Annotated[
    str,
    PlainValidator(check_text),
    check_matching(URL, N_("“%(text)s” is not a web address."), N_("It begins with https:// and holds no spaces.")),
    _schema(N_("A web address."), "https?://\\S+"),
]
MadeFrom: TypeAlias = Annotated[
    str,
    PlainValidator(check_text),
    check_matching(
        MADE_FROM,
        N_("“%(text)s” is not what an export wrote here."),
        N_("Leave the part “base” as it was written, or take it out whole."),
    ),
    _schema(N_("As `pdca export` wrote it."), MADE_FROM.pattern),
]
Zone: TypeAlias = Annotated[
    str,
    PlainValidator(check_text),
    AfterValidator(check_zone),
    _schema(N_("A time zone of the IANA database, such as Europe/Brussels.")),
]
LocalLabel: TypeAlias = Annotated[
    dict[str, str],
    PlainValidator(check_local_label),
    _local_schema(N_("One line, alone or per language: {nl: …, fr: …}."), _ONE_LINE),
]
LocalText: TypeAlias = Annotated[
    dict[str, str], PlainValidator(check_local_text), _local_schema(N_("A text, alone or per language."), _WRITTEN)
]
Stated: TypeAlias = Annotated[
    StatedDate,
    PlainValidator(check_stated),
    _date_schema(N_("A date as precisely as it is known: 2024-10-31, 2024-10, 2024.")),
]
Day: TypeAlias = Annotated[
    StatedDate, PlainValidator(check_day), _schema(N_("A day: 2024-10-31."), "[0-9]{4}-[0-9]{2}-[0-9]{2}")
]
FirstDay: TypeAlias = Annotated[
    StatedDate, PlainValidator(check_first_day), _date_schema(N_("A day; of a month or a year the first is meant."))
]
LastDay: TypeAlias = Annotated[
    StatedDate, PlainValidator(check_last_day), _date_schema(N_("A day; of a month or a year the last is meant."))
]
Figures: TypeAlias = Annotated[
    Period,
    PlainValidator(check_period),
    WithJsonSchema(
        {
            "type": ["string", "integer"],
            "description": N_(
                "2024, 2024-10, 2018-T1 (four months), 2018-Q1, 2018-H2, or two dates with / between them."
            ),
        }
    ),
]
Number: TypeAlias = Annotated[
    Decimal,
    PlainValidator(check_number),
    WithJsonSchema({"type": "number"}),
]
PlaceInList: TypeAlias = Annotated[
    Decimal, PlainValidator(check_place), WithJsonSchema({"type": "number", "minimum": 1})
]
WholeDays: TypeAlias = Annotated[Decimal, PlainValidator(check_days), WithJsonSchema({"type": "number", "minimum": 1})]
VersionNumber: TypeAlias = Annotated[
    Decimal, PlainValidator(check_version_number), WithJsonSchema({"type": "number", "minimum": 0})
]
Amount: TypeAlias = Annotated[
    Decimal,
    PlainValidator(check_amount),
    WithJsonSchema({"type": "number", "minimum": 0, "maximum": LARGEST_AMOUNT}),
]
Year: TypeAlias = Annotated[
    int,
    PlainValidator(check_year),
    WithJsonSchema({"type": ["integer", "string"], "pattern": "^[0-9]{4}$"}),
]

Item = TypeVar("Item")
Many: TypeAlias = Annotated[tuple[Item, ...], Field(strict=False)]
