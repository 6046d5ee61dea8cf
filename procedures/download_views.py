from django.http import FileResponse, Http404, HttpRequest
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import etag, require_safe

from procedures import downloads


@require_safe
@cache_control(public=True, max_age=300)
@etag(lambda request, extension: f'"{downloads.version(timezone.localdate())}.{extension}"')
def catalogue_download(request: HttpRequest, extension: str) -> FileResponse:
    """Send the whole catalogue as one file."""
    on = timezone.localdate()
    if extension not in downloads.FORMATS:
        raise Http404
    response = FileResponse(
        downloads.opened(extension, on),
        as_attachment=True,
        filename=f"{downloads.NAME}-{on}.{extension}",
        content_type=downloads.FORMATS[extension].content_type,
    )
    # Public and the same for everybody: scripts of any site may read it.
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response
