"""The staff's pictures: many uploaded at once, described in the list, each person's own first."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.options import IS_POPUP_VAR
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Q, QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from news import pictures
from news.admin.publications import user
from news.models import Image
from news.picture_files import ACCEPT, MEGABYTE, MOST_BYTES
from news.upload_views import TOO_MANY, may_upload
from portal.admin_site import Task, tasks
from portal.models import User
from procedures.admin import FoldedSearchMixin
from procedures.admin_forms import ManyFilesField, ManyFilesInput

MOST_AT_ONCE = 50
EVERYBODY = "moi-nguoi"
UNDESCRIBED = Q(alt="", decorative=False)


def keeps_all(user: Any) -> bool:
    """Tell whether the person looks after everybody's pictures, as the centre's editors do."""
    return user.has_perm("news.delete_image")


class FolderFilter(admin.SimpleListFilter):
    """Shows one's own pictures unless everybody's are asked for."""

    title = "người tải lên"
    parameter_name = "cua"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(EVERYBODY, "Mọi người")] if keeps_all(request.user) else []

    def choices(self, changelist: ChangeList) -> Iterator[Any]:
        own, *others = super().choices(changelist)
        yield {**own, "display": "Tôi"}
        yield from others

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset if self.value() == EVERYBODY else queryset.filter(uploaded_by=user(request))


class DescribedFilter(admin.SimpleListFilter):
    title = "mô tả"
    parameter_name = "mo-ta"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("thieu", "Chưa mô tả")]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet | None:
        return queryset.filter(UNDESCRIBED) if self.value() == "thieu" else None


class UploadForm(forms.Form):
    files = ManyFilesField(  # type: ignore[assignment]  # Django's own name for something else on the class
        label="Tệp ảnh",
        help_text=f"JPG, PNG hoặc WEBP, mỗi tệp tối đa {MOST_BYTES // MEGABYTE} MB; chọn được nhiều tệp, nhiều nhất "
        f"{MOST_AT_ONCE} tệp mỗi lần. Vị trí chụp ghi trong ảnh được xóa.",
        error_messages={"required": "Chọn ít nhất một tệp ảnh.", "empty": "Có tệp trống; chọn tệp khác."},
        widget=ManyFilesInput(attrs={"accept": ACCEPT}),
    )
    credit = forms.CharField(
        label="Nguồn của các ảnh này",
        max_length=150,
        required=False,
        help_text="Để trống nếu mỗi ảnh một nguồn. Ví dụ: Trung tâm TT&ƯD KH&CN",
        widget=forms.TextInput(attrs={"class": "vTextField"}),
    )

    def clean_files(self) -> list[UploadedFile]:
        files: list[UploadedFile] = self.cleaned_data["files"]
        if len(files) > MOST_AT_ONCE:
            raise ValidationError(f"Chọn nhiều nhất {MOST_AT_ONCE} tệp mỗi lần.", code="count")
        return files


class RowForm(forms.ModelForm):
    """A line of the list; what nobody touched may stay undescribed for now."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.fields:
            # The heads of the columns are no labels, and the list has no room for help.
            field = self.fields[name]
            field.widget.attrs["aria-label"] = f"{field.label}, ảnh {self.instance.pk}"
            field.help_text = ""

    def _post_clean(self) -> None:
        if self.has_changed():
            super()._post_clean()  # type: ignore[misc]


