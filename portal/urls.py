from django.conf import settings
from django.conf.urls.static import static
from django.contrib import admin
from django.urls import include, path

from portal import views

urlpatterns = [
    path("", views.home, name="home"),
    path("", include("procedures.urls")),
    path("lien-he/", views.contact, name="contact"),
    path("tiep-can/", views.accessibility, name="accessibility"),
    path("du-lieu-ca-nhan/", views.privacy, name="privacy"),
    path("so-do-trang/", views.site_map, name="site-map"),
    path("robots.txt", views.robots, name="robots"),
    path("favicon.ico", views.favicon, name="favicon"),
    path("quan-tri/", admin.site.urls),
]
# Only under DEBUG: elsewhere the web server in front serves uploaded files.
urlpatterns += static(settings.MEDIA_URL, document_root=settings.MEDIA_ROOT)
