from django.apps import AppConfig
from django.db.models import Model
from django.db.models.signals import post_delete, post_save


class ProceduresConfig(AppConfig):
    name = "procedures"
    verbose_name = "Thủ tục hành chính"

    def ready(self) -> None:
        from portal.search import register
        from procedures import history, search
        from procedures.models import Field, Procedure

        history.register()
        register(search.KIND, pks=search.public_pks, documents=search.documents)
        post_save.connect(_procedure_changed, Procedure)
        post_delete.connect(_procedure_changed, Procedure)
        post_save.connect(_field_changed, Field)


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
