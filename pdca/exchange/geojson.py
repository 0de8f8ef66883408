"""A perimeter drawn on a map: GeoJSON (RFC 7946) of one or more areas, checked before it is kept.

Only areas bound a perimeter: Polygon, MultiPolygon, a Feature of one, or a FeatureCollection of those. Coordinates
are degrees of longitude and latitude on WGS 84, kept as binary floating point: 15 digits are a millionth of a metre.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Annotated, Any, Final, TypeAlias

from pydantic import PlainValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from pdca.exchange.faults import Fault
from pdca.exchange.problems import ImportRefused, quoted
from pdca.exchange.values import refusal, wrong_type
from pdca.exchange.yaml_reader import Source, read
from pdca.i18n import N_, _

Path: TypeAlias = tuple[str | int, ...]

_TYPES: Final = ("Polygon", "MultiPolygon", "Feature", "FeatureCollection")
_AREAS: Final = _TYPES[:2]
_SHORTEST_RING: Final = 4
_POSITION: Final = (2, 3)  # longitude, latitude, and perhaps a height
_REACH: Final = (
    (N_("A longitude lies between -180 and 180, not at %(number)s."), 180),
    (N_("A latitude lies between -90 and 90, not at %(number)s."), 90),
)
_NONE: Final = {
    "features": N_("There are no features here."),
    "coordinates": N_("There are no coordinates here."),
    "rings": N_("There are no rings here."),
    "positions": N_("There are no positions here."),
}
_WGS84: Final = ("CRS84", "EPSG::4326", "EPSG:4326")


def check_geojson(value: object) -> dict[str, Any]:
    """Check an area or a collection of areas and give it back as plain JSON; refuses at the part that is wrong."""
    whole = _mapping(value, ())
    kind = _type_of(whole, _TYPES, ())
    _check_reference_system(whole)
    if kind == "FeatureCollection":
        for index, feature in enumerate(_filled(whole.get("features"), "features", ("features",))):
            _check_feature(_mapping(feature, ("features", index)), ("features", index))
    elif kind == "Feature":
        _check_feature(whole, ())
    else:
        _check_area(whole, ())
    plain = _plain(whole)
    assert isinstance(plain, dict)  # noqa: S101 - a mapping stays one
    return plain


def read_geojson(source: Source, name: str | None = None) -> dict[str, Any]:
    """Read a file of its own and check it; raises ImportRefused with the place of the first thing that is wrong."""
    located = read(source, name)
    try:
        return check_geojson(located.value)
    except PydanticCustomError as error:
        said = error.context or {}
        fault = Fault(tuple(said["at"]), error.type, said["message"], said["hint"])
        raise ImportRefused([fault.problem(located)]) from error


def _check_feature(feature: Mapping[str, Any], at: Path) -> None:
    _type_of(feature, ("Feature",), at)
    here = (*at, "geometry")
    geometry = _mapping(feature.get("geometry"), here)
    _type_of(geometry, _AREAS, here)
    _check_area(geometry, here)


def _check_area(area: Mapping[str, Any], at: Path) -> None:
    here = (*at, "coordinates")
    coordinates = _filled(area.get("coordinates"), "coordinates", here)
    polygons = [(here, coordinates)] if area["type"] == "Polygon" else []
    if area["type"] == "MultiPolygon":
        polygons = [((*here, index), one) for index, one in enumerate(coordinates)]
    for place, polygon in polygons:
        for index, ring in enumerate(_filled(polygon, "rings", place)):
            _check_ring(ring, (*place, index))


def _check_ring(ring: object, at: Path) -> None:
    positions = _filled(ring, "positions", at)
    for index, position in enumerate(positions):
        _check_position(position, (*at, index))
    if len(positions) < _SHORTEST_RING:
        message = _("A ring needs %(least)s positions at least, and this one has %(count)s.")
        message %= {"least": _SHORTEST_RING, "count": len(positions)}
        raise refusal("import-bad-geometry", message, _("Its last position is the first one again."), at)
    if list(positions[0]) != list(positions[-1]):
        message = _("This ring is not closed: its last position is not the first one again.")
        raise refusal("import-bad-geometry", message, _("Repeat the first position at the end."), at)


def _check_position(position: object, at: Path) -> None:
    if not isinstance(position, list) or len(position) not in _POSITION:
        message = _("A position is a longitude and a latitude: [4.336, 50.836].")
        raise refusal("import-bad-geometry", message, _("Check how the coordinates are nested."), at)
    for index, number in enumerate(position):
        if isinstance(number, bool) or not isinstance(number, int | float | Decimal):
            raise wrong_type("number", number, (*at, index))
    for index, (message, most) in enumerate(_REACH):
        if not -most <= position[index] <= most:
            words = _(message) % {"number": position[index]}
            hint = _("Longitude comes first; save the map as WGS 84 (EPSG:4326) and not in metres.")
            raise refusal("import-bad-geometry", words, hint, (*at, index))


def _check_reference_system(whole: Mapping[str, Any]) -> None:
    """Older programs name the reference system; the present GeoJSON knows one only."""
    system = whole.get("crs")
    if system is not None and not str(system).rstrip("'}").endswith(_WGS84):
        message = _("The coordinates are in another reference system than WGS 84.")
        raise refusal("import-bad-geometry", message, _("Save the map as WGS 84 (EPSG:4326)."), ("crs",))


def _type_of(value: Mapping[str, Any], types: Sequence[str], at: Path) -> str:
    kind = value.get("type")
    if kind not in types:
        said = _("“%(text)s”") % {"text": quoted(kind)} if isinstance(kind, str) else _("nothing")
        message = _("An area is needed here, and its type says %(said)s.") % {"said": said}
        hint = _("The types here are: %(types)s.") % {"types": ", ".join(types)}
        raise refusal("import-bad-geometry", message, hint, (*at, "type"))
    return str(kind)


def _mapping(value: object, at: Path) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise wrong_type("mapping", value, at)
    return value


def _filled(value: object, what: str, at: Path) -> list[Any]:
    if not isinstance(value, list):
        raise wrong_type("list", value, at)
    if not value:
        raise refusal("import-bad-geometry", _(_NONE[what]), _("Draw one area at least."), at)
    return value


def _plain(value: object) -> object:
    if isinstance(value, Mapping):
        return {str(key): _plain(member) for key, member in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(member) for member in value]
    return float(value) if isinstance(value, Decimal) else value


GeoJson: TypeAlias = Annotated[
    dict[str, Any],
    PlainValidator(check_geojson),
    WithJsonSchema(
        {
            "type": "object",
            "required": ["type"],
            "properties": {"type": {"enum": list(_TYPES)}},
            "description": N_(
                "GeoJSON (RFC 7946): a Polygon, a MultiPolygon, a Feature of one, or a FeatureCollection."
            ),
        }
    ),
]
