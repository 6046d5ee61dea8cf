from datetime import timedelta

from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "reports"
    verbose_name = "Số liệu, báo cáo"

    def ready(self) -> None:
        from portal import worker
        from reports import opening, reminding

        worker.register(
            worker.Job(opening.open_due, every=timedelta(hours=1)),
            worker.Job(reminding.remind_due, every=timedelta(minutes=5)),
        )
