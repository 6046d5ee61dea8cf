"""Rows as tests need them: valid, complete, and saying nothing that the test does not say itself."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import factory
from django.contrib.auth.models import Group
from django.utils import timezone
from factory.django import DjangoModelFactory

from feedback import models as feedback
from news import models as news
from portal import models as portal
from portal.search_index import words
from procedures import models as procedures
from reports import models as reports
from reports.compiling import compile_period
from reports.periods import Name, days

PASSWORD = "mat-khau-de-kiem-thu"
PUBLISHED_AT = datetime(2026, 11, 2, 1, tzinfo=UTC)


class UnitFactory(DjangoModelFactory):
    class Meta:
        model = portal.Unit

    name = factory.Sequence(lambda number: f"Phòng chuyên môn {number}")


class OrganisationFactory(DjangoModelFactory):
    """The department's one row."""

    class Meta:
        model = portal.Organisation
        django_get_or_create = ("pk",)

    pk = 1
    name = "Sở Khoa học và Công nghệ"
    place = "tỉnh Bà Rịa - Vũng Tàu"
    place_in_documents = "Bà Rịa - Vũng Tàu"
    parent = "UBND tỉnh Bà Rịa - Vũng Tàu"
    document_symbol = "SKHCN"
    address = "Số 1 Đường Thử, thành phố Bà Rịa"
    phone = "0254 000 0000"
    help_phone = "0254 000 0001"
    reception_name = "Bộ phận Một cửa"


class TeamMemberFactory(DjangoModelFactory):
    """A seat held since the beginning of 2024."""

    class Meta:
        model = portal.TeamMember

    name = factory.Sequence(lambda number: f"Cán bộ đầu mối số {number}")
    role = "Thành viên"
    unit = factory.SubFactory(UnitFactory)
    first_on = date(2024, 1, 1)


class UserFactory(DjangoModelFactory):
    """A member of staff; `role` is one of `portal.roles`."""

    class Meta:
        model = portal.User
        skip_postgeneration_save = True

    username = factory.Sequence(lambda number: f"can-bo-{number}")
    password = factory.django.Password(PASSWORD)
    is_staff = True

    @factory.post_generation
    def role(self: portal.User, create: bool, extracted: str | None, **kwargs: Any) -> None:
        if create and extracted:
            self.groups.add(Group.objects.get(name=extracted))


class AdministratorFactory(UserFactory):
    """Somebody who may do everything."""

    is_superuser = True


class FieldFactory(DjangoModelFactory):
    class Meta:
        model = procedures.Field

    name = factory.Sequence(lambda number: f"Lĩnh vực {number}")


class LegalDocumentFactory(DjangoModelFactory):
    class Meta:
        model = procedures.LegalDocument

    # Of a year from which the demonstration has none.
    number = factory.Sequence(lambda number: f"{number}/1999/NĐ-CP")
    title = "Quy định chi tiết một số điều"


class FormFileFactory(DjangoModelFactory):
    class Meta:
        model = procedures.FormFile

    name = factory.Sequence(lambda number: f"Mẫu số {number}. Đơn đề nghị")
    url = factory.Sequence(lambda number: f"https://example.org/mau/{number}.docx")


class SubmissionMethodFactory(DjangoModelFactory):
    """Filed at the counter, answered within 18 working days."""

    class Meta:
        model = procedures.SubmissionMethod

    procedure = factory.SubFactory("tests.factories.ProcedureFactory", methods=None)
    channel = procedures.SubmissionMethod.Channel.DIRECT
    time_limit = 18
    time_unit = procedures.SubmissionMethod.TimeUnit.WORKING_DAY


class FeeFactory(DjangoModelFactory):
    """A fee of 2,000,000 VND."""

    class Meta:
        model = procedures.Fee

    procedure = factory.SubFactory("tests.factories.ProcedureFactory", fees=None)
    amount = 2_000_000

    class Params:
        free = factory.Trait(state=procedures.Fee.State.FREE, amount=None)
        unknown = factory.Trait(state=procedures.Fee.State.UNKNOWN, amount=None)


