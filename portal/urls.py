from django.conf import settings
from django.conf.urls.static import static
from django.contrib import admin
from django.contrib.sitemaps import views as sitemap_views
from django.urls import include, path
from django.views.decorators.cache import cache_control

from feedback.sitemaps import PublicAnswerSitemap
from news import upload_views
from news.sitemaps import AlbumSitemap, ArticleSitemap, BulletinSitemap, PlanSitemap, ReviewSitemap, SectionSitemap
from portal import views
from portal.sitemaps import PageSitemap
from procedures import subscription_views
from procedures.sitemaps import DocumentSitemap, FieldSitemap, ProcedureSitemap
from reports.sitemaps import FiguresSitemap

_kept = cache_control(public=True, max_age=3600)
_SITEMAPS = {
    "sitemaps": {
        "trang": PageSitemap,
        "linh-vuc": FieldSitemap,
        "thu-tuc": ProcedureSitemap,
        "van-ban": DocumentSitemap,
        "chuyen-muc": SectionSitemap,
        "tin-tuc": ArticleSitemap,
        "hinh-anh": AlbumSitemap,
        "ban-tin": BulletinSitemap,
        "ke-hoach": PlanSitemap,
        "ra-soat": ReviewSitemap,
        "tra-loi": PublicAnswerSitemap,
        "so-lieu": FiguresSitemap,
    }
}

urlpatterns = [
    path("", views.home, name="home"),
    path("", include("procedures.urls")),
    path("", include("news.urls")),
    path("", include("feedback.urls")),
    path("so-lieu/", include("reports.urls")),
    path("api/", include("procedures.api.urls")),
    path("nhan-tin/", subscription_views.subscribe, name="subscribe"),
    path("lien-he/", views.contact, name="contact"),
    path("tiep-can/", views.accessibility, name="accessibility"),
    path("du-lieu-ca-nhan/", views.privacy, name="privacy"),
    path("so-do-trang/", views.site_map, name="site-map"),
    path("sitemap.xml", _kept(sitemap_views.index), _SITEMAPS | {"sitemap_url_name": "sitemap"}, name="sitemap-index"),
    path("sitemap-<section>.xml", _kept(sitemap_views.sitemap), _SITEMAPS, name="sitemap"),
    path("robots.txt", views.robots, name="robots"),
    path("favicon.ico", views.favicon, name="favicon"),
    # Under the names by which the editor's field asks for them.
    path("quan-tri/anh/tai-len/", upload_views.ckeditor_upload, name="ckeditor_upload"),
    path("quan-tri/anh/chon/", upload_views.ckeditor_browse, name="ckeditor_browse"),
    path("quan-tri/bao-cao/", include("reports.staff_urls")),
    path("quan-tri/", admin.site.urls),
]
# Only under DEBUG: elsewhere the web server in front serves uploaded files.
urlpatterns += static(settings.MEDIA_URL, document_root=settings.MEDIA_ROOT)
