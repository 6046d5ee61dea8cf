"""The figures that the portal counts by itself: what an indicator may name as its source.

A source gives one figure, or one for each row of its form. What is known of a figure's rows is a label that may
be frozen: of feedback its entry in the register, never what names a sender (RULES F17).
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Model, QuerySet

from feedback import statistics as feedback
from feedback.models import Rating, Submission, SurveyReply, SurveyResponse
from news import statistics as news
from news.models import AlbumPhoto, PlanTask, ReadReceipt, TrainingAttendance
from portal.statistics import Figure, Period
from procedures import statistics as procedures
from procedures.models import Decision, ProcedureChange

State = PlanTask.State


@dataclass(frozen=True)
class Source:
    key: str
    label: str
    definition: str  # how it is counted, as readers are told
    count: Callable[[Period], Figure | Sequence[Figure]]
    counts_rows: bool = True  # else the figure is a sum over its rows


_sources: dict[str, Source] = {}


def register(
    key: str,
    label: str,
    definition: str,
    count: Callable[[Period], Figure | Sequence[Figure]],
    *,
    counts_rows: bool = True,
) -> None:
    _sources[key] = Source(key, label, definition, count, counts_rows)


def find(key: str) -> Source:
    """Return the source of the key; raises KeyError."""
    return _sources[key]


def choices() -> list[tuple[str, str]]:
    return [(source.key, source.label) for source in _sources.values()]


def label_of(row: Model) -> str:
    """Return how a counted row is named for good."""
    match row:
        case Submission():
            return f"Phản ánh số {row.register_entry}"
        case Rating():
            return f"Phản ánh số {row.submission.register_entry}: {row.score}/5"
        case SurveyResponse():
            return f"{row.survey}, ngày {row.on:%d/%m/%Y}"[:300]
        case SurveyReply():
            # What somebody wrote may name people.
            return str(row.response.survey)[:300]
        case ReadReceipt():
            # Who has read is for the list of the dissemination, not for keeping in reports.
            return str(row.dissemination)[:300]
        case TrainingAttendance():
            return f"{row.training}: {row.unit}, {row.people} người"[:300]
        case PlanTask():
            return f"{row.number} {row.content}"[:300]
    return str(row)[:300]


# What the labels read of other tables.
_LABELS_READ: dict[type[Model], tuple[str, ...]] = {
    AlbumPhoto: ("image",),
    Decision: ("document",),
    ProcedureChange: ("procedure",),
    Rating: ("submission",),
    ReadReceipt: ("dissemination",),
    SurveyReply: ("response__survey",),
    SurveyResponse: ("survey",),
    TrainingAttendance: ("training", "unit"),
}
# Of feedback nothing but the register is read.
_ONLY: dict[type[Model], tuple[str, ...]] = {
    Rating: ("score", "submission__register_year", "submission__register_number"),
    Submission: ("register_year", "register_number"),
}


def frozen(rows: QuerySet) -> Iterator[dict[str, Any]]:
    """Return what is kept of counted rows: {"model", "pk", "label"}, read in one query."""
    model = rows.model
    if read := _LABELS_READ.get(model):
        rows = rows.select_related(*read)
    if only := _ONLY.get(model):
        rows = rows.only(*only)
    name = model._meta.label_lower
    return ({"model": name, "pk": row.pk, "label": label_of(row)} for row in rows.iterator(chunk_size=2000))


def _one_of(count: Callable[[Period], Sequence[Figure]], label: str) -> Callable[[Period], Figure]:
    """Return the figure of one row of a list."""

    def find_one(period: Period) -> Figure:
        return next(figure for figure in count(period) if figure.label == label)

    return find_one


def _tasks(state: PlanTask.State) -> Callable[[Period], Figure]:
    return _one_of(lambda period: news.tasks_by_state(period.last), str(state.label))


def _scores(period: Period) -> list[Figure]:
    """Return the ratings by score, named so that the number is understood by itself."""
    return [replace(figure, label=f"{figure.label}/5 điểm") for figure in feedback.ratings_by_score(period)]


# Procedures.
register(
    "procedures.decisions",
    "Quyết định công bố đã công khai",
    "Số quyết định công bố, công khai trên trang trong kỳ.",
    procedures.decisions,
)
register(
    "procedures.changes",
    "Thay đổi của thủ tục",
    "Số dòng thay đổi của các quyết định đã công khai, có ngày áp dụng trong kỳ.",
    procedures.changes,
)
register(
    "procedures.changes_by_kind",
    "Thay đổi của thủ tục theo loại",
    "Số dòng thay đổi có ngày áp dụng trong kỳ, theo loại thay đổi.",
    procedures.changes_by_kind,
)
register(
    "procedures.in_force",
    "Thủ tục đang áp dụng cuối kỳ",
    "Số thủ tục công khai, còn áp dụng vào ngày cuối kỳ.",
    procedures.in_force,
)
register(
    "procedures.in_force_by_online_level",
    "Thủ tục đang áp dụng theo mức độ trực tuyến",
    "Số thủ tục còn áp dụng vào ngày cuối kỳ, theo mức độ dịch vụ công trực tuyến.",
    procedures.in_force_by_online_level,
)

# Articles and the like.
_PUBLISHED = "đăng trong kỳ và chưa bị gỡ đến lúc tổng hợp."
register("news.articles", "Tin, bài đã đăng", f"Số tin, bài {_PUBLISHED}", news.articles)
register("news.articles_by_section", "Tin, bài theo chuyên mục", f"Số tin, bài {_PUBLISHED}", news.articles_by_section)
register("news.articles_by_unit", "Tin, bài theo đơn vị", f"Số tin, bài {_PUBLISHED}", news.articles_by_unit)
register(
    "news.articles_by_channel",
    "Tin, bài theo kênh",
    "Số tin, bài trên trang của Sở, và số lần đăng ở kênh khác trong kỳ.",
    news.articles_by_channel,
)
register("news.articles_by_kind", "Tin, bài theo loại", f"Số tin, bài {_PUBLISHED}", news.articles_by_kind)
register("news.albums", "Album ảnh đã đăng", f"Số album {_PUBLISHED}", news.albums)
register("news.photos", "Ảnh trong album", "Số ảnh của các album đã đếm.", news.photos)
register("news.bulletins", "Bản tin đã phát hành", f"Số bản tin {_PUBLISHED}", news.bulletins)
register(
    "news.changes_announced",
    "Thay đổi thủ tục có tin, bài",
    "Số thay đổi của thủ tục được một tin, bài đã đếm giới thiệu.",
    news.changes_announced,
)

# Inside the department.
register("news.disseminations", "Lần phổ biến văn bản", "Số lần phổ biến văn bản nội bộ trong kỳ.", news.disseminations)
register(
    "news.receipts",
    "Lượt người được phổ biến",
    "Số người nhận của các lần phổ biến đã đếm, mỗi lần mỗi người tính một lượt.",
    news.receipts,
)
register(
    "news.receipts_read",
    "Lượt người đã xác nhận đọc",
    "Số lượt người nhận đã xác nhận đọc đến lúc tổng hợp.",
    news.receipts_read,
)
register("news.trainings", "Khóa bồi dưỡng", "Số khóa bồi dưỡng bắt đầu trong kỳ.", news.trainings)
register(
    "news.people_trained",
    "Lượt người được bồi dưỡng",
    "Số lượt người dự các khóa đã đếm.",
    news.people_trained,
    counts_rows=False,
)

# The plan, as it stood on the last day.
register(
    "news.tasks_done", "Nhiệm vụ đã xong", "Nhiệm vụ của kế hoạch năm, đã xong vào ngày cuối kỳ.", _tasks(State.DONE)
)
register("news.tasks_going", "Nhiệm vụ đang làm", "Nhiệm vụ đang trong thời gian thực hiện.", _tasks(State.GOING))
register("news.tasks_late", "Nhiệm vụ chậm", "Nhiệm vụ quá thời gian mà chưa ghi xong.", _tasks(State.LATE))
register(
    "news.tasks_to_come", "Nhiệm vụ chưa đến hạn làm", "Nhiệm vụ chưa đến thời gian thực hiện.", _tasks(State.TO_COME)
)

# Feedback.
_BY_CONTENT = "theo nội dung nêu ở Nghị định 20/2008/NĐ-CP Điều 5."
_BY_SUBJECT = [*Submission.Subject.choices, ("", feedback.UNSORTED)]
register(
    "feedback.received",
    "Phản ánh tiếp nhận trong kỳ",
    "Số phản ánh, kiến nghị vào sổ, nhận trong kỳ.",
    feedback.received,
)
for _value, _label in _BY_SUBJECT:
    register(
        f"feedback.received_{_value or 'unsorted'}",
        f"Phản ánh tiếp nhận: {_label}",
        f"Số phản ánh, kiến nghị nhận trong kỳ, nội dung: {_label}.",
        _one_of(feedback.received_by_subject, str(_label)),
    )
register(
    "feedback.carried_over",
    "Phản ánh kỳ trước chuyển sang",
    "Số phản ánh, kiến nghị nhận trước kỳ và chưa xong khi kỳ bắt đầu.",
    feedback.carried_over,
)
register("feedback.ended", "Phản ánh đã xong", "Số phản ánh, kiến nghị kết thúc trong kỳ, mọi kết quả.", feedback.ended)
register("feedback.answered", "Phản ánh đã trả lời", "Số phản ánh, kiến nghị được trả lời trong kỳ.", feedback.answered)
register(
    "feedback.answered_on_time",
    "Trả lời đúng hạn",
    "Số đã trả lời không sau hạn trả lời.",
    feedback.answered_on_time,
)
register("feedback.answered_late", "Trả lời quá hạn", "Số đã trả lời sau hạn trả lời.", feedback.answered_late)
register(
    "feedback.forwarded", "Đã chuyển cơ quan khác", "Số chuyển cơ quan có thẩm quyền trong kỳ.", feedback.forwarded
)
register("feedback.rejected", "Không tiếp nhận", "Số không tiếp nhận trong kỳ, có nêu lý do.", feedback.rejected)
register("feedback.in_progress", "Đang xử lý cuối kỳ", "Số chưa xong khi hết ngày cuối kỳ.", feedback.in_progress)
register(
    "feedback.in_progress_late",
    "Đang xử lý, quá hạn",
    "Số chưa xong vào ngày cuối kỳ và đã quá hạn trả lời.",
    feedback.in_progress_late,
)
register("feedback.published", "Câu trả lời đã công khai", "Số câu trả lời công khai trong kỳ.", feedback.published)
register(
    "feedback.received_by_field",
    "Phản ánh theo lĩnh vực",
    "Số tiếp nhận trong kỳ, theo lĩnh vực.",
    feedback.received_by_field,
)
register(
    "feedback.received_by_channel",
    "Phản ánh theo kênh",
    "Số tiếp nhận trong kỳ, theo kênh.",
    feedback.received_by_channel,
)
register("feedback.ratings", "Lượt đánh giá của người gửi", "Số lượt đánh giá câu trả lời trong kỳ.", feedback.ratings)
register(
    "feedback.ratings_by_score",
    "Lượt đánh giá theo điểm",
    "Số lượt đánh giá câu trả lời trong kỳ, theo điểm người gửi chọn.",
    _scores,
)
register(
    "feedback.received_by_content",
    "Phản ánh tiếp nhận theo nội dung",
    f"Số tiếp nhận trong kỳ, {_BY_CONTENT}",
    feedback.received_by_content,
)
register(
    "feedback.answered_by_content",
    "Phản ánh đã trả lời theo nội dung",
    f"Số được trả lời trong kỳ, {_BY_CONTENT}",
    feedback.answered_by_content,
)
register(
    "feedback.answered_late_by_content",
    "Trả lời quá hạn theo nội dung",
    f"Số đã trả lời sau hạn trả lời, {_BY_CONTENT}",
    feedback.answered_late_by_content,
)
register(
    "feedback.forwarded_by_content",
    "Đã chuyển cơ quan khác theo nội dung",
    f"Số chuyển cơ quan có thẩm quyền trong kỳ, {_BY_CONTENT}",
    feedback.forwarded_by_content,
)
register(
    "feedback.forwarded_late",
    "Chuyển quá 5 ngày làm việc",
    "Số chuyển cơ quan có thẩm quyền trong kỳ, sau ngày làm việc thứ năm kể từ khi nhận.",
    feedback.forwarded_late,
)

# Opinions asked for.
register(
    "feedback.surveys",
    "Phiếu lấy ý kiến",
    "Số phiếu mở cho người dân ít nhất một ngày trong kỳ.",
    feedback.surveys,
)
register(
    "feedback.survey_responses",
    "Lượt trả lời phiếu lấy ý kiến",
    "Số lượt trả lời nhận trong kỳ, kể cả phiếu giấy.",
    feedback.survey_responses,
)
register(
    "feedback.survey_responses_by_survey",
    "Lượt trả lời theo phiếu lấy ý kiến",
    "Số lượt trả lời nhận trong kỳ, theo phiếu.",
    feedback.survey_responses_by_survey,
)
register(
    "feedback.survey_replies_by_level",
    "Mức được chọn trong phiếu lấy ý kiến",
    "Số lần mỗi mức được chọn trong kỳ, ở các câu hỏi có thang đánh giá.",
    feedback.survey_replies_by_level,
)
