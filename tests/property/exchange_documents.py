"""Random import documents, as plain data of every part and key of the format, whose references all lead somewhere."""

import unicodedata
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from tests.own_method import PLAN_AND_ACTIVITY, called, version, with_levels
from tests.own_method import UNDER as UNDER_LEVELS

Data = dict[str, Any]

LANGUAGES = ("nl", "fr", "en", "pt-BR")
RUBRICS = ("definitie", "analyse", "preventief", "repressief", "slachtoffers", "communicatie", "middelen", "partners")
FUNCTIONS, STAKEHOLDERS = ("chief", "pilot", "analist"), ("council", "town", "rail")
PARTIES = FUNCTIONS + STAKEHOLDERS
PHENOMENA, INDICATORS, SOURCES = ("street", "pick", "noise"), ("facts", "calls"), ("seed", "press")
PLANS, ACTIVITIES, PEOPLE = ("AP-1", "AP-2", "AP-3"), ("A1", "A2", "A3"), ("an", "bo")
UNDER_PLANS = ("O1", "O2", "O3")
SESSIONS, REACTIONS = ("S1", "S3", "S10"), ("R2", "R7", "R11")

ABOVE, UNDER, NOWHERE = "zvp", "onder", "los"
"""Methods with all their levels of objectives above the plan, with one under it, and with none at all."""
METHODS = {
    UNDER: version(1, called(UNDER), with_levels(("goal", "objective"), ("aim", "objective"), *UNDER_LEVELS[1:])),
    NOWHERE: version(1, called(NOWHERE), with_levels(*PLAN_AND_ACTIVITY)),
}
"""The texts of those that do not come with the program."""

# Every kind of character that YAML, JSON or Unicode treat in a way of their own.
_ODD = "aé–’“:#-?*&!|>%@`'\"{}[],\\\n \t~=\x85\u2028\u00a0\u200b😀0"  # noqa: RUF001 - marks that look like others are what is tried
_TEXT = st.one_of(
    st.text(st.sampled_from(_ODD), min_size=1, max_size=25),
    st.text(st.characters(exclude_categories=("Cc", "Cs", "Cn", "Co")), min_size=1, max_size=25),
    st.sampled_from(
        ["null", "true", "2024", "1e3", ".5", "no", "a: b", "- a", "line\nline\n", "  indented\n more", "~"]
    ),
    st.text(st.sampled_from("ab ,.;"), min_size=100, max_size=180),
)
texts = _TEXT.map(lambda text: unicodedata.normalize("NFC", text).replace("\ufeff", "")).filter(str.strip)
labels = texts.map(lambda text: " ".join(text.split())).filter(str.strip)
words = st.sampled_from(["yearly", "half-yearly", "interim", "final", "jaar 2"])
days = st.dates(min_value=date(1990, 1, 1), max_value=date(2090, 12, 31))
stated = st.one_of(days.map(str), days.map(lambda day: f"{day:%Y-%m}"), days.map(lambda day: f"{day:%Y}"))
periods = st.sampled_from(["2018", "2019-03", "2018-T1", "2020-Q4", "2021-H2", "2023-06-15/2023-09-15"])
numbers = st.one_of(
    st.integers(-(10**6), 10**6).map(Decimal), st.sampled_from(["0", "12.50", "-0.10", "1E+3", "0.000"]).map(Decimal)
)
amounts = numbers.map(abs)
past = st.dates(min_value=date(1990, 1, 1), max_value=date(2023, 12, 31)).map(str)
yes = st.just(value=True)


def record(needed: Data, may: Data | None = None) -> st.SearchStrategy[Data]:
    return st.fixed_dictionaries(needed, optional=may or {})


def sourced(needed: Data, may: Data | None = None) -> st.SearchStrategy[Data]:
    source = st.lists(st.sampled_from(SOURCES), min_size=1, max_size=2)
    return record(needed, {**(may or {}), "assumed": yes, "basis": texts, "source": source, "note": texts})


def local(text: st.SearchStrategy[str]) -> st.SearchStrategy[Any]:
    return text | st.dictionaries(st.sampled_from(LANGUAGES), text, min_size=1, max_size=3)


