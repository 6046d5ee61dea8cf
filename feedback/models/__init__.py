"""The nouns of feedback, one file a noun."""

from feedback.models.answer import Answer, Assessment, PublicAnswer, Rating
from feedback.models.attachment import Attachment
from feedback.models.data_protection import NOTIFY_WITHIN, DataRequest, Incident, Tombstone
from feedback.models.focal_person import FocalPerson
from feedback.models.history import AccessRecord, Event, Message
from feedback.models.rules import AnswerTime, CannedAnswer, FeedbackSettings, RetentionRule, TimeClass
from feedback.models.submission import CODE_LENGTH, MOST_LETTERS, OPEN, Draft, Pause, RegisterCounter, Submission
from feedback.models.survey import (
    PageRemark,
    PageVotes,
    RatingLevel,
    RatingScale,
    Survey,
    SurveyInvitation,
    SurveyQuestion,
    SurveyReply,
    SurveyResponse,
)

__all__ = [
    "CODE_LENGTH",
    "MOST_LETTERS",
    "NOTIFY_WITHIN",
    "OPEN",
    "AccessRecord",
    "Answer",
    "AnswerTime",
    "Assessment",
    "Attachment",
    "CannedAnswer",
    "DataRequest",
    "Draft",
    "Event",
    "FeedbackSettings",
    "FocalPerson",
    "Incident",
    "Message",
    "PageRemark",
    "PageVotes",
    "Pause",
    "PublicAnswer",
    "Rating",
    "RatingLevel",
    "RatingScale",
    "RegisterCounter",
    "RetentionRule",
    "Submission",
    "Survey",
    "SurveyInvitation",
    "SurveyQuestion",
    "SurveyReply",
    "SurveyResponse",
    "TimeClass",
    "Tombstone",
]
