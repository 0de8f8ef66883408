"""Random plans, as plain data of every key of the format."""

from datetime import date
from decimal import Decimal

from hypothesis import strategies as st

from tests.property.exchange_values import (
    ACTIVITIES,
    INDICATORS,
    PARTIES,
    PEOPLE,
    PHENOMENA,
    REACTIONS,
    RUBRICS,
    SESSIONS,
    STAKEHOLDERS,
    Data,
    amounts,
    days,
    each_of,
    labels,
    local,
    numbers,
    past,
    periods,
    record,
    some,
    sourced,
    spans,
    stated,
    statements,
    texts,
    titles,
    unique,
    words,
    yes,
)


@st.composite
def activity_lists(draw: st.DrawFn) -> list[Data]:
    one = sourced(
        {"title": titles},
        {
            "owner": st.sampled_from(PARTIES),
            "status": st.sampled_from(["running", "done", "dropped"]),
            "rubric": st.sampled_from(RUBRICS),
            "axis": st.just("X1"),
            "indicator": st.sampled_from(INDICATORS),
            "result": numbers,
            "steps": some(local(texts) | record({"text": local(texts)}, {"done": yes})),
            "means": means(),
        },
    )
    found = draw(each_of(ACTIVITIES, one))
    for index, activity in enumerate(found):
        before = [other["id"] for other in found[:index]]
        if draw(st.booleans()) and before:
            activity["after"] = draw(st.lists(st.sampled_from(before), min_size=1, unique=True))
        if draw(st.booleans()):
            span = draw(spans())
            activity |= {"start": span["from"], "end": span["to"]}
    return found


@st.composite
def means(draw: st.DrawFn) -> list[Data]:
    keys = draw(st.lists(st.tuples(st.integers(2015, 2030), st.sampled_from(["money", "fte", "hours"])), unique=True))
    found = []
    for year, kind in keys:
        sizes = st.decimals(0, 10**9, places=2) if kind == "money" else amounts
        planned, deployed = draw(sizes | st.none()), draw(sizes | st.none())
        line: Data = {"year": year, kind: planned, **draw(sourced({}))}
        if planned is None or deployed is not None:
            line["deployed"] = deployed if deployed is not None else Decimal(3)
        if planned is not None and line.get("deployed", planned) < planned:
            line["shortfall"] = draw(texts)
        found.append(line)
    return found


baselines = st.one_of(
    record({"value": numbers, "period": periods}, {"assumed": yes}), record({"missing": texts}, {"assumed": yes})
)
maps = st.sampled_from(
    [
        {"type": "Polygon", "coordinates": [[[4, 50], [4.5, 50], [4.25, 50.123456789012], [4, 50]]]},
        {
            "type": "FeatureCollection",
            "features": [
                {
                    "type": "Feature",
                    "properties": {"naam": "plein: één", "nr": 1, "source": ["osm", {"nr": 1}], "leeg": None},
                    "geometry": {
                        "type": "MultiPolygon",
                        "coordinates": [[[[-1.5, 2], [3, 2], [3, 1e-07, 12.5], [-1.5, 2]]]],
                    },
                }
            ],
        },
    ]
)
perimeters = st.one_of(
    some(labels),
    sourced({"by_area": st.dictionaries(labels, some(labels), min_size=1, max_size=2)}, {"places": some(labels)}),
    sourced({"geojson": maps}, {"places": some(labels)}),
)
rubrics = st.dictionaries(
    st.sampled_from(RUBRICS),
    st.one_of(
        local(texts),
        *(
            sourced({key: local(texts)}, {"withheld_from": st.sampled_from([["partners"], ["partners", "public"]])})
            for key in ("text", "not_applicable")
        ),
    ),
)
evaluations_withheld = record(
    {},
    dict.fromkeys(
        ("findings", "attribution", "evidence", "deployed", "lessons"),
        st.sampled_from([["partners"], ["public"], ["partners", "public"]]),
    ),
).filter(bool)
plan_phenomena = some(
    st.one_of(local(texts), sourced({"text": local(texts)}), sourced({"phenomenon": st.sampled_from(PHENOMENA)}))
)
members = st.lists(
    st.one_of(
        st.sampled_from(PARTIES).map(lambda party: {"party": party}),
        st.tuples(st.sampled_from(PARTIES), spans()).map(
            lambda both: {"party": both[0], "role": "deputy", "from": both[1]["from"], "until": both[1]["to"]}
        ),
    ),
    max_size=4,
    unique_by=lambda member: str(member["party"]),
)
session = sourced(
    {
        "party": st.sampled_from(STAKEHOLDERS),
        "mode": st.sampled_from(["training", "information", "consultation"]),
        "date": past,
        "content": texts,
        "attendees": some(labels),
    }
)
reaction = record({"party": st.sampled_from(STAKEHOLDERS), "received": past, "text": texts}, {"answer": texts})
reasons = st.lists(
    st.sampled_from(["weekend", "holiday", "closing-day"]).map(lambda kind: {"kind": kind})
    | record({"kind": st.just("closing-day"), "name": st.dictionaries(st.sampled_from(("nl", "fr")), labels)}),
    min_size=1,
    max_size=2,
)
moved = record({}, {"reasons": reasons, "also": some(days.map(str))}).filter(bool)
"""Why a moment does not fall on the day that was stated, and for which others it stands."""
following = {"falls": st.dates(date(2091, 1, 1), date(2092, 12, 31)).map(str), "moved": moved, "cancelled": yes}
"""What follows from a decision; the day lies beyond every stated one, for the stated one is not written again."""


