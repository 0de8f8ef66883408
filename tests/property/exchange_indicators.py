"""Random indicators, with their targets and figures."""

from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from tests.property.exchange_values import (
    Data,
    amounts,
    labels,
    local,
    numbers,
    periods,
    some,
    sourced,
    stated,
    texts,
    titles,
    unique,
    yes,
)

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
