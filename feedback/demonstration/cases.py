"""Cases in every state, brought there by the steps of the workflow itself.

Senders are roles that the texts do not name, so that masking leaves the texts whole; telephones are made up.

They need the demonstration accounts, so only a portal under DEBUG gets them: a real register begins with a real case.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from feedback import answering, disclosing, merging, spam, workflow
from feedback.models import Assessment, FocalPerson, Submission
from portal import calendar, demonstration
from portal.models import User
from procedures.models import Procedure

Content, Subject, About = Submission.Content, Submission.Subject, Submission.About


@dataclass(frozen=True)
class Sent:
    """What somebody sent, so many working days ago."""

    days_ago: int
    about: str
    title: str
    content: str
    sender: str
    procedure: str = ""
    proposal: str = ""
    organisation: str = ""
    channel: str = Submission.Channel.WEB
    suspicion: str = ""


RADIATION, RENEWAL, CERTIFICATE = "1.014675", "1.014679", "1.014678"
ORGANISATION, CHANGE, BRANCH = "1.014389", "1.014390", "1.014391"
SENT = {
    "published": Sent(
        38,
        About.UNFIT,
        "Phải nộp lại bản sao đã có trong hồ sơ lần trước",
        "Khi xin cấp giấy phép cho máy X-quang thứ hai, phòng khám phải nộp lại toàn bộ bản sao chứng chỉ nhân viên "
        "bức xạ, dù các chứng chỉ này Sở đã cấp và còn hạn.",
        "Đại diện cơ sở y tế (minh họa)",
        RADIATION,
        "Sở tự tra cứu chứng chỉ do Sở cấp, không yêu cầu nộp lại.",
        "Cơ sở y tế (minh họa)",
    ),
    "rated": Sent(
        27,
        About.OTHER,
        "Chưa rõ nơi nhận kết quả khi nộp trực tuyến",
        "Hồ sơ nộp trực tuyến đã có thông báo hoàn thành nhưng không ghi nhận kết quả ở quầy nào của Bộ phận Một cửa.",
        "Người đăng ký kinh doanh (minh họa)",
        "1.013924",
    ),
    "disputed": Sent(
        24,
        About.CONDUCT,
        "Yêu cầu bổ sung hồ sơ nhiều lần",
        "Hồ sơ đề nghị cấp giấy chứng nhận chi nhánh bị yêu cầu bổ sung ba lần, mỗi lần một giấy tờ khác nhau.",
        "Đại diện viện nghiên cứu (minh họa)",
        BRANCH,
        organisation="Viện nghiên cứu ứng dụng (minh họa)",
    ),
    "forwarded": Sent(
        18,
        About.INCONSISTENT,
        "Mẫu đơn của Bộ và của tỉnh khác nhau",
        "Mẫu đơn cấp giấy phép bưu chính trên Cổng Dịch vụ công quốc gia khác mẫu ban hành kèm thông tư, nộp mẫu nào "
        "cũng bị trả lại.",
        "Đại diện hãng chuyển phát (minh họa)",
        "1.003659",
        organisation="Hãng chuyển phát (minh họa)",
    ),
    "collecting": Sent(
        9,
        About.SOLUTION,
        "Rút gọn bản thuyết minh của nhóm khởi nghiệp",
        "Bản thuyết minh mười trang là quá dài với một nhóm ba người mới bắt đầu.",
        "Sinh viên mới ra trường (minh họa)",
        "1.014433",
        "Dùng mẫu hai trang, có phụ lục khi cần.",
    ),
    "overdue": Sent(
        9,
        About.CONDUCT,
        "Hồ sơ gia hạn giấy phép quá ngày hẹn",
        "Hồ sơ gia hạn giấy phép X-quang đã quá ngày hẹn bốn ngày mà chưa có kết quả, cũng không có thông báo.",
        "Đại diện nha khoa (minh họa)",
        RENEWAL,
        organisation="Nha khoa (minh họa)",
    ),
    "rejected": Sent(
        8,
        About.OTHER,
        "Góp ý",
        "Cần làm tốt hơn nữa.",
        "Người dân (minh họa)",
    ),
    "duplicate": Sent(
        7,
        About.CONDUCT,
        "Chậm trả kết quả gia hạn giấy phép X-quang",
        "Cũng nộp hồ sơ gia hạn giấy phép X-quang cùng tuần đó và cũng chưa nhận được kết quả.",
        "Đại diện phòng khám răng (minh họa)",
        RENEWAL,
    ),
    "redirected": Sent(
        7,
        About.CONDUCT,
        "Không đồng ý với quyết định xử phạt",
        "Đề nghị xem xét lại quyết định xử phạt về nhãn hàng hóa vì cho rằng xử phạt không đúng.",
        "Chủ cửa hàng (minh họa)",
    ),
    "approval": Sent(
        7,
        About.UNFIT,
        "Chứng chỉ nhân viên bức xạ phải xin lại khi đổi nơi làm việc",
        "Người phụ trách an toàn chuyển sang cơ sở khác trong tỉnh phải làm lại hồ sơ từ đầu.",
        "Kỹ thuật viên (minh họa)",
        CERTIFICATE,
        "Chỉ cần thông báo thay đổi nơi làm việc.",
    ),
    "extended": Sent(
        6,
        About.INCONSISTENT,
        "Hai văn bản nêu số bộ hồ sơ khác nhau",
        "Quyết định công bố ghi một bộ hồ sơ, hướng dẫn của Bộ phận Một cửa ghi hai bộ.",
        "Đại diện tổ chức khoa học (minh họa)",
        CHANGE,
        organisation="Tổ chức khoa học và công nghệ (minh họa)",
    ),
    "asked": Sent(
        5,
        About.CONDUCT,
        "Phải đi lại nhiều lần để nộp hồ sơ",
        "Đến nộp hồ sơ đăng ký tổ chức khoa học và công nghệ hai lần đều được hẹn quay lại.",
        "Giảng viên (minh họa)",
        ORGANISATION,
    ),
    "withdrawn": Sent(
        5,
        About.OTHER,
        "Chưa nhận được tin nhắn báo kết quả",
        "Đăng ký nhận tin nhắn nhưng chưa thấy.",
        "Người nộp hồ sơ (minh họa)",
        CERTIFICATE,
    ),
    "replied": Sent(
        4,
        About.UNFIT,
        "Giấy khám sức khỏe phải nộp bản chính",
        "Bản chính giấy khám sức khỏe còn dùng cho việc khác, nộp rồi phải khám lại.",
        "Nhân viên y tế (minh họa)",
        "1.014656",
        "Nhận bản sao có chứng thực.",
    ),
    "called": Sent(
        3,
        About.OTHER,
        "Hỏi về thời gian kiểm định đồng hồ nước",
        "Người gọi cho biết đồng hồ nước gửi kiểm định đã ba tuần chưa có kết quả (ghi qua điện thoại).",
        "Hộ dùng nước (minh họa)",
        channel=Submission.Channel.PHONE,
    ),
    "branch": Sent(
        2,
        About.UNFIT,
        "Thời hạn thẻ kiểm định viên quá ngắn",
        "Thẻ kiểm định viên hết hạn đúng lúc cao điểm kiểm định cuối năm.",
        "Cán bộ kỹ thuật (minh họa)",
        "1.014882",
        "Cho nộp hồ sơ cấp lại sớm ba tháng.",
    ),
    "new": Sent(
        0,
        About.UNFIT,
        "Bản vẽ phòng máy phải có hai dấu",
        "Bản vẽ phòng đặt máy X-quang đã có dấu đơn vị thiết kế, nay được yêu cầu thêm dấu đơn vị thi công.",
        "Đại diện cơ sở y tế (minh họa)",
        RADIATION,
    ),
    "suspected": Sent(
        0,
        About.OTHER,
        "Vay nhanh trong ngày",
        "Vay nhanh không cần thế chấp, xem http://example.org và http://example.com để biết thêm.",
        "Người quảng cáo (minh họa)",
        suspicion="Có nhiều đường dẫn trong nội dung.",
    ),
}


@dataclass
class _Stage:
    at: datetime
    work: calendar.WorkCalendar
    people: dict[str, User]
    cases: dict[str, Submission] = field(default_factory=dict)

    def moment(self, days_ago: int, hour: int = 9) -> datetime:
        """Return an hour of the working day so many working days ago, never after now."""
        day = timezone.localdate(self.at)
        while days_ago or not self.work.is_working_day(day):
            days_ago -= self.work.is_working_day(day)
            day -= timedelta(days=1)
        return min(timezone.make_aware(datetime.combine(day, time(hour, 20))), self.at)

    @property
    def officer(self) -> User:
        return self.people["chuyenmon"]

    @property
    def head(self) -> User:
        return self.people["lanhdao"]

    @property
    def office(self) -> User:
        return self.people["vanphong"]


@transaction.atomic
def load(*, at: datetime) -> None:
    """Add the cases to an empty register; `at` is the present moment, from which their days are counted back."""
    accounts = [account.username for account in demonstration.ACCOUNTS]
    people = User.objects.in_bulk(accounts, field_name="username")
    about = {sent.procedure for sent in SENT.values()} - {""}
    procedures = Procedure.objects.in_bulk(about, field_name="code")
    # Each case goes to the unit of its procedure, whose people take the steps.
    complete = {"chuyenmon", "lanhdao", "vanphong"} <= people.keys() and about == procedures.keys()
    if Submission.objects.exists() or not complete:
        return
    stage = _Stage(at, calendar.load(), people)
    # The register is in the order in which they came.
    for number, (name, sent) in enumerate(SENT.items(), start=1):
        stage.cases[name] = _receive(stage, sent, procedures.get(sent.procedure), number)
    for name, tell in STORIES.items():
        tell(stage, stage.cases[name])


def _receive(stage: _Stage, sent: Sent, procedure: Procedure | None, number: int) -> Submission:
    phone = f"09000000{number:02d}"
    submission = Submission(
        channel=sent.channel,
        about=sent.about,
        title=sent.title,
        content=sent.content,
        proposed_solution=sent.proposal,
        procedure=procedure,
        field=procedure.field if procedure else None,
        sender_kind=Submission.SenderKind.ORGANISATION if sent.organisation else Submission.SenderKind.PERSON,
        organisation_name=sent.organisation,
        sender_name=sent.sender,
        address="Thành phố Bà Rịa (minh họa)",
        phone=phone,
        contact_key=spam.contact_key(phone, ""),
    )
    by = stage.office if sent.channel != Submission.Channel.WEB else None
    return workflow.receive(submission, at=stage.moment(sent.days_ago, 8), by=by, suspicion=sent.suspicion)


def _classify(stage: _Stage, case: Submission, content: str, subject: str, days_ago: int, **values: Any) -> None:
    classes = {"content_type": content, "subject": subject, "time_class": case.time_class, **values}
    workflow.classify(case, **classes, by=stage.officer, at=stage.moment(days_ago, 10))


def _answer(stage: _Stage, case: Submission, text: str, outcome: str, days_ago: int) -> None:
    answer = answering.draft(case, text=text, outcome=outcome, by=stage.officer, at=stage.moment(days_ago, 10))
    answering.submit(answer, by=stage.officer, at=stage.moment(days_ago, 11))
    answering.approve_and_send(answer, by=stage.head, at=stage.moment(days_ago, 15))
    case.refresh_from_db()


def _published(stage: _Stage, case: Submission) -> None:
    _classify(stage, case, Content.UNFIT, Subject.REGULATION, 36)
    ground = Assessment(sufficient=True, **dict.fromkeys(workflow.CRITERIA, Assessment.Verdict.MET))
    workflow.assess(case, ground, by=stage.officer, at=stage.moment(34))
    text = (
        "Chứng chỉ nhân viên bức xạ do Sở cấp được Sở tự tra cứu, không phải nộp lại bản sao. Sở đã sửa hướng dẫn ở "
        "Bộ phận Một cửa và đề nghị UBND tỉnh sửa thành phần hồ sơ của thủ tục."
    )
    _answer(stage, case, text, "amended", 31)
    workflow.rate(case, score=5, comment="", at=stage.moment(29))
    public = disclosing.prepare(case, by=stage.officer, at=stage.moment(28))
    findings = disclosing.findings(public)
    if findings:
        texts = disclosing.Texts(public.title, public.question, public.answer)
        disclosing.save(public, disclosing.mask_all(public, texts), by=stage.officer)
    disclosing.submit(public, by=stage.officer, at=stage.moment(28, 10))
    disclosing.publish(public, by=stage.office, at=stage.moment(27))


def _rated(stage: _Stage, case: Submission) -> None:
    _classify(stage, case, Content.OTHER, Subject.REGULATION, 26)
    _answer(stage, case, "Kết quả trả ở quầy trả kết quả của Bộ phận Một cửa, hoặc qua bưu chính.", "explained", 22)
    workflow.rate(case, score=4, comment="Trả lời nhanh.", at=stage.moment(21))


def _disputed(stage: _Stage, case: Submission) -> None:
    _classify(stage, case, Content.CONDUCT, Subject.CONDUCT, 23)
    _answer(stage, case, "Hồ sơ thiếu giấy tờ nên cán bộ đã yêu cầu bổ sung.", "explained", 10)
    workflow.dispute(
        case, reason="Trả lời chưa nêu vì sao không yêu cầu bổ sung một lần cho đủ.", at=stage.moment(3, 14)
    )


def _forwarded(stage: _Stage, case: Submission) -> None:
    by, at = stage.office, stage.moment(17, 10)
    workflow.classify(
        case, content_type=Content.INCONSISTENT, subject=Subject.REGULATION, time_class="ordinary", by=by, at=at
    )
    reason = "Mẫu đơn do Bộ ban hành, việc sửa thuộc thẩm quyền của Bộ."
    workflow.forward(case, agency="Bộ Khoa học và Công nghệ", by=by, at=stage.moment(16), reason=reason)


def _collecting(stage: _Stage, case: Submission) -> None:
    _classify(stage, case, Content.SOLUTION, Subject.REGULATION, 8)
    workflow.assess(case, Assessment(sufficient=False), by=stage.officer, at=stage.moment(6))
    reason = "Mới có một ý kiến về bản thuyết minh. Sở hỏi thêm các nhóm đã nộp hồ sơ rồi trả lời."
    workflow.collect(case, by=stage.officer, at=stage.moment(6, 10), reason=reason)


def _overdue(stage: _Stage, case: Submission) -> None:
    _classify(stage, case, Content.CONDUCT, Subject.CONDUCT, 8)
    workflow.note(case, text="Hồ sơ đang chờ ý kiến thẩm định.", by=stage.officer, at=stage.moment(6))


def _rejected(stage: _Stage, case: Submission) -> None:
    reason = "Nội dung chưa nêu việc cụ thể. Gửi lại và cho biết thủ tục, nơi và thời gian xảy ra."
    workflow.reject(case, by=stage.office, at=stage.moment(7), reason=reason)


def _duplicate(stage: _Stage, case: Submission) -> None:
    main = Submission.objects.get(pk=stage.cases["overdue"].pk)
    merging.merge(case, main, by=stage.office, at=stage.moment(6, 14))


def _redirected(stage: _Stage, case: Submission) -> None:
    reason = "Việc không đồng ý với quyết định xử phạt là khiếu nại, gửi đến người đã ký quyết định."
    workflow.redirect(case, by=stage.office, at=stage.moment(6), reason=reason)


def _approval(stage: _Stage, case: Submission) -> None:
    _classify(stage, case, Content.UNFIT, Subject.REGULATION, 6)
    text = "Thủ tục hiện hành yêu cầu cấp lại chứng chỉ. Sở ghi nhận đề xuất và nêu trong báo cáo rà soát năm nay."
    answer = answering.draft(case, text=text, by=stage.officer, at=stage.moment(2))
    answering.submit(answer, by=stage.officer, at=stage.moment(1))


def _extended(stage: _Stage, case: Submission) -> None:
    _classify(stage, case, Content.INCONSISTENT, Subject.REGULATION, 5, time_class="complex")
    reason = "Cần lấy ý kiến Trung tâm Phục vụ hành chính công tỉnh."
    workflow.extend(case, days=3, by=stage.head, at=stage.moment(2), reason=reason)


def _asked(stage: _Stage, case: Submission) -> None:
    _classify(stage, case, Content.CONDUCT, Subject.CONDUCT, 4)
    workflow.ask(
        case, text="Xin cho biết ngày đến nộp và nội dung được hướng dẫn mỗi lần.", by=stage.officer, at=stage.moment(3)
    )


def _withdrawn(stage: _Stage, case: Submission) -> None:
    workflow.withdraw(case, at=stage.moment(4, 14), reason="Đã nhận được tin nhắn.")


def _replied(stage: _Stage, case: Submission) -> None:
    _classify(stage, case, Content.UNFIT, Subject.REGULATION, 3)
    workflow.ask(case, text="Giấy khám sức khỏe do cơ sở nào cấp?", by=stage.officer, at=stage.moment(3, 14))
    workflow.reply(case, text="Do bệnh viện của tỉnh cấp, chỉ có một bản.", at=stage.moment(1))


def _called(stage: _Stage, case: Submission) -> None:
    seat = FocalPerson.objects.filter(unit__name=demonstration.STANDARDS_CENTRE).first()
    if seat and seat.pk != case.focal_person_id:
        workflow.transfer(
            case, seat, by=stage.office, at=stage.moment(2), remark="Kiểm định do Trung tâm Kỹ thuật thực hiện."
        )


STORIES: dict[str, Callable[[_Stage, Submission], None]] = {
    "published": _published,
    "rated": _rated,
    "disputed": _disputed,
    "forwarded": _forwarded,
    "collecting": _collecting,
    "overdue": _overdue,
    "rejected": _rejected,
    "duplicate": _duplicate,
    "redirected": _redirected,
    "approval": _approval,
    "extended": _extended,
    "asked": _asked,
    "withdrawn": _withdrawn,
    "replied": _replied,
    "called": _called,
}
