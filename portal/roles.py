"""Who may do what: the roles of the 2024 plan as groups, in one table.

The table is the truth for these groups: each `migrate` gives them just what stands here, also the
permissions that an app added later. What one office needs beyond it goes into a group of its own.
"""

from typing import Any

from django.apps.registry import Apps
from django.apps.registry import apps as installed_apps
from django.db import DEFAULT_DB_ALIAS

ADMINISTRATOR = "Quản trị"
OFFICE = "Văn phòng Sở"
EDITOR = "Trung tâm – biên tập"
APPROVER = "Trung tâm – duyệt bài"
FOCAL_PERSON = "Đầu mối"
HEAD_OF_UNIT = "Lãnh đạo đơn vị"
UNIT = "Đơn vị"

_EDIT = "view add change delete"
_PROCEDURE = (
    "procedures.procedure",
    "procedures.submissionmethod",
    "procedures.fee",
    "procedures.dossiercase",
    "procedures.dossieritem",
    "procedures.legalbasis",
)
_DECISION = ("procedures.decision", "procedures.procedurechange")
_BESIDE_PROCEDURES = (
    "procedures.field",
    "procedures.legaldocument",
    "procedures.documentrelation",
    "procedures.documentfile",
    "procedures.formfile",
    "procedures.internalprocess",
    "procedures.processstep",
    "procedures.serviceprice",
)
# What the information centre makes (plan II.2), and what the plan has done inside the department (II.1).
_ARTICLE = ("news.article", "news.placement", "news.tag", "news.image")
_PUBLICATIONS = (
    *_ARTICLE,
    "news.album",
    "news.albumphoto",
    "news.bulletin",
    "news.bulletinitem",
)
_PLAN = ("news.communicationplan", "news.plantask", "news.reviewplan", "news.reviewitem")
_INTERNAL = ("news.dissemination", "news.trainingrecord", "news.trainingattendance", "portal.teammember")

# Feedback: a case is handled by verbs, so nobody adds or changes its rows otherwise.
_CASES = (
    "feedback.submission",
    "feedback.event",
    "feedback.message",
    "feedback.answer",
    "feedback.attachment",
    "feedback.assessment",
    "feedback.publicanswer",
    "feedback.rating",
)
_FEEDBACK_RULES = (
    "feedback.focalperson",
    "feedback.answertime",
    "feedback.retentionrule",
    "feedback.feedbacksettings",
    "feedback.cannedanswer",
)
_SURVEYS = (
    "feedback.ratingscale",
    "feedback.ratinglevel",
    "feedback.survey",
    "feedback.surveyquestion",
    "feedback.surveyinvitation",
)
_REPLIES = ("feedback.surveyresponse", "feedback.surveyreply", "feedback.pagevotes", "feedback.pageremark")
# Reports: forms and outlines are the office's; a unit hands in its own figures.
_REPORT_RULES = (
    "reports.reportform",
    "reports.indicator",
    "reports.indicatorcheck",
    "reports.reporttype",
    "reports.outlinepart",
    "reports.reportssettings",
)
_REPORTS = (
    "reports.reportingperiod",
    "reports.unitreturn",
    "reports.returnvalue",
    "reports.returnevent",
    "reports.compilation",
    "reports.compiledfigure",
    "reports.report",
)
_DATA_PROTECTION = ("feedback.datarequest", "feedback.incident")


def _may(actions: str, *models: str) -> set[str]:
    """Return the permissions to do the actions on the models ("portal.unit") of one table line."""
    return {f"{model.replace('.', f'.{action}_')}" for model in models for action in actions.split()}


# Everybody on the staff sees the catalogue as it is kept, drafts included.
_READ = _may(
    "view",
    *_PROCEDURE,
    *_DECISION,
    *_BESIDE_PROCEDURES,
    *_PUBLICATIONS,
    *_PLAN,
    *_INTERNAL,
    "procedures.sourcerecord",
    "portal.organisation",
    "portal.unit",
    "portal.calendarday",
    "news.section",
    "news.evidence",
    "feedback.focalperson",
    *_SURVEYS,
    *_REPLIES,
)
_SEARCH_WORDS = _may(_EDIT, "portal.searchsynonym") | _may("view", "portal.searchmiss")

# A focal person handles what the own unit holds; whose it is decides `Submission.objects.visible_to`.
_HANDLE = (
    _may("view", *_CASES, "feedback.answertime", "feedback.cannedanswer")
    | _may("add", "feedback.submission")
    | {"feedback.handle_submission", "feedback.read_sender"}
)

# Who hands in figures for the own unit; whose they are decides `UnitReturn.objects.visible_to`.
_HAND_IN = _may("view", "reports.reportingperiod", "reports.unitreturn") | {"reports.fill_unitreturn"}
_DIFFICULTIES = _may("view add change", "reports.difficulty")