@st.composite
def group_decisions(draw: st.DrawFn) -> list[Data]:
    """What a project group decided about its moments, once or several times."""
    when = st.sampled_from(
        [
            {"dates": ["2025-06", "2026"]},
            {"rules": ["FREQ=YEARLY"], "exceptions": ["2021-01-15"], "dates": ["2024-06-30"]},
            {"rules": ["FREQ=MONTHLY;INTERVAL=4", "FREQ=YEARLY;BYMONTH=3,9;BYDAY=1MO"]},
            {"rules": ["FREQ=MONTHLY;INTERVAL=6"], "anchor": "completion"},
        ]
    )
    one = record(
        {
            "decided": days.map(str),
            "reason": texts,
            "kind": words,
            "from": st.just("2020-01-15"),
            "to": st.just("2030-12-31"),
            "time": st.sampled_from(["09:00", "14:30"]),
            "zone": st.sampled_from(["Europe/Brussels", "America/Santiago"]),
        },
        {"by": st.sampled_from(PEOPLE), "roll": st.sampled_from(["next", "previous", "nearest"])},
    )
    found: list[tuple[Data, Data]] = draw(st.lists(st.tuples(one, when), min_size=1, max_size=3))
    return [{"number": Decimal(place), **first, **second} for place, (first, second) in enumerate(found, start=1)]


@st.composite
def reminder_decisions(draw: st.DrawFn) -> list[Data]:
    """What a project group decided about reminders, days of grace and ladder, once or several times."""
    leads = st.lists(st.integers(1, 366).map(Decimal), min_size=1, max_size=4, unique=True)
    after = st.lists(st.integers(1, 400), max_size=2, unique=True).map(lambda found: [0, *sorted(found)])
    who = st.sampled_from(["lead", "group", "chief", "authority"])
    ladders = after.flatmap(
        lambda found: st.tuples(*(record({"after": st.just(Decimal(one)), "to": who}) for one in found)).map(list)
    )
    grace = record({}, dict.fromkeys(("start", "record", "decide"), st.integers(0, 366).map(Decimal))).filter(bool)
    one = record(
        {"decided": days.map(str), "reason": texts},
        {"by": st.sampled_from(PEOPLE), "grace": grace, "ladder": ladders},
    )
    when = st.one_of(record({}, {"days": leads}), record({"no_reminders": yes}))
    found: list[tuple[Data, Data]] = draw(st.lists(st.tuples(one, when), min_size=1, max_size=3))
    return [{"number": Decimal(place), **first, **second} for place, (first, second) in enumerate(found, start=1)]


@st.composite
def following_from(draw: st.DrawFn, one: Data) -> None:
    """Let some evaluations of a plan stand by its decisions."""
    for moment in one.get("evaluations", ()) if "schedules" in one else ():
        if draw(st.booleans()):
            moment["schedule"] = draw(st.sampled_from(one["schedules"]))["number"]


plan = sourced(
    {"title": titles, "period": spans()},
    {
        "lead": st.just("owner"),
        "group": members,
        "group_by": days.map(str),
        "handovers": some(sourced({"to": st.sampled_from(PARTIES), "date": stated}), 2),
        "perimeter": perimeters,
        "phenomena": plan_phenomena,
        "mmm": yes,
        "restricted": yes,
        "evaluations_withheld": evaluations_withheld,
        "rubrics": rubrics,
        "activities": activity_lists(),
        "indicators": st.lists(
            st.sampled_from(INDICATORS) | record({"id": st.sampled_from(INDICATORS)}, {"baseline": baselines}),
            max_size=2,
            unique_by=lambda found: found if isinstance(found, str) else found["id"],
        ),
        "prediction": texts,
        "schedules": group_decisions(),
        "reminders": reminder_decisions(),
        "evaluations": unique(
            sourced(
                {"date": stated, "kind": words},
                {"planned": yes, "findings": statements, "adjust": statements, **following},
            ),
            "kind",
            "date",
        ),
        "information": unique(
            sourced({"to": st.sampled_from(PARTIES), "date": stated, "method": titles}), "to", "date", "method"
        ),
        "sessions": each_of(SESSIONS, session),
        "reactions": each_of(REACTIONS, reaction),
    },
)
