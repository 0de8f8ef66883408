"""The state machine of django-viewflow over a model, with a row of a log written beside it, as its pages show."""

from typing import Any

from benchmarks.peers.django_setup import make_tables, set_up
from benchmarks.worker import Work, serve


def prepare(task: dict[str, Any]) -> Work:
    set_up(task["file"], [])
    from django.db import models, transaction
    from viewflow import fsm

    class State(models.TextChoices):
        PLAN = "plan"
        DO = "do"
        CHECK = "check"

    class Plan(models.Model):
        state = models.CharField(max_length=20, choices=State.choices, default=State.DO)
        title = models.CharField(max_length=200, default="Straatcriminaliteit")

        class Meta:
            app_label = "bench"

    class Log(models.Model):
        plan = models.ForeignKey(Plan, on_delete=models.PROTECT)
        source = models.CharField(max_length=20)
        target = models.CharField(max_length=20)
        person = models.CharField(max_length=50)
        reason = models.TextField()
        at = models.DateTimeField(auto_now_add=True)

        class Meta:
            app_label = "bench"

    class Flow:
        state = fsm.State(State, default=State.PLAN)

        def __init__(self, plan: Plan) -> None:
            self.plan = plan

        @state.setter()
        def _set(self, value: str) -> None:
            self.plan.state = value

        @state.getter()
        def _get(self) -> str:
            return self.plan.state

        @state.on_success()
        def _log(self, _descriptor: Any, source: str, target: str) -> None:
            self.plan.save()
            Log.objects.create(plan=self.plan, source=source, target=target, person="sofie", reason="Zo beslist.")

        @state.transition(source=State.DO, target=State.CHECK)
        def evaluate(self) -> None:
            pass

    make_tables(Plan, Log)
    Plan.objects.bulk_create(Plan() for _ in range(task["count"] * task["rounds"]))

    def work(number: int) -> None:
        for index in range(task["count"]):
            with transaction.atomic():
                Flow(Plan.objects.get(pk=number * task["count"] + index + 1)).evaluate()

    return work


if __name__ == "__main__":
    serve(prepare)
