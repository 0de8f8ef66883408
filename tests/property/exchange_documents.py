"""Random import documents, as plain data of every part and key of the format, whose references all lead somewhere."""

from collections.abc import Iterator

from hypothesis import strategies as st

from tests.own_method import PLAN_AND_ACTIVITY, called, version, with_levels
from tests.own_method import UNDER as UNDER_LEVELS
from tests.property.exchange_indicators import indicator
from tests.property.exchange_plans import following_from, plan
from tests.property.exchange_programmes import programme
from tests.property.exchange_values import (
    FUNCTIONS,
    INDICATORS,
    LANGUAGES,
    PARTIES,
    PEOPLE,
    PHENOMENA,
    PLANS,
    SOURCES,
    STAKEHOLDERS,
    UNDER_PLANS,
    Data,
    all_of,
    days,
    each_of,
    labels,
    local,
    record,
    some,
    sourced,
    stated,
    statements,
    texts,
    titles,
    unique,
    words,
    yes,
)

ABOVE, UNDER, NOWHERE = "zvp", "onder", "los"
"""Methods with all their levels of objectives above the plan, with one under it, and with none at all."""
METHODS = {
    UNDER: version(1, called(UNDER), with_levels(("goal", "objective"), ("aim", "objective"), *UNDER_LEVELS[1:])),
    NOWHERE: version(1, called(NOWHERE), with_levels(*PLAN_AND_ACTIVITY)),
}
"""The texts of those that do not come with the program."""

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
party = {
    "discipline": words,
    "discipline_assumed": yes,
    "escalation": st.sampled_from(["chief", "authority"]),
}
stakeholder = sourced(
    {"name": titles, "kind": st.sampled_from(["partner", "authority", "public", "internal"])},
    {**party, "members": some(titles), "task": local(texts), "report": sourced({"rhythm": words, "channel": titles})},
)
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
    for decision in (
        one for holder in plans_of(found) for key in ("schedules", "reminders") for one in holder.get(key, ())
    ):
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
