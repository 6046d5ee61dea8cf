"""Forms of figures and kinds of reports in the admin: dated, and fixed where a period rests on them."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, ManyToManyField, OuterRef, QuerySet
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import timezone

from portal.steps import Refused
from reports import narrating, setting_up, sources
from reports.models import (
    CompiledFigure,
    Indicator,
    IndicatorCheck,
    OutlinePart,
    ReportForm,
    ReportType,
    ReturnValue,
)

# What a number means; the words around it may change.
_FIXED_COLUMN = ("code", "supplier", "source", "formula", "over_time")


class VersionForm(forms.Form):
    first_on = forms.DateField(
        label="Bản mới áp dụng từ ngày", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


class DatedAdmin(admin.ModelAdmin):
    """A dated row with its children, and a page that makes its next version."""

    change_form_template = "admin/reports/dated/form.html"
    list_filter = ("last_on",)
    # Few to choose from: all are seen at once.
    formfield_overrides = {ManyToManyField: {"widget": forms.CheckboxSelectMultiple}}

    def get_urls(self) -> list[Any]:
        name = f"reports_{self.model._meta.model_name}_version"
        view = self.admin_site.admin_view(self.version)
        return [path("<int:pk>/ban-moi/", view, name=name), *super().get_urls()]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("key", "first_on", "last_on") if obj and setting_up.is_used(obj) else ()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and not (obj and setting_up.is_used(obj))

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        found = kwargs.get("obj")
        used = bool(found and setting_up.is_used(found))
        name = f"admin:reports_{self.model._meta.model_name}_version"
        context |= {
            "used_note": setting_up.USED if used else "",
            "version_url": reverse(name, args=[found.pk]) if found and self.has_add_permission(request) else "",
        }
        return super().render_change_form(request, context, *args, **kwargs)

    def version(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Make the next version from a day on."""
        if not (self.has_add_permission(request) and self.has_change_permission(request)):
            raise PermissionDenied
        found = get_object_or_404(self.model, pk=pk)
        form = VersionForm(request.POST or None, initial={"first_on": timezone.localdate()})
        if request.method == "POST" and form.is_valid():
            try:
                copy = setting_up.new_version(found, form.cleaned_data["first_on"])
            except Refused as refused:
                for problem in refused.problems:
                    form.add_error(problem.field, problem.sentence)
            else:
                messages.success(request, "Đã lập bản mới; bản cũ hết áp dụng ngày trước đó.")
                return redirect(f"admin:reports_{self.model._meta.model_name}_change", copy.pk)
        context = {
            **self.admin_site.each_context(request),
            "title": f"Bản mới của {found}",
            "form": form,
            "opts": self.model._meta,
            "found": found,
        }
        return render(request, "admin/reports/dated/version.html", context)


