"""Random programmes, with what was approved and what their evaluations found."""

from decimal import Decimal

from hypothesis import strategies as st

from tests.property.exchange_values import (
    PARTIES,
    PHENOMENA,
    Data,
    all_of,
    days,
    labels,
    local,
    past,
    some,
    sourced,
    spans,
    stated,
    statements,
    texts,
    titles,
    words,
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
