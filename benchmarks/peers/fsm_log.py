"""A model with a field of django-fsm-2, each transition logged by django-fsm-log."""

from typing import Any

from benchmarks.peers.django_setup import make_tables, set_up
from benchmarks.worker import Work, serve


def prepare(task: dict[str, Any]) -> Work:
    set_up(task["file"], ["django_fsm", "django_fsm_log"])
    from django.db import models, transaction
    from django_fsm import FSMField
    from django_fsm import transition as way

    class Plan(models.Model):
        state = FSMField(default="do")
        title = models.CharField(max_length=200, default="Straatcriminaliteit")

        class Meta:
            app_label = "bench"

        @way(field=state, source="do", target="check")
        def evaluate(self) -> None:
            pass

    make_tables(Plan)
    Plan.objects.bulk_create(Plan() for _ in range(task["count"] * task["rounds"]))

    def work(number: int) -> None:
        for index in range(task["count"]):
            with transaction.atomic():
                plan = Plan.objects.get(pk=number * task["count"] + index + 1)
                plan.evaluate()
                plan.save()

    return work


if __name__ == "__main__":
    serve(prepare)