def some(one: st.SearchStrategy[Any], most: int = 3) -> st.SearchStrategy[list[Any]]:
    return st.lists(one, min_size=1, max_size=most)


def each_of(ids: tuple[str, ...], one: st.SearchStrategy[Data]) -> st.SearchStrategy[list[Data]]:
    """Records for some of the ids, in any order."""
    return st.lists(st.sampled_from(ids), min_size=1, unique=True).flatmap(
        lambda chosen: st.tuples(*(identified(word, one) for word in chosen)).map(list)
    )


def identified(word: str, one: st.SearchStrategy[Data]) -> st.SearchStrategy[Data]:
    return one.map(lambda found: {"id": word, **found})


def all_of(ids: tuple[str, ...], one: st.SearchStrategy[Data]) -> st.SearchStrategy[list[Data]]:
    return st.tuples(*(identified(word, one) for word in ids)).map(list)


def unique(one: st.SearchStrategy[Data], *keys: str) -> st.SearchStrategy[list[Data]]:
    return st.lists(one, max_size=3, unique_by=lambda found: " ".join(str(found.get(key)) for key in keys).casefold())


statements = some(local(texts) | sourced({"text": local(texts)}), 2)
titles = local(labels)


@st.composite
def spans(draw: st.DrawFn, one: st.SearchStrategy[str] | None = None) -> Data:
    edges = days.map(str) if one is None else one
    first, last = sorted((draw(edges), draw(edges)), key=lambda text: f"{text}-01-01"[:10])
    return {"from": first, "to": last} if len(first) == len(last) else {"from": first, "to": f"{last[:4]}-12-31"}


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
        "rubrics": rubrics,
        "activities": activity_lists(),
        "indicators": st.lists(
            st.sampled_from(INDICATORS) | record({"id": st.sampled_from(INDICATORS)}, {"baseline": baselines}),
            max_size=2,
            unique_by=lambda found: found if isinstance(found, str) else found["id"],
        ),
        "prediction": texts,
        "schedules": group_decisions(),
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
dispositions = sourced(
    {
        "as": st.sampled_from(["retained", "daily_operations", "point_of_attention", "dropped"]),
        "motive": texts,
        "decided": stated,
        "by": labels,
    },
    {"evidence": texts, "watch": texts},
)


def decided_before(found: Data) -> st.SearchStrategy[Data]:
    """The objective with decisions that were taken before the one that holds, all on one day."""
    on = found["disposition"]["decided"]
    earlier = st.lists(dispositions.map(lambda one: {**one, "decided": on}), min_size=1, max_size=2)
    return earlier.map(lambda several: {**found, "earlier_dispositions": several})


objective = sourced(
    {"title": titles},
    {"internal": yes, "phenomenon": st.sampled_from(PHENOMENA), "disposition": dispositions},
).flatmap(lambda found: st.just(found) | decided_before(found) if "disposition" in found else st.just(found))
directions = st.sampled_from(["up", "down", "hold", "range", "none"])
operators = st.sampled_from(["<", "<=", "=", ">=", ">"])
targets = st.one_of(
    sourced({"op": operators, "value": numbers}, {"by": stated, "set_on": stated}),
    sourced({"op": st.just("="), "value": numbers, "direction": directions}),
    sourced({"op": operators, "value": numbers, "period": periods}),
    sourced({"words": titles}, {"direction": directions}),
    sourced({"op": st.just("range"), "value": st.just(Decimal("0.0")), "upto": amounts}),
    sourced({"to_be_determined": stated}, {"period": periods}),
    sourced({"direction": directions}),
)


def at_the_time_of(first: dict[str, Any], second: dict[str, Any]) -> dict[str, Any]:
    """A target for the time of another: what replaces it keeps that."""
    times = ("period", "by")
    return {name: value for name, value in second.items() if name not in times} | {
        name: first[name] for name in times if name in first
    }


