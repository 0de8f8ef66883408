"""How a finding shows what it found."""

from pdca.audit.findings import LONGEST_SHOWN, Findings


def test_of_two_long_texts_that_begin_alike_what_differs_is_shown() -> None:
    findings = Findings(1)
    same = "x" * 1_000
    findings.differ("value-differs", "It differs.", "definition zvp/1: text", f"{same}lead", f"{same}anybody")
    [found] = findings.kept
    assert found.expected is not None
    assert found.found is not None
    assert found.expected.endswith("xlead'")
    assert found.found.endswith("xanybody'")
    assert max(len(found.expected), len(found.found)) <= LONGEST_SHOWN + 2


def test_short_values_are_shown_whole() -> None:
    findings = Findings(1)
    findings.differ("value-differs", "It differs.", "plan P-001: state", "plan", "do")
    assert (findings.kept[0].expected, findings.kept[0].found) == ("'plan'", "'do'")
