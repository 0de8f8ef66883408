"""A file that was cut off is refused wherever that happened, also between two lines, where the rest is valid YAML."""

from itertools import accumulate
from pathlib import Path
from typing import Any

import pytest
import yaml

from pdca.errors import PdcaError
from pdca.exchange.document import read_document
from pdca.exchange.problems import ImportRefused
from pdca.exchange.yaml_reader import read

EXAMPLES = Path(__file__).parents[3] / "examples"
PARSERS = [yaml.SafeLoader, *([yaml.CSafeLoader] if yaml.__with_libyaml__ else [])]


@pytest.mark.parametrize("name", ["first-plan.yaml", "zone-zuid.yaml", "zone-zuid-people.yaml"])
def test_an_example_cut_off_after_any_line_is_refused_with_a_line(name: str) -> None:
    lines = (EXAMPLES / name).read_bytes().splitlines(keepends=True)
    ends = [0, *accumulate(map(len, lines))]
    whole = b"".join(lines)
    assert read(whole).closed
    for number, end in enumerate(ends[:-1]):
        with pytest.raises(PdcaError) as refused:
            read(whole[:end], name)
        place = refused.value.place
        assert place is not None
        assert place.line is not None
        assert place.line <= max(number, 1)
        assert refused.value.exit_status == 1


@pytest.mark.parametrize("parser", PARSERS, ids=lambda parser: parser.__name__)
@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("---\na: 1\nb: 2\n", 3),
        ("---\r\na: 1\r\n\r\n", 2),
        ("# about\n\n---\na: 1\n# end\n", 5),
        ("--- {a: 1}\n", 1),
        ("---\na: |\n  ...\n", 3),
        ("---\na: ...\n", 2),
        ("---\n", 1),
        ("---\na: 1\n....\n", 3),
        ("---\na: 1\nb: 'x\n", 3),
        ("\ufeff---\na: 1", 2),
    ],
)
def test_what_opens_with_a_mark_and_does_not_close_with_one_is_refused_at_its_last_line(
    parser: type[Any], text: str, line: int
) -> None:
    with pytest.raises(ImportRefused) as refused:
        read(text, "zone.yaml", loader=parser)
    assert (refused.value.code, refused.value.place and refused.value.place.line) == ("import-cut-off", line)
    assert "“...”" in refused.value.message
    assert refused.value.hint


@pytest.mark.parametrize("parser", PARSERS, ids=lambda parser: parser.__name__)
@pytest.mark.parametrize(
    ("text", "closed"),
    [
        ("---\na: 1\n...\n", True),
        ("# about\n\n---\na: 1\n...", True),
        ("---\r\na: 1\r\n...\r\n", True),
        ("# about\r---\ra: 1\r...\r", True),
        ("---\na: 1\n... # end\n\n# more\n", True),
        ("a: 1\n...\n", True),
        ("a: 1\n", False),
        ("a: |\n  ---\n  ...\n", False),
    ],
)
def test_a_mark_at_the_end_tells_that_a_file_is_whole(parser: type[Any], text: str, closed: bool) -> None:
    assert read(text, loader=parser).closed is closed


def test_a_document_knows_whether_its_end_was_marked() -> None:
    people = "pdca: 1\npeople: [{id: an, name: An}]\n"
    assert not read_document(people).closed
    assert read_document(f"---\n{people}...\n").closed