replacing = st.tuples(targets, targets, st.sampled_from(["adjusts", "corrects"]), texts).map(
    lambda found: [found[0], {**at_the_time_of(*found[:2]), found[2]: Decimal(1), "reason": found[3]}]
)
# Published once the last of the periods had begun, and before the installation of the tests was founded.
from_where = {"scope": labels, "according_to": labels, "published": st.sampled_from(["2023-10-02", "2023-12", "2023"])}
figures = st.one_of(
    sourced(
        {"period": periods, "value": numbers}, {"approx": yes, "parts": st.dictionaries(labels, numbers), **from_where}
    ),
    sourced({"period": periods, "missing": texts}, {"of_which": st.dictionaries(labels, numbers), **from_where}),
)
why: st.SearchStrategy[Data] = st.just({}) | texts.map(lambda text: {"retained_because": text})
retained = st.tuples(unique(figures, "period"), why).map(
    lambda both: [{**one, "retained": True, **both[1]} for one in both[0]]
)
indicator = sourced(
    {"title": titles, "unit": titles, "kind": st.sampled_from(["objective", "subjective", "activity"])},
    {
        "definition": local(texts),
        "direction": st.sampled_from(["hold", "range", "none"]),
        "system": labels,
        "rhythm": st.sampled_from(["monthly", "yearly", "three-yearly", "ad-hoc"]),
        "frequency": titles,
        "targets": some(targets, 2) | replacing,
        "series": some(figures) | retained,
        "breaks": unique(sourced({"period": periods, "reason": texts}), "period"),
    },
)
party = {
    "discipline": words,
    "discipline_assumed": yes,
    "escalation": st.sampled_from(["chief", "authority"]),
}
stakeholder = sourced(
    {"name": titles, "kind": st.sampled_from(["partner", "authority", "public", "internal"])},
    {**party, "members": some(titles), "task": local(texts), "report": sourced({"rhythm": words, "channel": titles})},
)
decisions = st.sampled_from(["retained", "daily_operations", "point_of_attention", "dropped", "continue"])


def evaluations(held: st.SearchStrategy[str | None]) -> st.SearchStrategy[list[Data]]:
    """Two evaluations of a programme at most; the themes of the first are there to be referred to."""
    theme = sourced(
        {"phenomenon": st.sampled_from(PHENOMENA)},
        {
            **{name: local(texts) for name in ("finding", "attribution", "evidence", "lessons")},
            "title": titles,
            "objective": st.just("S1"),
            "decision": decisions,
        },
    )
    first = sourced(
        {"kind": st.just("final"), "themes": all_of(("T1", "T2"), theme)},
        {"due": stated, "by": labels, "lessons": local(texts)},
    )
    spans = {"yearly": st.integers(2019, 2026).map(str), "mid_term": stated}
    second = st.one_of(
        *(sourced({"kind": st.just(kind), "period": span}, {"themes": st.just([])}) for kind, span in spans.items())
    )

    @st.composite
    def drawn(draw: st.DrawFn) -> list[Data]:
        found = [{"id": name, **draw(one)} for name, one in (("A", first), ("B", second))]
        for one in found:
            if day := draw(held):
                one["held"] = day
        return found[: draw(st.integers(1, 2))]

    return drawn()


previous = sourced(
    {"id": st.just("zvp-old"), "period": spans(stated)},
    {
        "extended_to": stated,
        "evaluations": evaluations(st.none() | stated),
    },
)
step = sourced({"by": titles, "act": local(texts)}, {"party": st.sampled_from(PARTIES)})


@st.composite
def approvals(draw: st.DrawFn) -> list[Data]:
    steps = draw(st.lists(step, max_size=4))
    decided = draw(st.integers(0, len(steps)))
    for one in steps[:decided]:
        one.update(
            draw(
                st.sampled_from([{"decision": "approved"}, {"date": "2020-03"}, {"date": "2020", "effective": "2019"}])
            )
        )
    if decided < len(steps) and draw(st.booleans()):
        steps[decided] |= {"decision": "rejected", "date": "2021-02-28"}
    return steps


decided_alike = st.sampled_from(["approved", "rejected"])