class DossierCaseFactory(DjangoModelFactory):
    class Meta:
        model = procedures.DossierCase

    procedure = factory.SubFactory("tests.factories.ProcedureFactory")
    name = factory.Sequence(lambda number: f"Trường hợp {number}")


class DossierItemFactory(DjangoModelFactory):
    class Meta:
        model = procedures.DossierItem

    procedure = factory.SubFactory("tests.factories.ProcedureFactory", items=None)
    name = factory.Sequence(lambda number: f"Giấy tờ {number}")
    originals = 1
    copies = 0


class LegalBasisFactory(DjangoModelFactory):
    class Meta:
        model = procedures.LegalBasis

    procedure = factory.SubFactory("tests.factories.ProcedureFactory", legal_bases=None)
    document = factory.SubFactory(LegalDocumentFactory)


class ProcedureFactory(DjangoModelFactory):
    """A draft with all that publishing asks for (NĐ 63/2010 Đ8.2); `published=True` makes it public.

    Its rows are one submission method, one fee, one paper and one legal basis; `methods=None`,
    `fees=None`, `items=None` or `legal_bases=None` leaves one out, and `methods__time_limit=5` and
    the like say what it holds.
    """

    class Meta:
        model = procedures.Procedure
        skip_postgeneration_save = True

    class Params:
        published = factory.Trait(status=procedures.Procedure.Status.PUBLISHED, published_at=PUBLISHED_AT)

    code = factory.Sequence(lambda number: f"1.9{number:05}")
    name = factory.Sequence(lambda number: f"Thủ tục cấp giấy phép hoạt động số {number}")
    short_name = factory.Sequence(lambda number: f"Cấp giấy phép hoạt động số {number}")
    field = factory.SubFactory(FieldFactory)
    at_province = True
    audience = "Cá nhân, doanh nghiệp"
    for_individuals = True
    for_businesses = True
    online_level = procedures.Procedure.OnlineLevel.FULL
    steps = "Bước 1: Nộp hồ sơ.\nBước 2: Nhận kết quả."
    dossier_sets = 1
    results = "Giấy phép"
    executing_agency = "Sở Khoa học và Công nghệ"
    competent_agency = "Ủy ban nhân dân tỉnh"
    decision_number = "1234/QĐ-UBND"

    methods = factory.RelatedFactory(SubmissionMethodFactory, factory_related_name="procedure")
    fees = factory.RelatedFactory(FeeFactory, factory_related_name="procedure")
    items = factory.RelatedFactory(DossierItemFactory, factory_related_name="procedure")
    legal_bases = factory.RelatedFactory(LegalBasisFactory, factory_related_name="procedure")


class DecisionFactory(DjangoModelFactory):
    """A decision being drafted; `published=True` sets its state only, `deciding.publish` is what applies it."""

    class Meta:
        model = procedures.Decision

    class Params:
        published = factory.Trait(status=procedures.Decision.Status.PUBLISHED, published_at=PUBLISHED_AT)

    document = factory.SubFactory(
        LegalDocumentFactory,
        number=factory.Sequence(lambda number: f"{number}/1999/QĐ-UBND"),
        kind=procedures.LegalDocument.Kind.PUBLICATION_DECISION,
        title="Công bố thủ tục hành chính",
        issued_on=date(2026, 11, 20),
    )


class ProcedureChangeFactory(DjangoModelFactory):
    """An amendment of a public procedure."""

    class Meta:
        model = procedures.ProcedureChange

    decision = factory.SubFactory(DecisionFactory)
    kind = procedures.ProcedureChange.Kind.AMENDED
    procedure = factory.SubFactory(ProcedureFactory, published=True)
    effective_on = date(2026, 11, 25)
    sentence = "Giảm thời hạn từ 18 ngày xuống 15 ngày."


class InternalProcessFactory(DjangoModelFactory):
    """A process without steps, in force since the beginning of 2026."""

    class Meta:
        model = procedures.InternalProcess

    procedure = factory.SubFactory(ProcedureFactory, published=True)
    valid_from = date(2026, 1, 1)


