from datetime import timedelta

from django.apps import AppConfig
from django.db.models.signals import post_delete, post_migrate


class FeedbackConfig(AppConfig):
    name = "feedback"
    verbose_name = "Phản ánh, kiến nghị"

    def ready(self) -> None:
        from feedback import append_only, attachments, drafting, notifying, reminding, retention, workflow
        from feedback import evidence as evidence  # what counts is registered where it is written
        from feedback.models import Attachment
        from feedback.signals import moved
        from portal import worker

        moved.connect(notifying.notify)
        post_delete.connect(attachments.delete_file, Attachment)
        post_migrate.connect(append_only.install_after_migrate, sender=self, dispatch_uid="feedback.append_only")
        worker.register(
            worker.Job(workflow.recount, every=timedelta(minutes=1)),
            worker.Job(attachments.sweep, every=timedelta(days=1)),
            worker.Job(drafting.forget_expired, every=timedelta(minutes=5)),
            worker.Job(reminding.remind_due, every=timedelta(minutes=5)),
            worker.Job(reminding.send_digests, every=timedelta(minutes=5)),
            worker.Job(retention.erase_due, every=timedelta(hours=1)),
        )
