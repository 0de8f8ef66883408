"""`pdca report site`: links that lead somewhere, nothing from elsewhere, and nothing of what is not to be seen."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tests.unit.cli.one_plan import PLAN
from tests.unit.cli.running import run

pytestmark = pytest.mark.usefixtures("zone_at_start")

SITE = Path("site")
ANALYSIS = "nine hotspots in three municipalities"
RESTRICTED = "P-011"
OF_RESTRICTED = (RESTRICTED, "AP-RADICAL", "Actieplan radicalisme")
MARK = "pdca-site.json"


class Links(HTMLParser):
    """What a page names outside itself, and the ids that it has."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.hrefs: list[str] = []
        self.ids: list[str] = []
        self.loaded: list[str] = []
        self.tags: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        for name, value in attrs:
            if name == "href" and tag == "a":
                self.hrefs.append(str(value))
            elif name in ("src", "href", "srcset", "data", "action"):
                self.loaded.append(str(value))
            elif name == "id":
                self.ids.append(str(value))


def made(*arguments: str, audience: str = "public") -> dict[str, bytes]:
    folder = SITE if audience == "public" else Path(f"site-{audience}")
    ran = run("report", "site", "--audience", audience, "--out", str(folder), *arguments)
    assert ran.status == 0, ran.err
    return {file.name: file.read_bytes() for file in folder.iterdir()}


def pages() -> dict[str, Links]:
    return {name: Links(content.decode()) for name, content in made().items() if name.endswith(".html")}


def test_every_link_leads_to_a_page_of_the_site_or_a_place_on_it() -> None:
    found = pages()
    assert len(found) > 20
    for name, page in found.items():
        assert page.hrefs, name
        for href in page.hrefs:
            file, _hash, place = href.partition("#")
            assert not file or file in found or (SITE / file).is_file(), (name, href)
            assert not place or place in found[file or name].ids, (name, href)


def test_every_page_is_led_to_and_has_its_twin_in_the_other_language() -> None:
    found = pages()
    led_to = {href for page in found.values() for href in page.hrefs} | {"index.html", "404.html"}
    assert set(found) <= led_to
    for name in found:
        if name.endswith(".nl.html"):
            assert name.replace(".nl.", ".fr.") in found[name].hrefs


def test_a_page_has_no_script_and_takes_nothing_from_elsewhere() -> None:
    for name, page in pages().items():
        assert page.loaded == [], name
        assert "script" not in page.tags, name
        assert not any(href.startswith(("http", "/", "//", "..")) for href in page.hrefs), name
        assert len(page.ids) == len(set(page.ids)), name


def test_what_is_withheld_from_the_public_is_in_no_file_and_no_name() -> None:
    run("rubric", "withhold", PLAN, "analyse", "--from", "public", "--reason", "Het onderzoek loopt nog.")
    for audience, there in (("public", False), ("authority", True)):
        files = made(audience=audience)
        everything = "\n".join([*files, *(content.decode() for content in files.values())])
        for text in (*OF_RESTRICTED, ANALYSIS):
            assert (text in everything) is there, text


def test_two_sites_of_the_same_log_are_the_same() -> None:
    first = made()
    assert made() == first
    mark = json.loads(first[MARK])
    assert sorted([*mark["files"], MARK]) == sorted(first)
    (instant,) = re.findall(r"\d{4}-\d\d-\d\dT[\d:.]+Z", first[MARK].decode())
    assert not any(instant in content.decode() for name, content in first.items() if name != MARK)


def test_the_page_of_a_plan_that_is_published_no_longer_disappears() -> None:
    assert f"{PLAN}.nl.html" in made()
    assert run("plan", "set", PLAN, "restricted=yes").status == 0
    assert not any(name.startswith(PLAN) for name in made())


@pytest.mark.parametrize("strange", ["notes.txt", "P-001.html", "index.html"])
def test_a_folder_with_something_of_others_is_left_alone(strange: str) -> None:
    SITE.mkdir()
    (SITE / strange).write_text("mine", encoding="utf-8")
    ran = run("report", "site", "--audience", "public", "--out", str(SITE), "--json")
    assert (ran.status, ran.error["code"]) == (2, "not-our-site")
    assert [file.read_text(encoding="utf-8") for file in SITE.iterdir()] == ["mine"]


def test_a_site_in_which_somebody_put_something_is_left_alone() -> None:
    before = made()
    (SITE / "CNAME").write_text("plans.example", encoding="utf-8")
    ran = run("report", "site", "--audience", "public", "--out", str(SITE), "--json")
    assert ran.error["code"] == "not-our-site"
    assert {file.name for file in SITE.iterdir()} == {*before, "CNAME"}


def test_a_file_in_the_place_of_the_folder_is_left_alone() -> None:
    SITE.write_text("mine", encoding="utf-8")
    assert run("report", "site", "--audience", "public", "--out", str(SITE), "--json").error["code"] == "not-our-site"
    assert SITE.read_text(encoding="utf-8") == "mine"


def test_what_cannot_be_written_leaves_nothing_behind() -> None:
    before = sorted(Path().iterdir())
    ran = run("report", "site", "--audience", "public", "--out", "none/site", "--json")
    assert (ran.status, ran.error["code"]) == (1, "folder-not-made")
    assert sorted(Path().iterdir()) == before


def test_others_may_read_the_folder_and_nothing_else_is_left_beside_it() -> None:
    beside = {path.name for path in Path().iterdir()}
    made()
    assert {path.name for path in Path().iterdir()} - beside == {SITE.name}
    assert SITE.stat().st_mode & 0o055 == 0o055


def test_without_a_place_it_is_where_pages_of_reports_are_published() -> None:
    ran = run("report", "site", "--audience", "public", "--json")
    assert ran.status == 0, ran.err
    assert Path(ran.json["folder"]).parts[-2:] == ("information", "site")
    assert (Path(ran.json["folder"]) / "index.html").is_file()
    assert ran.json["languages"] == ["nl", "fr"]
    assert RESTRICTED not in ran.json["plans"]


def test_where_everybody_reads_there_comes_no_site_for_others() -> None:
    before = made()
    for place in (("--out", str(SITE)), ()):
        ran = run("report", "site", "--audience", "internal", *place, "--json")
        assert (ran.status, ran.error["code"]) == (2, "site-for-others")
    assert {file.name: file.read_bytes() for file in SITE.iterdir()} == before
    assert not Path("information", "site").exists()


def test_the_signed_checkpoint_is_a_file_of_the_site() -> None:
    assert "checkpoint.txt" not in made()
    note = run("audit", "checkpoint", "--json").json["note"]
    files = made()
    assert files["checkpoint.txt"].decode() == note
    for name in ("index.nl.html", f"{PLAN}.fr.html"):
        assert 'href="checkpoint.txt"' in files[name].decode()
        assert note.split("\n")[2] in files[name].decode()
