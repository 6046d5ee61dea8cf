"""The way by which staff open a file: there is no list of files, only those of a case that one may open."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path
from django.utils import timezone
from django.views.decorators.cache import never_cache

from feedback import access, attachments
from feedback.models import AccessRecord, Attachment
from procedures.admin_views import user


@admin.register(Attachment)
class AttachmentAdmin(admin.ModelAdmin):
    def get_urls(self) -> list[URLPattern]:
        # None of the admin's own pages: a file is seen, added and erased with its case.
        show = self.admin_site.admin_view(never_cache(self.show))
        return [path("<int:pk>/tep/", show, name="feedback_attachment_file")]

    def has_module_permission(self, request: HttpRequest) -> bool:
        return False

    def show(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """Send the file to who may open its case and write down who saw it (RULES F17)."""
        attachment = get_object_or_404(Attachment.objects.select_related("submission"), pk=pk)
        case = attachment.submission
        if case is None:
            # Somebody is still filling in the form.
            raise Http404
        if not access.may_open(user(request), case):
            raise PermissionDenied
        response = attachments.respond(attachment, download="luu" in request.GET)
        # By its number: what somebody called the file may name a person.
        how, detail = AccessRecord.How.FILE, f"Tệp {attachment.pk}"
        access.note(case, by=user(request), at=timezone.now(), how=how, detail=detail)
        return response