ROLES: dict[str, set[str]] = {
    # Keeps accounts and settings; what the public reads is the office's.
    ADMINISTRATOR: _READ
    | _SEARCH_WORDS
    | _may("view", "auth.group", "procedures.importbatch", "portal.queuedmail")
    | _may("view delete", "procedures.subscription")
    | _may("view add change", "portal.user", "portal.unit", "portal.organisation")
    | _may(_EDIT, "portal.calendarday", "portal.confirmedyear")
    # Sets up feedback and answers for its security; what people write is not the administrator's to read.
    | _may("view", *_FEEDBACK_RULES, "feedback.accessrecord", "feedback.tombstone")
    | _may("view add change", "feedback.incident"),
    # Answers for the catalogue (plan IV): keeps, imports and publishes procedures.
    OFFICE: _READ
    | _SEARCH_WORDS
    | _may(_EDIT, *_PROCEDURE, *_DECISION, *_BESIDE_PROCEDURES)
    | {"procedures.publish_procedure", "procedures.publish_decision", "procedures.propose_decision"}
    | _may("view add change", "procedures.importbatch")
    | _may("change", "procedures.sourcerecord")
    | _may("view delete", "procedures.subscription")
    | _may("view change", "portal.organisation")
    | _may(_EDIT, "portal.calendarday", "portal.confirmedyear")
    # Steers the plan of communication and what is done inside the department.
    | _may(_EDIT, *_PLAN, *_INTERNAL, "news.evidence", "news.section")
    | {"news.send_dissemination"}
    # Receives feedback, routes it, watches its clocks and makes answers public (plan II.2).
    | _HANDLE
    | _may(_EDIT, *_FEEDBACK_RULES, *_SURVEYS, "feedback.pageremark")
    | _may("view add change", *_DATA_PROTECTION)
    | _may("add", "feedback.surveyresponse", "feedback.surveyreply")
    | _may("view", "feedback.accessrecord", "feedback.tombstone")
    | {
        "feedback.triage_submission",
        "feedback.head_submission",
        "feedback.erase_submission",
        "feedback.publish_publicanswer",
    }
    # Opens periods, approves what units hand in, compiles and sends reports (plan IV.3).
    | _HAND_IN
    | _DIFFICULTIES
    | _may(_EDIT, *_REPORT_RULES)
    | _may("view add change", *_REPORTS)
    | {
        "reports.approve_unitreturn",
        "reports.compile_period",
        "reports.send_report",
        "reports.answer_difficulty",
    },
    # Write for the public, so they hear which words people look for in vain.
    EDITOR: _READ | _HAND_IN | _DIFFICULTIES | _SEARCH_WORDS | _may(_EDIT, *_PUBLICATIONS, "news.evidence"),
    APPROVER: _READ
    | _SEARCH_WORDS
    | _may(_EDIT, *_PUBLICATIONS, "news.evidence", "news.section")
    | {"news.publish_article", "news.publish_album", "news.publish_bulletin"},
    FOCAL_PERSON: _READ | _HANDLE | _HAND_IN | _DIFFICULTIES,
    HEAD_OF_UNIT: _READ | _HANDLE | _HAND_IN | _DIFFICULTIES | {"feedback.head_submission"},
    # A unit proposes changes and their documents, as long as the office has not taken them up; whole
    # procedures it hands to the office as a filled-in XLSX.
    # It also writes articles for the centre to approve, and notes its trainings and what it did for the plan.
    UNIT: _READ
    | _HAND_IN
    | _DIFFICULTIES
    | _may("view add change", *_ARTICLE, "news.trainingrecord", "news.trainingattendance", "news.evidence")
    | _may(_EDIT, *_DECISION)
    | _may("add", "procedures.legaldocument", "procedures.documentfile")
    | {"procedures.propose_decision"},
}


def apply(apps: Apps, app_label: str, using: str = DEFAULT_DB_ALIAS) -> None:
    """Give each role just the permissions of one app that the table names and the database has."""
    group_model = apps.get_model("auth", "Group")
    permission_model = apps.get_model("auth", "Permission")
    of_app = permission_model.objects.using(using).filter(content_type__app_label=app_label)
    by_codename = {permission.codename: permission for permission in of_app}
    for name, wanted in ROLES.items():
        group, _ = group_model.objects.using(using).get_or_create(name=name)
        named = {codename for label, _, codename in (full.partition(".") for full in wanted) if label == app_label}
        held = set(group.permissions.using(using).filter(content_type__app_label=app_label))
        due = {by_codename[codename] for codename in named & by_codename.keys()}
        group.permissions.remove(*(held - due))
        group.permissions.add(*(due - held))


def apply_after_migrate(app_config: Any, using: str, apps: Apps = installed_apps, **kwargs: Any) -> None:
    """Apply the table once Django has made the app's permissions (receiver of post_migrate).

    `flush` sends the same signal and names no apps.
    """
    try:
        apps.get_model("portal", "User")
    except LookupError:  # Migrated back to before the portal's tables.
        return
    apply(apps, app_config.label, using)
