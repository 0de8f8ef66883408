"""JSON of a depth that is known: a strategy that recurses is told apart by chance from one that does not."""

from typing import Any

from hypothesis import strategies as st


def nested(
    leaves: st.SearchStrategy[Any], keys: st.SearchStrategy[str], *, size: int, depth: int = 3
) -> st.SearchStrategy[Any]:
    """Values made of `leaves`, in lists and mappings of at most `size` members, nested up to `depth` deep."""
    values = leaves
    for _level in range(depth):
        values = leaves | st.lists(values, max_size=size) | st.dictionaries(keys, values, max_size=size)
    return values