class ProcessStepFactory(DjangoModelFactory):
    """A step of one working day."""

    class Meta:
        model = procedures.ProcessStep

    process = factory.SubFactory(InternalProcessFactory)
    name = factory.Sequence(lambda number: f"Việc {number}")
    role = "Bộ phận Một cửa"
    time = 1
    order = factory.Sequence(lambda number: number)


class ServicePriceFactory(DjangoModelFactory):
    """100,000 VND since the beginning of 2026."""

    class Meta:
        model = procedures.ServicePrice

    unit = factory.SubFactory(UnitFactory)
    name = factory.Sequence(lambda number: f"Dịch vụ {number}")
    measure = "cái"
    amount = 100_000
    vat = procedures.ServicePrice.Vat.INCLUDED
    valid_from = date(2026, 1, 1)


class SubscriptionFactory(DjangoModelFactory):
    """Somebody who has confirmed to hear of every change at once."""

    class Meta:
        model = procedures.Subscription

    email = factory.Sequence(lambda number: f"nguoi-doc-{number}@example.org")
    asked_at = PUBLISHED_AT
    confirmed_at = PUBLISHED_AT


class SectionFactory(DjangoModelFactory):
    class Meta:
        model = news.Section

    name = factory.Sequence(lambda number: f"Chuyên mục {number}")
    slug = factory.Sequence(lambda number: f"chuyen-muc-{number}")


class ArticleFactory(DjangoModelFactory):
    """A draft with all that publishing asks for; `published=True` sets its state only, at PUBLISHED_AT."""

    class Meta:
        model = news.Article
        skip_postgeneration_save = True

    class Params:
        published = factory.Trait(
            status=news.Article.Status.PUBLISHED,
            publish_at=PUBLISHED_AT,
            year=2026,
            slug=factory.Sequence(lambda number: f"hoi-thi-so-{number}"),
        )

    title = factory.Sequence(lambda number: f"Hội thi tìm hiểu cải cách hành chính lần {number}")
    lead = "Hội thi diễn ra trong hai ngày."
    body = "<p>Hội thi có mười đội tham gia.</p>"
    section = factory.SubFactory(SectionFactory)


class CommunicationPlanFactory(DjangoModelFactory):
    """The plan of 2026."""

    class Meta:
        model = news.CommunicationPlan
        django_get_or_create = ("year",)

    year = 2026
    title = factory.LazyAttribute(lambda plan: f"Kế hoạch truyền thông năm {plan.year}")


class PlanTaskFactory(DjangoModelFactory):
    """A task for the whole of the plan's year."""

    class Meta:
        model = news.PlanTask

    plan = factory.SubFactory(CommunicationPlanFactory)
    number = factory.Sequence(lambda number: f"II.{number}")
    content = factory.Sequence(lambda number: f"Việc cần truyền thông {number}")
    lead = factory.SubFactory(UnitFactory)
    time = factory.LazyAttribute(lambda task: f"Thường xuyên trong năm {task.plan.year}")
    first_on = factory.LazyAttribute(lambda task: date(task.plan.year, 1, 1))
    last_on = factory.LazyAttribute(lambda task: date(task.plan.year, 12, 31))


class DisseminationFactory(DjangoModelFactory):
    """A draft with one document, addressed to all staff."""

    class Meta:
        model = news.Dissemination
        skip_postgeneration_save = True

    title = factory.Sequence(lambda number: f"Quán triệt văn bản số {number}")
    to_all = True

    @factory.post_generation
    def documents(self: news.Dissemination, create: bool, extracted: Any, **kwargs: Any) -> None:
        if create:
            self.documents.set([LegalDocumentFactory()] if extracted is None else extracted)

    @factory.post_generation
    def units(self: news.Dissemination, create: bool, extracted: Any, **kwargs: Any) -> None:
        if create and extracted:
            self.units.set(extracted)


class TrainingRecordFactory(DjangoModelFactory):
    class Meta:
        model = news.TrainingRecord

    course = factory.Sequence(lambda number: f"Lớp bồi dưỡng số {number}")
    skill = "Giao tiếp với khách hàng"
    first_on = date(2026, 5, 4)
    last_on = date(2026, 5, 5)


