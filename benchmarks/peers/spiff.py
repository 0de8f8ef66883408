"""SpiffWorkflow: the process of a plan in BPMN; a transition loads it, completes the task that waits, and stores it."""

import sqlite3
from io import BytesIO
from itertools import pairwise
from typing import Any

from lxml import etree
from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.util.task import TaskState

from benchmarks.worker import Work, serve

STEPS = ("plan", "do", "check", "adjust")
BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"


def process() -> bytes:
    """Write the process: a start, one task for a person in each state, and an end."""
    names = ["begin", *STEPS, "end"]
    kinds = ["startEvent", *["manualTask"] * len(STEPS), "endEvent"]
    flows = [(f"f{number}", one, other) for number, (one, other) in enumerate(pairwise(names))]
    parts = [
        f"<{kind} id='{name}' name='{name}'>"
        + "".join(f"<incoming>{flow}</incoming>" for flow, _one, other in flows if other == name)
        + "".join(f"<outgoing>{flow}</outgoing>" for flow, one, _other in flows if one == name)
        + f"</{kind}>"
        for kind, name in zip(kinds, names, strict=True)
    ]
    parts += [f"<sequenceFlow id='{flow}' sourceRef='{one}' targetRef='{other}'/>" for flow, one, other in flows]
    inside = "".join(parts)
    return (
        f"<definitions xmlns='{BPMN}'><process id='pdca' isExecutable='true'>{inside}</process></definitions>".encode()
    )


def prepare(task: dict[str, Any]) -> Work:
    parser = BpmnParser()
    parser.add_bpmn_xml(etree.parse(BytesIO(process())))
    spec = parser.get_spec("pdca")
    serializer = BpmnWorkflowSerializer(BpmnWorkflowSerializer.configure())
    raw = sqlite3.connect(task["file"], isolation_level=None)
    raw.execute("PRAGMA journal_mode=WAL")
    raw.execute("PRAGMA synchronous=FULL")
    raw.execute("CREATE TABLE instance (id INTEGER PRIMARY KEY, content TEXT NOT NULL)")
    raw.execute("CREATE TABLE log (id INTEGER PRIMARY KEY, instance INTEGER, task TEXT, person TEXT, reason TEXT)")
    workflow = BpmnWorkflow(spec)
    step(workflow)
    first = serializer.serialize_json(workflow)
    many = task["count"] * task["rounds"]
    raw.execute("BEGIN")
    raw.executemany("INSERT INTO instance VALUES (?, ?)", ((number + 1, first) for number in range(many)))
    raw.execute("COMMIT")

    def work(number: int) -> None:
        for index in range(task["count"]):
            name = number * task["count"] + index + 1
            raw.execute("BEGIN IMMEDIATE")
            content = raw.execute("SELECT content FROM instance WHERE id = ?", (name,)).fetchone()[0]
            loaded = serializer.deserialize_json(content)
            done = step(loaded)
            raw.execute("UPDATE instance SET content = ? WHERE id = ?", (serializer.serialize_json(loaded), name))
            raw.execute(
                "INSERT INTO log (instance, task, person, reason) VALUES (?, ?, 'sofie', 'Zo beslist.')", (name, done)
            )
            raw.execute("COMMIT")

    return work


def step(workflow: BpmnWorkflow) -> str:
    """Complete what waits for a person, and run on to the next."""
    workflow.do_engine_steps()
    waits = workflow.get_next_task(state=TaskState.READY, manual=True)
    waits.run()
    workflow.do_engine_steps()
    return str(waits.task_spec.name)


if __name__ == "__main__":
    serve(prepare)
