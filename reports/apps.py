from datetime import timedelta

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class ReportsConfig(AppConfig):
    name = "reports"
    verbose_name = "Số liệu, báo cáo"

    def ready(self) -> None:
        from portal import worker
        from reports import append_only, opening, reminding
        from reports import dashboard as dashboard  # what it shows is registered where it is written

        post_migrate.connect(append_only.install_after_migrate, sender=self, dispatch_uid="reports.append_only")
        worker.register(
            worker.Job(opening.open_due, every=timedelta(hours=1)),
            worker.Job(reminding.remind_due, every=timedelta(minutes=5)),
        )
