from datetime import timedelta
from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_delete


class NewsConfig(AppConfig):
    name = "news"
    verbose_name = "Truyền thông, tin tức"

    def ready(self) -> None:
        # What each kind of publication must have is registered where it is written.
        from news import (  # noqa: F401
            albums,
            articles,
            disseminating,
            history,
            pictures,
        )
        from news.models import Image
        from portal import worker

        history.register()
        post_delete.connect(_picture_deleted, Image)
        worker.register(
            worker.Job(disseminating.remind_due, every=timedelta(minutes=5)),
            worker.Job(pictures.sweep, every=timedelta(days=1)),
        )


def _picture_deleted(instance: Any, using: str, **kwargs: Any) -> None:
    """Delete the files too, once the row is gone for good."""
    from django.db import transaction

    from news.pictures import delete_files

    transaction.on_commit(lambda: delete_files(instance), using=using)
