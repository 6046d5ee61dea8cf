from django.http import HttpRequest, HttpResponse


def procedure_list(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


def field_detail(request: HttpRequest, slug: str) -> HttpResponse:
    return HttpResponse()


def procedure_detail(request: HttpRequest, code: str) -> HttpResponse:
    return HttpResponse()
