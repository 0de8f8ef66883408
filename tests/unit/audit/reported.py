"""What the verifier reported, as its tests look at it."""

from pdca.audit.findings import Finding, Report


def codes(report: Report) -> list[str]:
    return [finding.code for finding in report.findings]


def found(report: Report, code: str) -> list[Finding]:
    return [finding for finding in report.findings if finding.code == code]


def only(report: Report) -> Finding:
    assert len(report.findings) == 1, report.findings
    assert not report.ok
    return report.findings[0]
