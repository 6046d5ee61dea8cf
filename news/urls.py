from django.urls import path

from news import album_views, bulletin_views, feeds, plan_views, preview_views, review_views, views

app_name = "news"

urlpatterns = [
    path("hinh-anh/", album_views.album_list, name="album-list"),
    path("hinh-anh/<slug:slug>/", album_views.album, name="album"),
    path("hinh-anh/<slug:slug>/anh-chia-se.png", album_views.album_card, name="album-card"),
    path("hinh-anh/<slug:slug>/<int:number>/", album_views.photo, name="photo"),
    path("tin-tuc/", views.home, name="home"),
    path("tin-tuc/feed.xml", feeds.ArticleFeed(), name="feed"),
    path("tin-tuc/rss.xml", feeds.ArticleRssFeed(), name="rss"),
    path("tin-tuc/xem-truoc/<str:signed>/", preview_views.shared, name="preview"),
    path("tin-tuc/<int:year>/<slug:slug>/", views.article, name="article"),
    path("tin-tuc/<int:year>/<slug:slug>/anh-chia-se.png", views.article_card, name="article-card"),
    path("tin-tuc/<slug:slug>/", views.section, name="section"),
    path("tin-tuc/<slug:slug>/feed.xml", feeds.ArticleFeed(), name="section-feed"),
    path("tin-tuc/<slug:slug>/rss.xml", feeds.ArticleRssFeed(), name="section-rss"),
    path("ban-tin/", bulletin_views.bulletin_list, name="bulletin-list"),
    path("ban-tin/<int:number>-<int:year>/", bulletin_views.bulletin, name="bulletin"),
    path("ban-tin/<int:number>-<int:year>/ban-tin.pdf", bulletin_views.bulletin_pdf, name="bulletin-pdf"),
    path("ke-hoach/", plan_views.plan_list, name="plan-list"),
    path("ke-hoach/<int:year>/", plan_views.plan, name="plan"),
    path("ra-soat/", review_views.review_list, name="review-list"),
    path("ra-soat/<int:year>/", review_views.review, name="review"),
    path("ra-soat/<int:year>/ke-hoach.xlsx", review_views.review_file, name="review-file"),
]
