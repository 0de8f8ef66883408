"""DBOS Transact: each transition is a durable workflow of one step, kept in the database at `url`."""

from typing import Any

from dbos import DBOS

from benchmarks.worker import Work, serve


@DBOS.step()
def moved(plan_id: int, trigger: str) -> dict[str, Any]:
    return {"plan": plan_id, "trigger": trigger, "from": "do", "to": "check", "person": "sofie"}


@DBOS.workflow()
def advance(plan_id: int, trigger: str) -> dict[str, Any]:
    return moved(plan_id, trigger)


def prepare(task: dict[str, Any]) -> Work:
    DBOS(config={"name": "bench", "system_database_url": task["url"], "run_admin_server": False})
    DBOS.launch()

    def work(number: int) -> None:
        for index in range(task["count"]):
            advance(number * task["count"] + index + 1, "evaluate")

    return work


if __name__ == "__main__":
    serve(prepare)
