from django.contrib import admin
from django.urls import include, path

from portal import views

urlpatterns = [
    path("", views.home, name="home"),
    path("thu-tuc/", include("procedures.urls")),
    path("quan-tri/", admin.site.urls),
]