@admin.register(Image)
class ImageAdmin(FoldedSearchMixin, admin.ModelAdmin):
    list_display = ["thumbnail", "alt", "decorative", "caption", "credit", "uploaded_at"]
    list_display_links = ["thumbnail"]
    list_editable = ["alt", "decorative", "caption", "credit"]
    list_filter = [FolderFilter, DescribedFilter]
    list_select_related = ["uploaded_by"]
    list_per_page = 20
    search_fields = ["alt", "caption", "credit"]
    searched = ("alt", "caption", "credit")
    search_help_text = "Tìm theo mô tả, chú thích, nguồn; gõ có dấu hay không dấu đều được."
    fields = ["shown", "alt", "decorative", "caption", "credit", "measures", "used_in", "uploaded_at", "uploaded_by"]
    readonly_fields = ["shown", "measures", "used_in", "uploaded_at", "uploaded_by"]

    class Media:
        css = {"all": ["css/admin-pictures.css"]}

    # Who sees what.

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        found = super().get_queryset(request)
        return found if keeps_all(request.user) else found.filter(uploaded_by=user(request))

    def get_list_display(self, request: HttpRequest) -> Any:
        shown = super().get_list_display(request)
        return [*shown, "uploaded_by"] if request.GET.get(FolderFilter.parameter_name) == EVERYBODY else shown

    def get_changelist_form(self, request: HttpRequest, **kwargs: Any) -> Any:
        return super().get_changelist_form(request, **{"form": RowForm, **kwargs})

    def get_urls(self) -> list[Any]:
        original = self.admin_site.admin_view(self.original)
        return [path("<int:pk>/ban-goc/", original, name="news_image_original"), *super().get_urls()]

    def original(self, request: HttpRequest, pk: int) -> FileResponse:
        """Hand out the picture in its full size; the public has no address for it."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        image = get_object_or_404(self.get_queryset(request), pk=pk)
        kind = image.original.name.rpartition(".")[2]
        return FileResponse(image.original.open("rb"), as_attachment=True, filename=f"anh-{image.pk}.{kind}")

    # Uploading.

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """Take many files at once; what is wrong with one does not keep the others out."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
        if request.method == "POST" and form.is_valid():
            stored = self._store(request, form)
            if stored and IS_POPUP_VAR in request.POST:
                return self.response_add(request, stored[0])
            if stored:
                return redirect("admin:news_image_changelist")
        popup = IS_POPUP_VAR in request.POST or IS_POPUP_VAR in request.GET
        context = {
            **self.admin_site.each_context(request),
            "title": "Tải ảnh lên",
            "opts": self.opts,
            "form": form,
            "media": self.media + form.media,
            "is_popup": popup,
            "is_popup_var": IS_POPUP_VAR,
        }
        return TemplateResponse(request, "admin/news/image/upload.html", context)

    def _store(self, request: HttpRequest, form: UploadForm) -> list[Image]:
        stored: list[Image] = []
        at = timezone.now()
        for file in form.cleaned_data["files"]:
            if not may_upload(user(request), at=at):
                self.message_user(request, TOO_MANY, messages.WARNING)
                break
            try:
                stored.append(pictures.store(file, by=user(request), at=at, credit=form.cleaned_data["credit"]))
            except ValidationError as error:
                self.message_user(request, f"Chưa nhận: {' '.join(error.messages)}", messages.WARNING)
        if stored:
            self.message_user(request, f"Đã nhận {len(stored)} ảnh. Mô tả từng ảnh rồi lưu.", messages.SUCCESS)
        return stored

    # Deleting.

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> tuple[Any, Any, Any, Any]:
        """Protect also what only a body shows, where the database sees no relation."""
        deleted, counts, perms_needed, protected = super().get_deleted_objects(objs, request)
        if not protected:
            protected = [str(publication) for image in objs for publication in pictures.uses(image)]
        return deleted, counts, perms_needed, protected

    # Columns.

    @admin.display(description="ảnh")
    def thumbnail(self, image: Image) -> SafeString:
        return pictures.show(image, sizes="6rem", lazy=True, alt=f"Ảnh {image.pk}")

    @admin.display(description="ảnh")
    def shown(self, image: Image) -> SafeString:
        return pictures.show(image, sizes="30rem")

    @admin.display(description="bản gốc")
    def measures(self, image: Image) -> SafeString:
        address = reverse("admin:news_image_original", args=[image.pk])
        return format_html('<a href="{}">Tải về, {} × {} điểm ảnh</a>', address, image.width, image.height)

    @admin.display(description="dùng ở")
    def used_in(self, image: Image) -> SafeString | str:
        links = [(_address(publication), publication) for publication in pictures.uses(image)]
        return format_html_join(", ", '<a href="{}">{}</a>', links) or "Chưa dùng"


def _address(publication: Any) -> str:
    meta = publication._meta
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[publication.pk])


@tasks.register
def pictures_to_describe(user: User, on: date) -> Iterator[Task]:
    """Pictures of one's own that nobody can publish before they are described."""
    if user.has_perm("news.change_image"):
        yield Task(
            "Mô tả ảnh đã tải lên",
            count=Image.objects.filter(UNDESCRIBED, uploaded_by=user).count(),
            url=f"{reverse('admin:news_image_changelist')}?mo-ta=thieu",
            note="Bài, album chỉ gửi duyệt được khi mọi ảnh đã có mô tả hoặc được chọn là ảnh trang trí.",
        )
