"""Workbooks for tests: the rows of a good one, and any rows as a workbook."""

import datetime as dt
import io
from copy import deepcopy
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import xlsxwriter
from python_calamine import CalamineWorkbook

from pdca.exchange.workbook_out import write_workbook
from pdca.exchange.yaml_reader import read

DOCUMENT = """
pdca: 1
language: nl
sources:
  seed: {url: "https://zone.example/plan", what: page}
organisation:
  id: zone
  name: {nl: Zone, fr: Zone de police}
  zone: Europe/Brussels
  languages: [nl, fr]
  areas: [{nl: Vorst, fr: Forest}, Anderlecht]
  remarks: [{text: klein, assumed: true, source: [seed]}]
functions:
  - {id: chief, name: korpschef, discipline: leiding, escalation: chief}
  - {id: pilot, name: piloot, discipline: gerechtelijk, assumed: true, basis: guess}
stakeholders:
  - id: council
    name: {nl: raad, fr: conseil}
    kind: authority
    members: [burgemeester, {fr: procureur}]
    report: {rhythm: half-yearly, channel: nota, assumed: true}
people:
  - {id: an, name: An Peeters, login: anp, access: administrator, appointments: [{party: chief, from: 2020-01-01}]}
programme:
  id: zvp-2020
  title: Plan
  period: {from: 2020-01-01, to: 2025-12-31}
  method: zvp
  approvals: [{by: minister, act: keurt goed, date: 2020-03}]
  previous:
    - id: zvp-2014
      period: {from: "2014", to: "2017"}
      evaluations: [{id: final, kind: final, themes: [{id: T1, title: straat, finding: gedaald}]}]
phenomena:
  - {id: street, title: straat, phenomena: [{id: theft, title: diefstal}]}
indicators:
  - id: facts
    title: feiten
    unit: "%"
    kind: objective
    targets: [{op: "<=", value: 10.50, by: "2025"}]
    series:
      - {period: 2018-T1, value: 12.50, parts: {Vorst: 10, elders: 2.5}}
      - {period: "2020", missing: niet geteld}
objectives:
  - id: SD1
    title: Drugs
    objectives:
      - id: OD1
        title: Minder
        plans:
          - id: AP-1
            title: {nl: Zomerplan, fr: Plan été}
            period: {from: 2023-06-15, to: 2023-09-15}
            lead: pilot
            group: [chief, {party: council, role: deputy, from: 2023-01-01}]
            perimeter: {places: [Kuregem, Peterbos], by_area: {Vorst: [Park], Anderlecht: [Markt, Plein]}}
            phenomena: [lawaai, {phenomenon: theft}]
            evaluations_withheld: {evidence: [partners, public], lessons: [public]}
            rubrics:
              definitie: {text: {nl: wat, en: what}, source: [seed]}
              analyse: kort
              slachtoffers: {not_applicable: geen slachtoffers, withheld_from: [public]}
            activities:
              - id: A1
                title: actie
                owner: pilot
                start: 2023-06-15
                end: 2023-07-15
                indicator: facts
                steps: [{text: bellen, done: true}, schrijven]
                means:
                  - {year: 2023, money: 1500.50, deployed: 1000, shortfall: te laat}
                  - {year: 2023, fte: null, deployed: 2}
              - {id: A2, title: nog een, start: 2023-07-01, end: 2023-08-31, status: done, after: [A1]}
            indicators: [{id: facts, baseline: {value: 12.5, period: "2022"}}]
            evaluations:
              - {date: 2023-08, kind: interim, findings: [goed], adjust: [{en: more}]}
              - {date: 2024-10-31, kind: final, planned: true}
            information:
              - {to: council, date: 2024-10-31, method: {nl: nota, fr: note}}
            sessions:
              - {id: S1, party: council, mode: information, date: 2023-05-02, content: stand, attendees: [raad, pers]}
            reactions:
              - {id: R1, party: council, received: 2023-05-10, text: te laat, answer: vroeger kon niet}
              - {id: R2, party: council, received: 2023-05-20, text: te weinig licht}
"""

Rows = list[list[Any]]


def good_document() -> dict[str, Any]:
    """A document with something on nearly every sheet."""
    value: dict[str, Any] = read(DOCUMENT).value
    return value


@cache
def _written() -> dict[str, Rows]:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "good.xlsx"
        write_workbook(good_document(), path)
        with CalamineWorkbook.from_path(path) as book:
            return {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}


def good_rows() -> dict[str, Rows]:
    """The rows of all sheets of the good document, to be changed."""
    return deepcopy(_written())


def workbook(sheets: dict[str, Rows], merged: tuple[str, str] | None = None) -> bytes:
    """A workbook with these rows; a text that begins with `formula:` is a formula and, after a bar, its value."""
    packed = io.BytesIO()
    book = xlsxwriter.Workbook(packed, {"strings_to_formulas": False, "strings_to_urls": False})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
    for name, rows in sheets.items():
        page = book.add_worksheet(name)
        for row, cells in enumerate(rows):
            for column, cell in enumerate(cells):
                if isinstance(cell, dt.datetime):
                    page.write_datetime(row, column, cell, moment)
                elif isinstance(cell, dt.date):
                    page.write_datetime(row, column, dt.datetime.combine(cell, dt.time()), day)
                elif isinstance(cell, str) and cell.startswith("formula:"):
                    formula, _, value = cell.removeprefix("formula:").partition("|")
                    page.write_formula(row, column, formula, None, float(value) if value.isdecimal() else value)
                elif isinstance(cell, str):
                    page.write_string(row, column, cell)
                elif cell is not None:
                    page.write(row, column, cell)
        if merged is not None and name == merged[0]:
            page.merge_range(merged[1], "merged")
    book.close()
    return packed.getvalue()