class ReviewPlanFactory(DjangoModelFactory):
    """A public plan of 2026, sent in time."""

    class Meta:
        model = news.ReviewPlan

    year = 2026
    title = "Kế hoạch rà soát thủ tục hành chính"
    sent_on = date(2026, 1, 20)
    public = True


class ReviewItemFactory(DjangoModelFactory):
    """A procedure to be reviewed until the end of June 2026."""

    class Meta:
        model = news.ReviewItem

    plan = factory.SubFactory(ReviewPlanFactory)
    procedure = factory.SubFactory(ProcedureFactory, published=True)
    agency = factory.SubFactory(UnitFactory)
    first_on = date(2026, 2, 1)
    last_on = date(2026, 6, 30)
    basis = "Thời hạn còn dài."
    product = "Báo cáo kết quả rà soát"


class ImageFactory(DjangoModelFactory):
    """The row of a picture; `news.pictures.store` makes one with files."""

    class Meta:
        model = news.Image

    alt = factory.Sequence(lambda number: f"Người dân nộp hồ sơ, ảnh {number}")
    original = "anh/goc.jpg"
    width = 1000
    height = 750
    widths = [480, 800, 1000]


class AlbumFactory(DjangoModelFactory):
    """A draft; `published=True` sets its state only, at PUBLISHED_AT."""

    class Meta:
        model = news.Album

    class Params:
        published = factory.Trait(
            status=news.Album.Status.PUBLISHED,
            publish_at=PUBLISHED_AT,
            slug=factory.Sequence(lambda number: f"album-{number}"),
        )

    title = factory.Sequence(lambda number: f"Hội thi tìm hiểu cải cách hành chính, ngày {number}")


class AlbumPhotoFactory(DjangoModelFactory):
    class Meta:
        model = news.AlbumPhoto

    album = factory.SubFactory(AlbumFactory)
    image = factory.SubFactory(ImageFactory)
    order = 1


class BulletinFactory(DjangoModelFactory):
    """A draft of November 2026 without items; `published=True` sets its state only, at PUBLISHED_AT."""

    class Meta:
        model = news.Bulletin

    class Params:
        published = factory.Trait(status=news.Bulletin.Status.PUBLISHED, publish_at=PUBLISHED_AT)

    year = 2026
    number = factory.Sequence(lambda number: number + 1)
    first_on = date(2026, 11, 1)
    last_on = date(2026, 11, 30)


class FocalPersonFactory(DjangoModelFactory):
    """Receives feedback for the unit since the beginning of 2024."""

    class Meta:
        model = feedback.FocalPerson

    name = factory.Sequence(lambda number: f"Cán bộ đầu mối - Đơn vị {number}")
    unit = factory.SubFactory(UnitFactory)
    phone = "0254 000 0009"
    first_on = date(2024, 1, 1)


class SubmissionFactory(DjangoModelFactory):
    """Entered in the register and waiting to be classified; from a person with a telephone."""

    class Meta:
        model = feedback.Submission

    class Params:
        answered = factory.Trait(
            status="answered",
            answered_at=datetime(2026, 11, 10, 2, tzinfo=UTC),
            closed_at=datetime(2026, 11, 10, 2, tzinfo=UTC),
        )

    code = factory.Sequence(lambda number: f"K{number:07d}")
    status = "registered"
    register_year = 2026
    register_number = factory.Sequence(lambda number: number + 1)
    received_at = datetime(2026, 11, 3, 1, tzinfo=UTC)
    about = "unfit"
    title = "Giấy tờ trùng nhau"
    content = "Phải nộp hai lần cùng một loại giấy."
    sender_name = "Người gửi phản ánh"
    address = "Số 2 Đường Thử, thành phố Bà Rịa"
    phone = "0903000000"
    unit = factory.SubFactory(UnitFactory)
    forward_due_on = date(2026, 11, 10)
    answer_days = 10
    answer_due_on = date(2026, 11, 17)


class EventFactory(DjangoModelFactory):
    class Meta:
        model = feedback.Event

    submission = factory.SubFactory(SubmissionFactory)
    verb = "register"
    status = "registered"
    at = datetime(2026, 11, 3, 1, tzinfo=UTC)


