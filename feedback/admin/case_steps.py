"""The steps of a case as buttons with small forms: what each asks for, what follows, which rule takes it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from feedback import answering, attachments, merging, workflow
from feedback.admin import case_forms as forms
from feedback.models import Answer, Assessment, Event, Submission
from portal import steps
from portal.models import User

Verb = Event.Verb
DRAFT = "draft"
APPROVE_AND_SEND = "approve_and_send"
_MAIL = "Người gửi nhận thư (nếu có thư điện tử) và đọc được ở trang theo dõi."


@dataclass(frozen=True)
class Doing:
    """Who does it, when, with what was typed."""

    submission: Submission
    by: User
    at: datetime
    typed: dict[str, Any]


@dataclass(frozen=True)
class Step:
    name: str  # in the address
    label: str
    take: Callable[[Doing], object]
    form: Any = forms.StepForm
    follows: str = ""  # says beforehand what will happen
    done: str = "Đã xong."
    verb: str = ""  # that must be allowed, where it is not the name

    @property
    def needs(self) -> Event.Verb:
        return Verb(self.verb or self.name)


def _plain(rule: Callable[..., object]) -> Callable[[Doing], object]:
    """Return a step whose form has just what the rule takes."""
    return lambda doing: rule(doing.submission, **doing.typed, by=doing.by, at=doing.at)


def _reply(doing: Doing) -> None:
    with transaction.atomic():
        message = workflow.reply(doing.submission, text=doing.typed["text"], by=doing.by, at=doing.at)
        for checked in doing.typed["attached"]:
            attachments.store(checked, at=doing.at, submission=doing.submission, message=message)


def _assess(doing: Doing) -> None:
    fields = ("sufficient", *workflow.CRITERIA, "remark")
    workflow.assess(
        doing.submission, Assessment(**{name: doing.typed[name] for name in fields}), by=doing.by, at=doing.at
    )


def _answer(doing: Doing) -> Answer:
    answer = answering.in_the_making(doing.submission)
    if answer is None:
        raise steps.Conflict
    return answer


def _on_answer(rule: Callable[..., object]) -> Callable[[Doing], object]:
    return lambda doing: rule(_answer(doing), **doing.typed, by=doing.by, at=doing.at)


_ALL = [
    Step("clear", "Không phải thư rác", _plain(workflow.clear), done="Đã đưa vào sổ và giao đầu mối.",
         follows="Phản ánh vào sổ, được giao cho đầu mối; hạn tính từ ngày nhận. Người gửi nhận thư báo đã tiếp nhận."),
    Step("discard", "Là thư rác", _plain(workflow.discard), forms.OptionalRemarkForm, done="Đã xếp vào thư rác.",
         follows="Không ai nhận thư. Nội dung giữ một thời gian rồi xóa; trước đó còn lấy lại được."),
    Step("classify", "Phân loại", _plain(workflow.classify), forms.ClassifyForm, done="Đã phân loại.",
         follows="Phản ánh chuyển sang “Đang xử lý”. Hạn trả lời theo loại thời hạn, tính từ ngày nhận."),
    Step("assign", "Giao xử lý", _plain(workflow.assign), forms.AssignForm, done="Đã giao.",
         follows="Đầu mối nhận thư báo. Mã biên nhận, ngày nhận và hạn không đổi."),
    Step("ask", "Hỏi người gửi", _plain(workflow.ask), forms.AskForm, done="Đã gửi câu hỏi. Thời hạn tạm dừng.",
         follows=f"{_MAIL} Thời hạn trả lời tạm dừng từ ngày mai đến khi người gửi trả lời."),
    Step("reply", "Ghi lời người gửi bổ sung", _reply, forms.ReplyForm, done="Đã ghi lời người gửi.",
         follows="Dùng khi người gửi bổ sung qua điện thoại, thư hoặc đến trực tiếp. "
         "Đang chờ bổ sung thì thời hạn chạy tiếp."),
    Step("resume", "Xử lý tiếp", _plain(workflow.resume), forms.OptionalRemarkForm, done="Đã chuyển sang xử lý tiếp.",
         follows=f"Thời hạn trả lời chạy tiếp. {_MAIL}"),
    Step("assess", "Đánh giá theo sáu tiêu chí", _assess, forms.AssessmentForm, done="Đã ghi đánh giá.",
         follows="Chỉ cán bộ đọc được. Cần trước khi trả lời là sửa đổi hoặc kiến nghị sửa đổi quy định."),
    Step("collect", "Chưa đủ cơ sở, tiếp tục tập hợp", _plain(workflow.collect), forms.PublicReasonForm,
         done="Đã ghi: tiếp tục tập hợp.", follows=f"Thời hạn trả lời vẫn chạy. {_MAIL}"),
    Step("extend", "Gia hạn", _plain(workflow.extend), forms.ExtendForm, done="Đã gia hạn.",
         follows=f"Hạn trả lời lùi thêm số ngày làm việc đã ghi. {_MAIL}"),
    Step("transfer", "Chuyển đơn vị khác", _plain(workflow.transfer), forms.TransferForm, done="Đã chuyển đơn vị khác.",
         follows="Đơn vị nhận được báo bằng thư. Mã biên nhận, ngày nhận và hạn không đổi."),
    Step("decline", "Trả lại Văn phòng Sở", _plain(workflow.decline), forms.RemarkForm, done="Đã trả lại Văn phòng Sở.",
         follows="Văn phòng Sở nhận thư và giao lại. Mã biên nhận, ngày nhận và hạn không đổi."),
    Step("forward", "Chuyển cơ quan khác", _plain(workflow.forward), forms.ForwardForm, done="Đã chuyển cơ quan khác.",
         follows=f"Phản ánh kết thúc ở Sở. {_MAIL} Sau đó tải phiếu chuyển ở phần “Giấy tờ”."),
    Step("reject", "Không tiếp nhận", _plain(workflow.reject), forms.PublicReasonForm, done="Đã ghi: không tiếp nhận.",
         follows=f"Phản ánh kết thúc. {_MAIL}"),
    Step("redirect", "Hướng dẫn khiếu nại, tố cáo", _plain(workflow.redirect), forms.PublicReasonForm,
         done="Đã hướng dẫn người gửi.", follows=f"Phản ánh kết thúc ở đây. {_MAIL}"),
    Step("merge", "Gộp vào phản ánh khác", _plain(merging.merge), forms.MergeForm, done="Đã gộp.",
         follows="Câu trả lời của phản ánh kia gửi cho cả hai người gửi. Người gửi phản ánh này được báo đã gộp."),
    Step("withdraw", "Ghi người gửi rút", _plain(workflow.withdraw), forms.WithdrawForm, done="Đã ghi: người gửi rút.",
         follows="Phản ánh kết thúc. Chỉ dùng khi chính người gửi yêu cầu."),
    Step("dispute", "Ghi người gửi đề nghị xem lại", _plain(workflow.dispute), forms.DisputeForm,
         done="Đã ghi đề nghị xem lại.", follows="Lãnh đạo đơn vị nhận thư; thời hạn tính lại từ hôm nay."),
    Step("note", "Ghi chú nội bộ", _plain(workflow.note), forms.NoteForm, done="Đã lưu ghi chú.",
         follows="Đầu mối được báo có ghi chú mới. Người gửi không đọc được."),
]  # fmt: skip

# What is done with the answer stands beside its text.
_OF_ANSWER = [
    Step(APPROVE_AND_SEND, "Duyệt và gửi", _on_answer(answering.approve_and_send), verb=Verb.APPROVE_ANSWER,
         follows=f"{_MAIL} Người gửi của phản ánh đã gộp cũng nhận.", done="Đã duyệt và gửi câu trả lời."),
    Step("approve_answer", "Duyệt, chưa gửi", _on_answer(answering.approve), done="Đã duyệt. Câu trả lời chưa gửi."),
    Step("answer", "Gửi câu trả lời", _on_answer(answering.send), follows=_MAIL, done="Đã gửi câu trả lời."),
    Step("return_answer", "Trả lại để sửa", _on_answer(answering.return_), forms.RemarkOnAnswerForm,
         follows="Người soạn nhận thư kèm ý kiến.", done="Đã trả lại câu trả lời kèm ý kiến."),
]  # fmt: skip

STEPS = {step.name: step for step in (*_ALL, *_OF_ANSWER)}
BESIDE = [step.name for step in _ALL]


def initial(step: Step, submission: Submission) -> dict[str, Any]:
    """Return what the form of the step begins with."""
    if step.name != Verb.CLASSIFY:
        return {}
    about = Submission.About
    # What the sender ticked, until an officer has said it in the decree's words.
    guess = {about.CONDUCT: "conduct", about.UNFIT: "unfit", about.INCONSISTENT: "inconsistent", about.OTHER: "other"}
    content = submission.content_type or guess.get(about(submission.about), "")
    subject = submission.subject or ("conduct" if content == "conduct" else "regulation" if content else "")
    return {"content_type": content, "subject": subject, "time_class": submission.time_class}


def offered(submission: Submission, user: User) -> list[Step]:
    """Return the steps beside the answer that the person may take now."""
    allowed = set(workflow.verbs(submission, user))
    found = [STEPS[name] for name in BESIDE if STEPS[name].needs in allowed]
    if submission.answered_at and workflow.disputable_until(submission) is None:
        found = [step for step in found if step.name != Verb.DISPUTE]
    return found


def offered_on_answer(answer: Answer | None, submission: Submission, user: User) -> list[Step]:
    """Return the steps that the person may take with the answer in the making."""
    if answer is None:
        return []
    allowed = set(workflow.verbs(submission, user))
    names: list[str] = []
    if Verb.APPROVE_ANSWER in allowed and answering.may_approve(answer, user):
        names += [APPROVE_AND_SEND, Verb.APPROVE_ANSWER]
    if answer.status == Answer.Status.APPROVED and Verb.ANSWER in allowed:
        names.append(Verb.ANSWER)
    if answer.status in {Answer.Status.SUBMITTED, Answer.Status.APPROVED} and Verb.RETURN_ANSWER in allowed:
        names.append(Verb.RETURN_ANSWER)
    return [STEPS[name] for name in names]