@st.composite
def versions(draw: st.DrawFn, found: Data) -> Data:
    """The programme with versions instead of an approval: it may have been rejected first, and changed afterwards."""
    end, day = found["period"]["to"], draw(past)

    def one(kind: str, decisions: list[str], to: str | None) -> Data:
        texts_of = {} if kind == "programme" else {"text": draw(texts)}
        steps = [{**draw(step), "decision": decision} for decision in decisions]
        proposed = {"proposed": day} if draw(st.booleans()) else {}
        return {"kind": kind, **texts_of, **({"to": to} if to else {}), **proposed, "approvals": steps}

    several = [one("programme", ["rejected"], end)] if draw(st.booleans()) else []
    if draw(st.booleans()):
        several.append(one("programme", ["awaited", "awaited"], end))
    else:
        several.append(one("programme", ["approved"], end))
        following = st.tuples(st.sampled_from([("addendum", None), ("prolongation", end)]), decided_alike)
        several += [one(kind, [what], to) for (kind, to), what in draw(st.lists(following, min_size=1, max_size=2))]
        if draw(st.booleans()):
            several.append(one("addendum", ["approved", "awaited"], None))
    rest = {key: value for key, value in found.items() if key != "approvals"}
    return {**rest, "versions": [{"number": Decimal(place), **version} for place, version in enumerate(several)]}


programme = sourced(
    {"id": st.just("zvp"), "title": titles, "period": spans()},
    {
        "previous": st.tuples(previous).map(list),
        "legal_deadline": days.map(str),
        "drafted": stated,
        "integrates": statements,
        "approvals": approvals(),
        "evaluations": evaluations(st.none() | stated),
        "reviews": some(sourced({"what": local(texts), "rhythm": words, "from": stated}), 2),
        "remarks": statements,
    },
).flatmap(lambda found: st.just(found) | versions(found))
organisation = sourced(
    {
        "id": st.just("body"),
        "name": titles,
        "zone": st.sampled_from(["Europe/Brussels", "UTC"]),
        "languages": st.lists(st.sampled_from(LANGUAGES), min_size=1, unique=True),
        # A file that names no country leaves that of the installation as it is.
        "country": st.just("BE"),
    },
    {
        "code": labels,
        "working_days": st.sampled_from([["MO"], ["MO", "TU", "WE", "TH", "FR"], ["TU", "SA", "SU"]]),
        "closing_days": unique(record({"day": days.map(str)}, {"name": titles}), "day"),
        "areas": some(titles),
        "bodies": some(titles),
        "remarks": statements,
    },
)


def substitutions(others: list[str]) -> st.SearchStrategy[Data]:
    both = st.tuples(st.sampled_from(["2021-07-01", "2022-02-10"]), st.sampled_from(["2022-02-10", "2030-12-31"]))
    return st.tuples(st.sampled_from(others), both, texts).map(
        lambda found: {"by": found[0], "from": found[1][0], "until": found[1][1], "reason": found[2]}
    )


@st.composite
def persons(draw: st.DrawFn) -> list[Data]:
    one = sourced(
        {"name": labels, "language": st.sampled_from(LANGUAGES)},
        {"email": st.just("an@body.example"), "access": st.sampled_from(["administrator", "auditor", "service"])},
    )
    found = draw(each_of(PEOPLE, one))
    for person in found:
        parties = draw(st.lists(st.sampled_from(PARTIES), unique=True, max_size=2))
        person["appointments"] = [{"party": party, "from": "2019-01-01", "until": "2020-01-01"} for party in parties]
        if draw(st.booleans()) and parties:
            person["appointments"].append({"party": parties[0], "from": "2021-06-30"})
        others = [one["id"] for one in found if one is not person and one.get("access") in (None, "administrator")]
        if draw(st.booleans()) and others:
            person["substitutions"] = draw(unique(substitutions(others), "by", "from", "until"))
        if draw(st.booleans()):
            person["login"] = f"login-{person['id']}"
    return found


