"""How every address of the API answers: methods, formats, errors, caching, and use from other sites."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_cache_control, set_response_etag

from procedures.api.operations import Asked, Operation, Rows
from procedures.api.parameters import BadQuery, Unreadable, read_query
from procedures.api.problems import problem
from procedures.api.resources import address

View = Callable[..., HttpResponseBase]

METHODS = "GET, HEAD, OPTIONS"
SECONDS_KEPT = 300


def endpoint(answer: Callable[..., HttpResponse]) -> View:
    """Make a view of a function that returns an answer, or raises `BadQuery` or `Http404`."""

    def view(request: HttpRequest, **path: str) -> HttpResponseBase:
        return _open_to_other_sites(_answered(answer, request, path))

    def refuse_method(request: HttpRequest) -> HttpResponseBase:
        return _open_to_other_sites(_refused())

    # Asked by `portal.middleware.RefusedMethodMiddleware`.
    view.refuse_method = refuse_method  # type: ignore[attr-defined]
    return view


def of(operation: Operation) -> View:
    def answer(request: HttpRequest, **path: str) -> HttpResponse:
        values = {**read_query(request.GET, operation.parameters), **_read_path(operation, path)}
        asked = Asked(values, values.get("on") or timezone.localdate())
        found = operation.find(asked)
        if operation.is_list:
            return _json(_list(request, operation, found, asked, path))
        return _json(operation.resource.show(found, asked.on))

    return endpoint(answer)


@endpoint
def not_found(request: HttpRequest) -> HttpResponse:
    raise Http404


def _answered(answer: Callable[..., HttpResponse], request: HttpRequest, path: dict[str, str]) -> HttpResponseBase:
    if request.method == "OPTIONS":
        return HttpResponse(status=HTTPStatus.NO_CONTENT, headers={"Allow": METHODS})
    if not request.accepts("application/json"):
        return problem(HTTPStatus.NOT_ACCEPTABLE, "Ghi application/json trong đầu mục Accept, hoặc bỏ đầu mục này.")
    try:
        response = answer(request, **path)
    except BadQuery as bad:
        return problem(HTTPStatus.BAD_REQUEST, "Sửa các tham số nêu dưới đây rồi gửi lại.", bad.faults)
    except Http404:
        guide = address(reverse("api:guide"))
        return problem(HTTPStatus.NOT_FOUND, f"Kiểm tra lại địa chỉ. Các địa chỉ của API có ở {guide}.")
    patch_cache_control(response, public=True, max_age=SECONDS_KEPT)
    set_response_etag(response)
    return get_conditional_response(request, etag=response.headers["ETag"], response=response) or response


def _refused() -> HttpResponse:
    response = problem(HTTPStatus.METHOD_NOT_ALLOWED, "Gửi lại bằng phương thức GET.")
    response.headers["Allow"] = METHODS
    return response


def _open_to_other_sites(response: HttpResponseBase) -> HttpResponseBase:
    """Let scripts of any site read the answer: it is public and the same for everybody."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Access-Control-Allow-Methods"] = METHODS
    response.headers["Access-Control-Expose-Headers"] = "ETag"
    return response


def _read_path(operation: Operation, path: dict[str, str]) -> dict[str, Any]:
    declared = {parameter.name: parameter for parameter in operation.parameters}
    try:
        return {name: declared[name].read(value) for name, value in path.items()}
    except Unreadable as unreadable:
        raise Http404 from unreadable


def _list(
    request: HttpRequest, operation: Operation, found: Rows, asked: Asked, path: dict[str, str]
) -> dict[str, Any]:
    following = None
    if found.following:
        query = request.GET.copy()
        query["cursor"] = str(found.following)
        following = address(f"{reverse(f'api:{operation.name}', kwargs=path)}?{query.urlencode()}")
    items = [operation.resource.show(row, asked.on) for row in found.rows]
    return {"items": items, "next": following, "total": found.total}


def _json(content: dict[str, Any]) -> JsonResponse:
    return JsonResponse(content, json_dumps_params={"ensure_ascii": False})
