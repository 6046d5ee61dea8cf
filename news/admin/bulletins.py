"""The staff's workplace for bulletins: what the period brought, chosen and put in order on one page."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.views.decorators.http import require_POST, require_safe

from news import bulletin_views, bulletins
from news.admin.evidence import EvidenceInline
from news.admin.publications import PublicationAdmin, user
from news.bulletins import Choice, Issue
from news.forms import CoverSelect, PublicationForm
from news.models import Article, Bulletin, Image
from portal.admin_site import Task, tasks
from portal.models import User
from procedures.models import ProcedureChange

ARTICLE, CHANGE = "article", "change"
MOST_ROWS = 1000
LAST = 9999  # the place of what was given none


class ItemForm(forms.Form):
    """One article or change that may go into the issue."""

    kind = forms.ChoiceField(choices=[(ARTICLE, "Tin, bài"), (CHANGE, "Thay đổi")], widget=forms.HiddenInput)
    pk = forms.IntegerField(widget=forms.HiddenInput)
    chosen = forms.BooleanField(label="Chọn", required=False)
    full = forms.BooleanField(label="In cả bài", required=False)
    order = forms.IntegerField(label="Thứ tự", required=False, min_value=1, max_value=LAST)

    thing: Any = None  # the article or the change

    def show(self, thing: Any) -> None:
        """Name what the row is of, also beside the boxes that the name stands away from."""
        self.thing = thing
        title = thing.title if isinstance(thing, Article) else thing.procedure.title
        for name in ("order", "full"):
            self.fields[name].widget.attrs["aria-label"] = f"{self.fields[name].label}: {title}"


ItemFormSet = forms.formset_factory(
    ItemForm, extra=0, max_num=MOST_ROWS, absolute_max=MOST_ROWS, formset=forms.BaseFormSet
)


class BulletinForm(PublicationForm):
    """The issue itself, and under it a row for each thing that may go into it."""

    class Meta:
        model = Bulletin
        fields = "__all__"  # The admin's fieldsets name them.
        widgets = {"cover": CoverSelect, "intro": forms.Textarea(attrs={"rows": 4, "class": "vLargeTextField"})}
        help_texts = {
            "year": "Năm ra bản tin; cùng với số, làm nên địa chỉ của bản tin.",
            "number": "Số tiếp theo trong năm được điền sẵn.",
            "title": "Không ghi số và năm; trang và bản in tự thêm.",
            "first_on": "Kỳ của bản tin; tin, bài và thay đổi trong kỳ được liệt kê để chọn.",
            "intro": "Vài câu đứng đầu bản tin.",
            "mail": "Khi bản tin đăng, mỗi người đăng ký nhận một thư.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "cover" in self.fields:
            widget: Any = self.fields["cover"].widget
            getattr(widget, "widget", widget).images = self._covers()

    @cached_property
    def stored_items(self) -> list[Choice]:
        items = self.instance.items.select_related("article", "change") if self.instance.pk else []
        return [Choice(item.article, item.change, item.full) for item in items]

    @cached_property
    def candidates(self) -> tuple[list[Article], list[ProcedureChange]]:
        if not self.instance.pk:
            return [], []
        return bulletins.candidates(self.instance, at=timezone.now())

    @cached_property
    def items(self) -> Any:
        """The rows: what is chosen first and in its order, then the rest of the period."""
        if self.is_bound and "items-TOTAL_FORMS" in self.data:
            return ItemFormSet(self.data, prefix="items")
        return ItemFormSet(initial=list(self._initial()), prefix="items")

    def _initial(self) -> Iterator[dict[str, Any]]:
        chosen = {(ARTICLE if item.article else CHANGE, _thing(item).pk): item for item in self.stored_items}
        places = Counter[str]()
        for (kind, pk), item in chosen.items():
            places[kind] += 1
            yield {"kind": kind, "pk": pk, "chosen": True, "full": item.full, "order": places[kind]}
        found: list[tuple[str, list[Any]]] = [(ARTICLE, self.candidates[0]), (CHANGE, self.candidates[1])]
        for kind, things in found:
            yield from ({"kind": kind, "pk": thing.pk} for thing in things if (kind, thing.pk) not in chosen)

    @property
    def article_rows(self) -> list[ItemForm]:
        return self._rows(ARTICLE, self.candidates[0])

    @property
    def change_rows(self) -> list[ItemForm]:
        return self._rows(CHANGE, self.candidates[1])

    def _rows(self, kind: str, things: list[Any]) -> list[ItemForm]:
        by_pk = {str(thing.pk): thing for thing in things}
        found = []
        for row in self.items:
            if row["kind"].value() == kind and (thing := by_pk.get(str(row["pk"].value()))):
                row.show(thing)
                found.append(row)
        return found

    @cached_property
    def choices(self) -> list[Choice]:
        """What was chosen, in its order: articles, then changes; what may not go into an issue is passed over."""
        rows = [row.cleaned_data for row in self.items.forms if row.cleaned_data.get("chosen")]
        rows.sort(key=lambda row: row["order"] or LAST)
        articles = {article.pk: article for article in self.candidates[0]}
        changes = {change.pk: change for change in self.candidates[1]}
        return [
            *(
                Choice(article=articles[row["pk"]], full=row["full"])
                for row in rows
                if row["kind"] == ARTICLE and row["pk"] in articles
            ),
            *(Choice(change=changes[row["pk"]]) for row in rows if row["kind"] == CHANGE and row["pk"] in changes),
        ]

    @property
    def changed_data(self) -> list[str]:
        changed = list(super().changed_data)
        return [*changed, "nội dung chọn"] if self.chose_anew else changed

    @cached_property
    def chose_anew(self) -> bool:
        """Whether rows were sent, understood, and differ from what is stored."""
        if not self.is_bound or "items-TOTAL_FORMS" not in self.data or not self.items.is_valid():
            return False
        before = [(item.article, item.change, item.full) for item in self.stored_items]
        return before != [(choice.article, choice.change, choice.full) for choice in self.choices]

    def clean(self) -> dict[str, Any] | None:
        # The instance still has the period under which the rows were shown.
        rows_are_valid = not self.is_bound or self.items.is_valid() if self.instance.pk else True
        cleaned = super().clean()
        if not rows_are_valid:
            self.add_error(None, f"Ghi thứ tự bằng số từ 1 đến {LAST}.")
        return cleaned

    def _covers(self) -> list[Image]:
        chosen = [self.instance.cover] if self.instance.cover else []
        found = [*chosen, *(article.cover for article in self.candidates[0] if article.cover)]
        return list({image.pk: image for image in found}.values())


@admin.register(Bulletin)
class BulletinAdmin(PublicationAdmin):
    form = BulletinForm
    change_form_template = "admin/news/bulletin/form.html"
    change_list_template = "admin/news/bulletin/list.html"
    inlines = [EvidenceInline]
    list_display = ["__str__", "state", "first_on", "last_on", "author", "publish_at"]
    list_filter = ["status", "year"]
    list_select_related = ["author"]
    fieldsets = [
        (None, {"fields": ["title", ("number", "year"), ("first_on", "last_on"), "intro", "cover"]}),
        ("Đăng", {"fields": ["unit", "publish_at", "unpublish_at", "mail"]}),
    ]

    class Media:
        css = {"all": ["css/admin-bulletin.css"]}
        js = ["js/bulletin.js"]

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field and db_field.name == "cover":
            field.help_text = "Ảnh đại diện của các bài trong kỳ; hiện ra sau lần lưu đầu tiên."
            # Pictures are kept on their own pages, not in passing.
            for link in ("can_add_related", "can_change_related", "can_delete_related", "can_view_related"):
                setattr(field.widget, link, False)
        return field

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        on = timezone.localdate()
        period = bulletins.Period.since_last_issue(on)
        return {
            "year": on.year,
            "number": bulletins.next_number(on.year),
            "first_on": period.first,
            "last_on": period.last,
            "unit": user(request).unit_id,
            **super().get_changeform_initial_data(request),
        }

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        if form.chose_anew:
            bulletins.arrange(form.instance, form.choices)

    def get_urls(self) -> list[URLPattern]:
        def view(handler: Any) -> Any:
            return self.admin_site.admin_view(handler)

        own = [
            path("thang-truoc/", view(require_POST(self.start_month)), name="news_bulletin_month"),
            path("<int:pk>/xem-truoc/", view(require_safe(self.preview)), name="news_bulletin_preview"),
            path("<int:pk>/ban-in.pdf", view(require_safe(self.preview_pdf)), name="news_bulletin_pdf"),
        ]
        return own + super().get_urls()

    def start_month(self, request: HttpRequest) -> HttpResponse:
        """Make the issue of the previous month, or open the one that is there."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        now = timezone.now()
        bulletin, is_new = bulletins.start_month(by=user(request), on=timezone.localdate(now), at=now)
        if is_new:
            text = "Đã lập bản nháp với mọi tin, bài và thay đổi của tháng trước. Bỏ chọn và sắp xếp rồi gửi duyệt."
            self.message_user(request, text, messages.SUCCESS)
        else:
            self.message_user(request, "Bản tin của tháng trước đã có.", messages.INFO)
        return redirect("admin:news_bulletin_change", bulletin.pk)

    def preview(self, request: HttpRequest, pk: int) -> HttpResponse:
        return bulletin_views.render_page(request, self._issue(request, pk), preview=True)

    def preview_pdf(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        return bulletin_views.respond(request, self._issue(request, pk), preview=True)

    def _issue(self, request: HttpRequest, pk: int) -> Issue:
        """Return the issue as its readers will see it."""
        bulletin = get_object_or_404(self.get_queryset(request).select_related("cover"), pk=pk)
        if not self.has_view_permission(request, bulletin):
            raise PermissionDenied
        now = timezone.now()
        return Issue.read(bulletin, max(now, bulletin.publish_at or now))


@tasks.register
def bulletins_waiting(user: User, on: date) -> Iterator[Task]:
    if user.has_perm("news.publish_bulletin"):
        waiting = Bulletin.objects.submitted().exclude(author=user).count()
        address = f"{reverse('admin:news_bulletin_changelist')}?status__exact=submitted"
        yield Task("Duyệt bản tin", waiting, address)


def _thing(choice: Choice) -> Any:
    return choice.article or choice.change
