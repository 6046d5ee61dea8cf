"""What the editor asks for when a picture is dropped, pasted or chosen."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from news import pictures
from portal import limits
from portal.models import User

UPLOADS_A_DAY = 500  # by one person
TOO_MANY = f"Hôm nay đã tải lên {UPLOADS_A_DAY} ảnh; tải tiếp vào ngày mai."
_WIDTH_IN_BODY = 800


@never_cache
@require_POST
def ckeditor_upload(request: HttpRequest) -> HttpResponse:
    """Take one picture (field "upload") and answer as the editor's plugin "uploadimage" expects.

    Django's own check of the CSRF token stays on; the editor sends the token of its page in a header.
    """
    user = request.user
    if not isinstance(user, User) or not user.is_staff or not user.has_perm("news.add_image"):
        return _refused("Tài khoản này không được tải ảnh lên.", status=403)
    file = request.FILES.get("upload")
    if file is None:
        return _refused("Chọn một tệp ảnh.")
    at = timezone.now()
    if not may_upload(user, at=at):
        return _refused(TOO_MANY)
    try:
        image = pictures.store(file, by=user, at=at)
    except ValidationError as error:
        return _refused(" ".join(error.messages))
    width, height = image.size(_WIDTH_IN_BODY)
    return JsonResponse(
        {
            "uploaded": 1,
            "fileName": f"anh-{image.pk}.jpg",
            "url": image.url(_WIDTH_IN_BODY),
            "width": width,
            "height": height,
        }
    )


def ckeditor_browse(request: HttpRequest) -> HttpResponse:
    """Refuse to list what everybody has uploaded, which the editor's stock view does."""
    raise Http404


def may_upload(user: User, *, at: datetime) -> bool:
    """Count one more picture of the person today; return whether it is within the limit."""
    return limits.allows("picture-upload", str(user.pk), most=UPLOADS_A_DAY, on=timezone.localdate(at))


def _refused(sentence: str, status: int = 200) -> JsonResponse:
    # The editor reads the sentence only from an answer of status 200.
    return JsonResponse({"uploaded": 0, "error": {"message": sentence}}, status=status)
