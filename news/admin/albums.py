"""The staff's workplace for albums: many files at once, described and put in order on one page."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from news import album_views, albums, pictures, upload_views
from news.admin.evidence import EvidenceInline
from news.admin.publications import PublicationAdmin, user
from news.forms import PublicationForm
from news.models import Album, AlbumPhoto, Image
from news.picture_files import ACCEPT, MEGABYTE, MOST_BYTES

MOST_NEW = 100  # photos that one save adds


class AlbumForm(PublicationForm):
    credit_for_all = forms.CharField(
        label="Nguồn của mọi ảnh chưa ghi nguồn",
        max_length=150,
        required=False,
        help_text="Điền một lần cho cả album. Ví dụ: Trung tâm TT&ƯD KH&CN",
    )

    class Meta:
        model = Album
        fields = ["title", "lead", "section", "articles", "unit", "publish_at", "unpublish_at"]

    def is_multipart(self) -> bool:
        # The files stand beside the photos, not among the fields.
        return True


class PhotoForm(forms.ModelForm):
    """A photo's place in the album, and what is said of the picture itself."""

    alt = forms.CharField(
        label="mô tả ảnh",
        max_length=300,
        required=False,
        help_text="Ảnh cho thấy gì, trong một câu; để trống khi là ảnh trang trí.",
    )
    decorative = forms.BooleanField(label="ảnh trang trí", required=False)
    caption = forms.CharField(label="chú thích", max_length=300, required=False)
    credit = forms.CharField(label="nguồn ảnh", max_length=150, required=False)

    OF_IMAGE = ("alt", "decorative", "caption", "credit")

    class Meta:
        model = AlbumPhoto
        fields = ["order"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial.update({name: getattr(self.instance.image, name) for name in self.OF_IMAGE})

    def save(self, commit: bool = True) -> Any:
        photo = super().save(commit=commit)
        changed = [name for name in self.OF_IMAGE if name in self.changed_data]
        for name in changed:
            setattr(photo.image, name, self.cleaned_data[name])
        if changed:
            photo.image.save(update_fields=changed)
        return photo


class PhotoInline(admin.StackedInline):
    model = AlbumPhoto
    form = PhotoForm
    template = "admin/news/album/photos.html"
    extra = 0

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("image")

    # New photos come as files.
    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Album)
class AlbumAdmin(PublicationAdmin):
    form = AlbumForm
    change_form_template = "admin/news/album/form.html"
    inlines = [PhotoInline, EvidenceInline]
    list_display = ["title", "state", "photo_count", "section", "author", "publish_at"]
    list_filter = ["status", "section"]
    search_fields = ["title"]
    autocomplete_fields = ["articles"]
    fieldsets = [
        (None, {"fields": ["title", "lead", "section", "articles", "credit_for_all"]}),
        ("Đăng", {"fields": ["unit", "publish_at", "unpublish_at"]}),
    ]

    class Media:
        css = {"all": ["css/admin-album.css"]}
        js = ["js/album.js"]

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).annotate(photo_count=Count("photos")).select_related("section", "author")

    @admin.display(description="ảnh", ordering="photo_count")
    def photo_count(self, album: Any) -> int:
        return album.photo_count

    def get_urls(self) -> list[Any]:
        upload = self.admin_site.admin_view(require_POST(self.upload))
        preview = self.admin_site.admin_view(require_safe(self.preview))
        return [
            path("tai-anh/", upload, name="news_album_upload"),
            path("<int:pk>/xem-truoc/", preview, name="news_album_preview"),
            *super().get_urls(),
        ]

    def preview(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show the page that the public would see."""
        album = get_object_or_404(self.get_queryset(request).select_related("unit"), pk=pk)
        if not self.has_view_permission(request, album):
            raise PermissionDenied
        return album_views.render_album(request, album, preview=True)

    # Files.

    def upload(self, request: HttpRequest) -> HttpResponse:
        """Store one file and answer with the picture; it joins the album when the form is saved."""
        if not request.user.has_perm("news.add_image"):
            raise PermissionDenied
        if "file" not in request.FILES:
            return JsonResponse({"error": "Chọn tệp ảnh."})
        try:
            image = self._store(request, request.FILES["file"])
        except ValidationError as error:
            return JsonResponse({"error": " ".join(error.messages)})
        return JsonResponse({"pk": image.pk, "url": image.url(480)})

    def _store(self, request: HttpRequest, file: Any) -> Image:
        by, at = user(request), timezone.now()
        if not upload_views.may_upload(by, at=at):
            raise ValidationError(upload_views.TOO_MANY)
        return pictures.store(file, by=by, at=at)

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        extra_context = (extra_context or {}) | {"accept": ACCEPT, "most_megabytes": MOST_BYTES // MEGABYTE}
        if request.method == "POST":
            # Before anything is refused: a file is not chosen again because a title is missing.
            self._store_files(request)
            extra_context["new_images"] = self._new_images(request)
        return super().changeform_view(request, object_id, form_url, extra_context)

    def _store_files(self, request: Any) -> None:
        """Take the files of a browser without script into the form, as if they had been sent one by one."""
        files = request.FILES.getlist("files")
        if not files or not request.user.has_perm("news.add_image"):
            return
        data = request.POST.copy()
        for file in files[:MOST_NEW]:
            try:
                data.appendlist("new_image", str(self._store(request, file).pk))
            except ValidationError as error:
                self.message_user(request, f"Chưa nhận: {' '.join(error.messages)}", messages.WARNING)
        request.POST = data

    def _new_images(self, request: HttpRequest) -> list[Image]:
        pks = [int(pk) for pk in request.POST.getlist("new_image") if pk.isdecimal() and len(pk) < 19]
        return albums.own_images(pks[:MOST_NEW], user(request))

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        albums.add(form.instance, self._new_images(request))
        albums.renumber(form.instance)
        if credit := form.cleaned_data["credit_for_all"]:
            albums.credit_all(form.instance, credit)