class IndicatorForm(forms.ModelForm):
    source = forms.ChoiceField(label="Số liệu của trang", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "source" in self.fields:
            field: Any = self.fields["source"]
            field.choices = [("", "–"), *sources.choices()]
        row = self.instance
        if row.pk and row.is_used:
            for name in _FIXED_COLUMN:
                if name in self.fields:
                    self.fields[name].disabled = True
                    self.fields[name].help_text = "Đã có số liệu: lập bản mới của biểu để đổi."


class IndicatorFormSet(BaseInlineFormSet):
    def clean(self) -> None:
        super().clean()
        if any(self.errors):
            return
        rows = [form.instance for form in self.forms if _stays(form)]
        for sentence in setting_up.formula_problems(rows, []):
            raise forms.ValidationError(sentence)
        for form in self.deleted_forms:
            row = form.instance
            if row.pk and row.is_used:
                raise forms.ValidationError(f"Cột {row.code} đã có số liệu nên không xóa được: lập bản mới của biểu.")


class CheckFormSet(BaseInlineFormSet):
    def clean(self) -> None:
        super().clean()
        if any(self.errors):
            return
        columns = [Indicator(code=code) for code in self._codes()]
        checks = [(form.cleaned_data["left"], form.cleaned_data["right"]) for form in self.forms if _stays(form)]
        for sentence in setting_up.formula_problems(columns, checks):
            raise forms.ValidationError(sentence)

    def _codes(self) -> list[str]:
        """Return the columns that stand in the same page; a fixed one is not sent but stays."""
        data = self.data
        total = data.get("indicators-TOTAL_FORMS", "")
        stored = (
            {str(pk): code for pk, code in self.instance.indicators.values_list("pk", "code")}
            if self.instance.pk
            else {}
        )
        found = []
        for place in range(int(total) if total.isdecimal() and len(total) < 5 else 0):
            name = f"indicators-{place}"
            if not data.get(f"{name}-DELETE"):
                found.append(data.get(f"{name}-code") or stored.get(data.get(f"{name}-id", ""), ""))
        return [code for code in found if code]


def _stays(form: Any) -> bool:
    return bool(form.cleaned_data) and not form.cleaned_data.get("DELETE")


class IndicatorInline(admin.StackedInline):
    model = Indicator
    form = IndicatorForm
    formset = IndicatorFormSet
    extra = 0

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        of_column = OuterRef("pk")
        used = Exists(ReturnValue.objects.filter(indicator=of_column)) | Exists(
            CompiledFigure.objects.filter(indicator=of_column)
        )
        return super().get_queryset(request).annotate(is_used=used)

    fields = (
        ("order", "code", "number"),
        "name",
        ("group", "measure"),
        ("supplier", "source", "formula"),
        ("over_time", "required", "public"),
        "definition",
    )


class CheckInline(admin.TabularInline):
    model = IndicatorCheck
    formset = CheckFormSet
    extra = 0


@admin.register(ReportForm)
class ReportFormAdmin(DatedAdmin):
    list_display = ("title", "code", "key", "first_on", "last_on", "public")
    search_fields = ("title", "code", "key")
    inlines = (IndicatorInline, CheckInline)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        fixed = super().get_readonly_fields(request, obj)
        return (*fixed, "rows") if fixed else ()


class OutlinePartForm(forms.ModelForm):
    def clean_template(self) -> str:
        template = self.cleaned_data["template"]
        if found := narrating.problems(template, narrating.known_keys()):
            raise forms.ValidationError(found)
        return template


class OutlineFormSet(BaseInlineFormSet):
    def clean(self) -> None:
        super().clean()
        for form in self.deleted_forms:
            if form.instance.pk and form.instance.paragraphs.exists():
                sentence = (
                    f"Mục “{form.instance}” đã có trong báo cáo nên không xóa được: lập bản mới của loại báo cáo."
                )
                raise forms.ValidationError(sentence)


class OutlineInline(admin.StackedInline):
    model = OutlinePart
    form = OutlinePartForm
    formset = OutlineFormSet
    extra = 0
    fields = (("order", "key", "number"), "heading", ("kind", "form"), "template")

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "template" and field:
            field.help_text = (
                "{06a.3}: số liệu; {06a.3:so_sanh hồ sơ}: so với kỳ trước; {06a.3:so_sanh_nam hồ sơ}: so với cùng kỳ; "
                "{06a.8+06a.9%06a.7}: tỷ lệ; {tin-bai-kenh.so:cac_dong}: các dòng; {ky}, {tu_ngay}, {den_ngay}, {nam}, "
                "{don_vi}, {ke_hoach}, {thieu}; [có 06a.10: câu] chỉ viết khi có số, [không 06a.10: câu] khi bằng 0. "
                "Mã là khóa của biểu, dấu chấm, mã của cột."
            )
        return field


@admin.register(ReportType)
class ReportTypeAdmin(DatedAdmin):
    list_display = ("name", "recipient", "rhythm", "due_after", "first_on", "last_on")
    search_fields = ("name", "recipient")
    inlines = (OutlineInline,)
