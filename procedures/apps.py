from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.apps import AppConfig
from django.db.models import Model
from django.db.models.signals import post_delete, post_save


class ProceduresConfig(AppConfig):
    name = "procedures"
    verbose_name = "Thủ tục hành chính"

    def ready(self) -> None:
        from reversion.signals import post_revision_commit

        from portal import worker
        from portal.search import register
        from procedures import deciding, history, search, subscribing
        from procedures.models import Field, Procedure
        from procedures.signals import change_published

        history.register()
        register(search.KIND, pks=search.public_pks, documents=search.documents)
        post_revision_commit.connect(_revision_stored)
        post_save.connect(_procedure_changed, Procedure)
        post_delete.connect(_procedure_changed, Procedure)
        post_save.connect(_field_changed, Field)
        change_published.connect(_change_published)
        worker.register(
            worker.Job(deciding.follow, every=timedelta(seconds=1)),
            worker.Job(subscribing.mail_news, every=timedelta(seconds=1)),
            worker.Job(subscribing.forget_unconfirmed, every=timedelta(hours=1)),
        )


def _procedure_changed(instance: Model, raw: bool = False, **kwargs) -> None:
    from portal.models import SearchChange
    from procedures.search import KIND

    if not raw:
        SearchChange.record(KIND, instance.pk)


def _field_changed(instance: Model, created: bool, raw: bool = False, **kwargs) -> None:
    """A procedure is also found by the name of its field."""
    from portal.models import SearchChange
    from procedures.models import Procedure
    from procedures.search import KIND

    if not (created or raw):
        SearchChange.record_all(KIND, Procedure.objects.filter(field=instance.pk).values_list("pk", flat=True))


def _revision_stored(revision: Any, versions: Iterable[Any], **kwargs) -> None:
    """Whoever saves a public procedure saves the version in force as well, in the same transaction.

    What the sources say of it is compared with it anew.
    """
    from django.contrib.contenttypes.models import ContentType

    from procedures.models import Procedure
    from procedures.reconciling import compare_again
    from procedures.versions import keep

    kind = ContentType.objects.get_for_model(Procedure).pk
    pks = {version.object_id for version in versions if version.content_type_id == kind}
    published = list(Procedure.objects.published().filter(pk__in=pks)) if pks else []
    for procedure in published:
        keep(procedure, at=revision.date_created)
    compare_again(procedure.pk for procedure in published)


def _change_published(change: Any, **kwargs) -> None:
    """Note in the same transaction who is to hear of it."""
    from django.utils import timezone

    from procedures.subscribing import announce

    announce(change, at=timezone.now())