class SurveyFactory(DjangoModelFactory):
    """About a procedure, open to the public today."""

    class Meta:
        model = feedback.Survey

    title = factory.Sequence(lambda number: f"Phiếu lấy ý kiến số {number}")
    slug = factory.Sequence(lambda number: f"phieu-so-{number}")
    purpose = "Ý kiến về giấy tờ phải nộp."
    procedure = factory.SubFactory(ProcedureFactory, published=True)
    unit = factory.SubFactory(UnitFactory)
    first_on = factory.LazyFunction(lambda: timezone.localdate() - timedelta(days=1))
    last_on = factory.LazyFunction(lambda: timezone.localdate() + timedelta(days=9))
    published = True


class AnswerFactory(DjangoModelFactory):
    """Sent on the day on which the case was answered."""

    class Meta:
        model = feedback.Answer

    submission = factory.SubFactory(SubmissionFactory, answered=True)
    status = "sent"
    text = "Sở đã bỏ giấy tờ trùng nhau."
    written_at = datetime(2026, 11, 10, 1, tzinfo=UTC)
    sent_at = datetime(2026, 11, 10, 2, tzinfo=UTC)


class PublicAnswerFactory(DjangoModelFactory):
    """Published on 16 November 2026, of a case that was answered on the 10th after five working days."""

    class Meta:
        model = feedback.PublicAnswer

    submission = factory.SubFactory(SubmissionFactory, answered=True)
    number = factory.Sequence(lambda number: number + 1)
    status = "published"
    title = factory.Sequence(lambda number: f"Có phải nộp hai lần giấy tờ số {number}?")
    question = "Phải nộp hai lần cùng một loại giấy."
    answer = "Không phải nộp hai lần. Sở đã sửa bảng thành phần hồ sơ."
    published_at = datetime(2026, 11, 16, 1, tzinfo=UTC)
    days_taken = 5
    folded = factory.LazyAttribute(lambda row: " ".join(words(f"{row.title} {row.question} {row.answer}")))


class ReportingPeriodFactory(DjangoModelFactory):
    """The third quarter of 2024; units are asked until 14 September, boxes close a day later."""

    class Meta:
        model = reports.ReportingPeriod

    rhythm = "quarter"
    year = 2024
    number = 3
    first_on = factory.LazyAttribute(lambda row: days(Name(row.rhythm, row.year, row.number)).first_day)
    last_on = factory.LazyAttribute(lambda row: days(Name(row.rhythm, row.year, row.number)).last_day)
    units_due_on = factory.LazyAttribute(lambda row: row.last_on if row.rhythm in {"quarter", "month"} else None)
    closing_on = factory.LazyAttribute(lambda row: row.units_due_on and row.units_due_on + timedelta(days=1))
    opened_at = datetime(2024, 8, 15, 1, tzinfo=UTC)


class UnitReturnFactory(DjangoModelFactory):
    class Meta:
        model = reports.UnitReturn

    period = factory.SubFactory(ReportingPeriodFactory)
    unit = factory.SubFactory(UnitFactory)


class DifficultyFactory(DjangoModelFactory):
    class Meta:
        model = reports.Difficulty

    unit = factory.SubFactory(UnitFactory)
    title = factory.Sequence(lambda number: f"Hệ thống một cửa điện tử chưa đồng bộ hồ sơ loại {number}")
    raised_on = date(2024, 8, 20)


class SentReportFactory(DjangoModelFactory):
    """The quarterly report, sent on the day on which it was due."""

    class Meta:
        model = reports.Report

    period = factory.SubFactory(ReportingPeriodFactory)
    report_type = factory.LazyAttribute(lambda row: reports.ReportType.objects.get(rhythm=row.period.rhythm))
    compilation = factory.LazyAttribute(lambda row: compile_period(row.period, by=None, at=row.sent_at))
    due_on = date(2024, 9, 15)
    status = "sent"
    document_number = "12/BC-SKHCN"
    document_on = date(2024, 9, 15)
    sent_at = datetime(2024, 9, 15, 8, tzinfo=UTC)
