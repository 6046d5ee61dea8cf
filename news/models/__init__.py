from news.models.album import Album, AlbumPhoto
from news.models.article import Article, Editing, Placement, Section, Tag, UnsavedArticle
from news.models.bulletin import Bulletin, BulletinDelivery, BulletinItem
from news.models.image import Image
from news.models.internal import Dissemination, ReadReceipt, TrainingAttendance, TrainingRecord
from news.models.plan import CommunicationPlan, Evidence, PlanTask
from news.models.publication import EditorialEvent, Publication
from news.models.review import ReviewItem, ReviewPlan

__all__ = [
    "Album",
    "AlbumPhoto",
    "Article",
    "Bulletin",
    "BulletinDelivery",
    "BulletinItem",
    "CommunicationPlan",
    "Dissemination",
    "Editing",
    "EditorialEvent",
    "Evidence",
    "Image",
    "Placement",
    "PlanTask",
    "Publication",
    "ReadReceipt",
    "ReviewItem",
    "ReviewPlan",
    "Section",
    "Tag",
    "TrainingAttendance",
    "TrainingRecord",
    "UnsavedArticle",
]
