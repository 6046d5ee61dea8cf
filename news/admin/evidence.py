"""That what is edited here carries out a task of the plan: rows for the form of anything.

Forms of this app name `EvidenceInline` among their inlines. Those of the apps below, which do not know
the plan, are given it here.
"""

from typing import Any

from django import forms
from django.contrib.contenttypes.admin import GenericTabularInline
from django.contrib.contenttypes.forms import BaseGenericInlineFormSet
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.text import Truncator

from news.models import Evidence, PlanTask
from portal.admin_site import add_inline
from portal.models import User
from procedures import admin as procedures_admin  # noqa: F401  (registers the forms that are added to)
from procedures.models import Decision, LegalDocument

LABEL_LENGTH = 90


class EvidenceFormSet(BaseGenericInlineFormSet):
    by: User | None = None  # who is at the form

    def __init__(self, data: Any = None, *args: Any, **kwargs: Any) -> None:
        super().__init__(data, *args, **kwargs)
        if data is not None and f"{self.prefix}-TOTAL_FORMS" not in data:
            # Whoever sends the form without this part leaves the part as it is.
            none = {f"{self.prefix}-TOTAL_FORMS": "0", f"{self.prefix}-INITIAL_FORMS": "0"}
            self.data = {**data.dict(), **none}

    def add_fields(self, form: forms.ModelForm, index: int | None) -> None:
        super().add_fields(form, index)
        if "task" in form.fields:
            # Asked once, not once a row.
            form.fields["task"].choices = self.choices  # type: ignore[attr-defined]

    def clean(self) -> None:
        """Refuse a task chosen twice, also where somebody else has chosen it meanwhile."""
        super().clean()
        kept = [form for form in self.forms if form.is_valid() and form not in self.deleted_forms]
        rows = {form.instance.pk for form in self.initial_forms}
        taken = {evidence.task_id for evidence in self.get_queryset() if evidence.pk not in rows}
        for form in kept:
            task = form.cleaned_data.get("task")
            if task and task.pk in taken:
                form.add_error("task", "Đã gắn với nhiệm vụ này.")
            elif task:
                taken.add(task.pk)

    def save_new(self, form: forms.ModelForm, commit: bool = True) -> Any:
        form.instance.added_by = self.by
        return super().save_new(form, commit)

    @cached_property
    def choices(self) -> list[tuple[Any, str]]:
        chosen = [evidence.task_id for evidence in self.get_queryset()]
        tasks = PlanTask.objects.filter(
            Q(pk__in=PlanTask.objects.taking_evidence(timezone.localdate())) | Q(pk__in=chosen)
        )
        return [("", "---------"), *((task.pk, task_label(task)) for task in tasks.for_choice())]


class EvidenceInline(GenericTabularInline):
    """The tasks that the object of the form carries out, each with a note."""

    model = Evidence
    formset: Any = EvidenceFormSet
    template = "admin/procedures/rows.html"
    fields = ["task", "note"]
    extra = 0
    verbose_name = "nhiệm vụ"
    verbose_name_plural = "thực hiện nhiệm vụ của kế hoạch truyền thông"

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).select_related("task__plan")

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        formset: Any = super().get_formset(request, obj, **kwargs)  # a class made for this request
        formset.by = request.user
        return formset

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field and db_field.name == "task":
            # Plans are kept on their own pages, not in passing.
            for link in ("can_add_related", "can_change_related", "can_delete_related", "can_view_related"):
                setattr(field.widget, link, False)
            field.help_text = "Việc này thực hiện nhiệm vụ nào của kế hoạch năm."
        elif field and db_field.name == "note":
            field.help_text = "Không bắt buộc."
        return field


def task_label(task: PlanTask) -> str:
    return f"{task.plan.year}, mục {task.number}: {Truncator(task.content).chars(LABEL_LENGTH)}"


add_inline(Decision, EvidenceInline)
add_inline(LegalDocument, EvidenceInline)