@st.composite
def phenomena(draw: st.DrawFn) -> list[Data]:
    found = draw(all_of(PHENOMENA, sourced({"title": titles})))
    root, *others = draw(st.permutations(found))
    if draw(st.booleans()):
        root["phenomena"] = others
        return [root]
    root["phenomena"], last = others[:1], others[1]
    return [root, last]


@st.composite
def plan_trees(draw: st.DrawFn, method: str) -> Data:
    """Two trees of objectives whose plans are taken from the same few, so that every id is given once; or plans alone,
    where the method has no objectives.
    """
    plans = draw(each_of(PLANS, plan))
    for index, one in enumerate(plans):
        if index and draw(st.booleans()):
            one["follows"] = plans[index - 1]["id"]
        if "lead" in one:
            taken = {member["party"] for member in one.get("group", ()) if member.get("role") == "deputy"}
            one["lead"] = draw(st.sampled_from([party for party in PARTIES if party not in taken]))
        if any("axis" in activity for activity in one.get("activities", ())):
            axis = sourced({"id": st.just("X1"), "title": titles}, {"leads": st.just(["body", "chief"])})
            one["axes"] = [draw(axis)]
        draw(following_from(one))
        if method == UNDER and draw(st.booleans()):
            one["objectives"] = draw(each_of(UNDER_PLANS, sourced({"title": titles})))
            for activity in one.get("activities", ()):
                if draw(st.booleans()):
                    activity["objective"] = draw(st.sampled_from(one["objectives"]))["id"]
    if method == NOWHERE:
        return {"plans": plans}
    first, second, inner = draw(all_of(("S1", "S2", "O1.1"), objective))
    places = [draw(st.sampled_from([first, second, inner])) for _ in plans]
    for place, one in zip(places, plans, strict=True):
        place.setdefault("plans", []).append(one)
    first["objectives"] = [inner]
    return {"objectives": [first, second]}


@st.composite
def documents(draw: st.DrawFn) -> Data:
    """A whole document, by a method of any order of levels."""
    method = draw(st.sampled_from((ABOVE, UNDER, NOWHERE)))
    found: Data = {
        "pdca": 1,
        "language": draw(st.sampled_from(LANGUAGES)),
        "sources": draw(
            st.fixed_dictionaries(
                {key: record({"what": texts}, {"url": st.just("https://x.example")}) for key in SOURCES}
            )
        ),
        "organisation": draw(organisation),
        "functions": draw(all_of(FUNCTIONS, sourced({"name": titles}, party))),
        "stakeholders": draw(all_of(STAKEHOLDERS, stakeholder)),
        "people": draw(persons()),
        "programme": {**draw(programme), "method": method},
        "phenomena": draw(phenomena()),
        "indicators": draw(all_of(INDICATORS, indicator)),
        **draw(plan_trees(method)),
    }
    people = {person["id"] for person in found["people"]}
    for decision in (one for plan in plans_of(found) for one in plan.get("schedules", ())):
        if decision.get("by") not in people:
            decision.pop("by", None)
    for programme_ in (found["programme"], *found["programme"].get("previous", ())):
        # Where the method has no objectives, no theme is about one.
        if "objectives" not in found:
            for evaluation in programme_.get("evaluations", ()):
                evaluation["themes"] = [
                    {key: value for key, value in theme.items() if key != "objective"}
                    for theme in evaluation.get("themes", ())
                ]
        # A finding can only be named where it stands: in the file, or in the database.
        elif programme_.get("evaluations") and draw(st.booleans()):
            origin = {"programme": programme_["id"], "evaluation": "A", "theme": draw(st.sampled_from(["T1", "T2"]))}
            found["objectives"][1]["origin"] = origin
    return found


@st.composite
def edits(draw: st.DrawFn) -> tuple[Data, list[Data]]:
    """A document, and other plans by the same method."""
    document = draw(documents())
    return document, list(plans_of(draw(plan_trees(document["programme"]["method"]))))


def plans_of(holder: Data) -> Iterator[Data]:
    """The plans of a document or of an objective, those of the objectives in it first."""
    for objective in holder.get("objectives", ()):
        yield from plans_of(objective)
    yield from holder.get("plans", ())
