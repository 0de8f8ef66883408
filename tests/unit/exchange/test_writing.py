"""Every short text of the characters that mean something in YAML comes back, whether in a line of its own or not."""

from itertools import islice, product
from typing import Final

from pdca.exchange.writing import yaml_text
from pdca.exchange.yaml_reader import read

TELLING: Final = "a0 .,;()/'&%+@=<>*!?\u2013\u2026-:#[]{}\"|~\\_\n\u00e9"
LONGEST: Final = 3
AT_ONCE: Final = 500


def test_every_short_text_comes_back_in_a_line_of_its_own_and_among_others() -> None:
    texts = ("".join(each) for length in range(LONGEST + 1) for each in product(TELLING, repeat=length))
    tried = 0
    while part := list(islice(texts, AT_ONCE)):
        document = {"pdca": 1, "among": [{"nl": text} for text in part], "own": part}
        assert read(yaml_text(document, "made for a test")).value == document
        tried += len(part)
    assert tried == sum(len(TELLING) ** length for length in range(LONGEST + 1))
