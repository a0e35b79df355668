"""Every address with another person's objects, asked by everybody who might try, read and written.

The table says what each gets; an address that is not in the table fails. Columns: a stranger without an account, an
agent of another region, a colleague, the person's own superior, the duty officer of another month, HR, the auditor, the
administrator. Entries: ``ok`` answered, though perhaps with a refusal, and nothing is written · ``write`` answered, and
something may be · a status. One entry alone holds for everybody; a method that is not named is refused with 405.
"""

import hashlib
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from appeals.models import Appeal, AppealFile
from appeals.states import AppealState
from appraisals.models import Evidence, Form, Item, LibraryItem, Scheme
from appraisals.states import Part
from calibration.models import Move
from calibration.states import MoveState
from consequences.models import CheckFile, CheckItem, Decision
from consequences.services.deciding import Verdict, decide_proposal
from consequences.states import CheckCode, Choice, DecisionState
from development.models import Amendment, Interview, Meeting, Plan, RegionMinute, TrainingRequest
from development.states import InterviewState, PlanState
from incidents.models import Bonus, BonusKind, EventFile, EventRules, Incident, IncidentKind, Involvement, Severity
from notices.models import Message, Preference, Robot
from people.models import Account, Employee
from people.states import Role
from quality.models import Assessment, Call, Dispute, Rubric
from quality.states import RubricState
from scoring.models import AnnualResult, AnnualReview, Document, Job, PayLine, PayRun, Proposal, Replay, ReplayPerson
from scoring.states import DocumentKind, JobKind, ProposalState, ReviewState
from tests import world
from tests.answers import let_go
from tests.reports.conftest import publish
from tests.scoring.conftest import Month, make_month

WHO = ("stranger", "foreign", "colleague", "superior", "officer", "hr", "auditor", "administrator")
TOKEN = "A" * 32
BOARD_YEAR = 2027

METHODS = ("get", "post")
EVERY_METHOD = (*METHODS, "put", "patch", "delete")
WRITTEN_WHOLE = {
    *("v1:assessment-detail", "v1:rubric-detail", "v1:scheme-detail"),
    *("v1:severity-detail", "v1:incident-kind-detail", "v1:bonus-kind-detail"),
}
"""Addresses of the API that are asked by every method; that the others refuse those is shown in its own tests."""
API_FORMS = ("/add-files/", "/audio/")
"""Addresses of the API that take a form; the others take JSON."""

STRANGERS = {
    "account_login": "ok",
    "api-docs": "ok",
    "healthz": "ok",
    "readyz": "ok",
    "reports:feed": "ok",
    "schema": "ok",
    "set_language": "ok",
    "v1": "403",
}
"""What somebody without an account gets, by address or its space; everywhere else the way to the log-in."""

LEAVES = "account_logout"
"""The one address that is not asked: it ends the session."""

TABLE = """
account_change_password          get  ok
account_change_password          post ok
account_login                    get  ok
account_login                    post ok
api-docs                         get  ok
appeals:act                      post 404   404   ok    404   ok    ok    404
appeals:appeal                   get  404   404   ok    404   ok    ok    404
appeals:appeals                  get  ok
appeals:file                     get  404   404   ok    404   ok    ok    404
appeals:of_form                  get  404   404   ok    404   ok    ok    404
appeals:remove_file              post 404
appeals:rule                     post 404
appeals:save                     post 404
appeals:start                    post 404
appeals:statistics               get  403   403   403   403   ok    ok    403
appeals:submit                   post 404
appeals:weigh                    post 404
appraisals:add_library_item      post 403   403   403   403   ok    403   403
appraisals:applicable            post 404   404   ok    404   404   ok    404
appraisals:approvals             get  403
appraisals:attach_evidence       post 404   404   ok    404   404   ok    404
appraisals:confirm_library       post 403   403   403   403   write 403   403
appraisals:correct_figure        post 404   404   ok    404   404   ok    404
appraisals:cycles                get  ok
appraisals:decide                post 403
appraisals:draft_targets         post 404
appraisals:evidence              get  404   404   ok    404   404   ok    404
appraisals:exact                 post 404   404   ok    404   404   ok    404
appraisals:figure                get  404   404   ok    404   404   ok    404
appraisals:figures               get  ok
appraisals:figures_month         get  404   404   ok    404   404   404   404
appraisals:figures_month         post 404   404   ok    404   404   404   404
appraisals:form                  get  404   404   ok    404   404   ok    404
appraisals:library               get  ok
appraisals:library_act           post 403   403   403   403   404   403   403
appraisals:library_item          get  403   403   403   403   ok    403   403
appraisals:move_form             post 404   404   ok    404   404   ok    404
appraisals:move_targets          post 404   404   ok    404   404   ok    404
appraisals:my_forms              get  ok
appraisals:new_library_item      get  403   403   403   403   ok    403   403
appraisals:open_cycle            post ok
appraisals:rate                  post 404
appraisals:remark                post 404   404   ok    404   404   ok    404
appraisals:save_library_item     post 403   403   403   403   ok    403   403
appraisals:save_score            post 404   404   ok    404   404   ok    404
appraisals:save_scores           post 404   404   ok    404   404   ok    404
appraisals:save_targets          post 404   404   ok    404   404   ok    404
appraisals:draft_scheme          post 403   403   403   404   403   403   403
appraisals:scheme                get  ok
appraisals:scheme_act            post 404   404   404   ok    ok    ok    404
appraisals:scheme_diff           get  ok
appraisals:scheme_edit           get  404   404   404   ok    403   403   404
appraisals:scheme_edit           post 404   404   404   ok    403   403   404
appraisals:scheme_print          get  404   404   404   ok    ok    ok    404
appraisals:scheme_version        get  404   404   404   ok    ok    ok    404
appraisals:schemes               get  ok
appraisals:targets               get  404   404   ok    404   404   ok    404
appraisals:team                  get  ok
appraisals:team_act              post 404
appraisals:team_month            get  ok
appraisals:team_so_far           get  404   404   ok    404   404   404   404
appraisals:upward                get  ok
calibration:replay               get  403   403   403   ok    ok    ok    403
calibration:replay_person        get  403   403   403   ok    ok    ok    403
calibration:replays              get  403   403   403   ok    ok    ok    403
calibration:replays              post 403   403   403   ok    ok    403   403
calibration:correct_year         get  403   403   403   403   ok    404   403
calibration:correct_year         post 403   403   403   403   ok    404   403
calibration:my_year              get  ok
calibration:publish_year         get  403   403   403   403   ok    403   403
calibration:publish_year         post 403   403   403   403   ok    403   403
calibration:reckon_year          post 403   403   403   403   ok    403   403
calibration:year                 get  403   403   403   403   ok    ok    403
consequences:act                 post 404   404   404   404   ok    ok    404
consequences:check               post 404   404   404   404   ok    ok    404
consequences:check_file          get  404   404   404   404   ok    ok    404
consequences:counters            get  ok
consequences:career_report       post 404   404   404   404   ok    ok    404
consequences:decide              post 404   404   404   404   ok    ok    404
consequences:discard_pay         post 403   403   403   403   ok    403   403
consequences:letter              get  404   404   404   404   ok    404   404
consequences:my_pay              get  ok
consequences:pay                 get  403   403   403   403   ok    403   403
consequences:pay_run             get  403   403   403   403   ok    403   403
consequences:prepare_pay         post 403   403   403   403   write 403   403
consequences:proposal            get  404   404   404   404   ok    ok    404
consequences:proposals           get  403   403   403   403   ok    ok    403
consequences:settle_pay          post 403   403   403   403   ok    403   403
calibration:answer               post 404   404   404   ok    ok    ok    404
calibration:board                get  404   404   404   ok    ok    ok    404
calibration:boards               get  403   403   403   ok    ok    ok    403
calibration:changes              get  404   404   404   ok    ok    ok    404
calibration:live                 get  404   404   404   ok    ok    ok    404
calibration:minutes              get  404   404   404   ok    ok    ok    404
calibration:move                 get  404
calibration:move                 post 404   404   404   ok    ok    ok    404
calibration:note                 post 404   404   404   ok    ok    ok    404
calibration:place                get  404   404   404   ok    ok    ok    404
calibration:step                 post 404   404   404   ok    ok    ok    404
calibration:table                get  404   404   404   ok    ok    ok    404
development:amendments           get  ok
development:answer_amendment     post 404
development:meeting              get  404   404   404   ok    404   ok    404
development:meeting_act          post 404   404   404   ok    404   ok    404
development:meetings             get  ok
development:prepare_meeting      post 404
development:print_meeting        get  404   404   404   ok    404   ok    404
development:save_meeting         post 404   404   404   ok    404   ok    404
development:save_minute          post 404   404   404   ok    404   ok    404
development:collect_training      post 403   403   403   403   ok    403   403
development:interview            get  404   404   ok    404   ok    ok    404
development:interview_act        post 404   404   ok    404   ok    ok    404
development:interview_of         get  404   404   ok    404   ok    ok    404
development:interviews           get  ok
development:new_training         get  ok    ok    ok    403   403   403   403
development:new_training         post ok    ok    ok    403   403   403   403
development:plan                 get  404   404   ok    404   ok    ok    404
development:plan_act             post 404   404   ok    404   ok    ok    404
development:plans                get  ok
development:prepare_interview    post 404   404   ok    404   404   404   404
development:print_interview      get  404   404   ok    404   ok    ok    404
development:publish_plan         post 404   404   ok    404   404   404   404
development:save_interview       post 404   404   ok    404   404   404   404
development:save_plan            post 404   404   ok    404   404   404   404
development:share_interview      post 404   404   ok    404   404   404   404
development:start_plan           post 404   404   ok    404   404   404   404
development:start_targets        post 404   404   ok    404   ok    ok    404
development:targets_note         get  404   404   ok    404   404   ok    404
development:waive_plan           post 404
development:training             get  ok
development:training_act         post 404   404   ok    404   ok    ok    404
development:training_one         get  404   404   ok    404   ok    ok    404
healthz                          get  ok
home                             get  ok
incidents:bonus                  get  404   404   ok    ok    ok    ok    404
incidents:bonus_file             get  404   404   ok    ok    ok    ok    404
incidents:bonus_hints            get  ok
incidents:bonus_kind             get  403   403   403   403   ok    403   403
incidents:bonus_kind             post 403   403   403   403   ok    403   403
incidents:bonuses                get  ok
incidents:decide_bonus           post 404   404   ok    write ok    ok    404
incidents:decide_incident        post 404   404   ok    ok    ok    ok    404
incidents:decide_share           post 404   404   write write ok    ok    404
incidents:event_rules            get  403   403   403   403   ok    403   403
incidents:event_rules            post 403   403   403   403   ok    403   403
incidents:incident               get  404   404   ok    ok    ok    ok    404
incidents:incident_file          get  404   404   ok    ok    ok    ok    404
incidents:incident_hints         get  ok
incidents:incident_kind          get  403   403   403   403   ok    403   403
incidents:incident_kind          post 403   403   403   403   ok    403   403
incidents:incident_picture       get  404   404   ok    ok    ok    ok    404
incidents:incidents              get  ok
incidents:new_bonus              get  ok
incidents:new_bonus              post ok
incidents:new_bonus_kind         get  403   403   403   403   ok    403   403
incidents:new_bonus_kind         post 403   403   403   403   ok    403   403
incidents:new_incident           get  ok
incidents:new_incident           post ok
incidents:new_incident_kind      get  403   403   403   403   ok    403   403
incidents:new_incident_kind      post 403   403   403   403   ok    403   403
incidents:severity               get  403   403   403   403   ok    403   403
incidents:severity               post 403   403   403   403   ok    403   403
incidents:standards              get  ok
incidents:switch_kind            post 403   403   403   403   404   403   403
notices:inbox                    get  ok
notices:mine                     get  ok
notices:new_robot                get  403   403   403   403   ok    403   ok
notices:new_robot                post 403   403   403   403   ok    403   ok
notices:open                     post 404
notices:read_all                 post ok
notices:renew_feed               post write
notices:revoke_feed              post write
notices:robot                    get  403   403   403   403   ok    403   ok
notices:robot                    post 403   403   403   403   ok    403   ok
notices:robots                   get  403   403   403   403   ok    403   ok
notices:rules                    get  403   403   403   403   ok    403   ok
notices:rules                    post 403   403   403   403   ok    403   ok
notices:save_mine                post write
notices:switch_robot             post 403   403   403   403   write 403   write
notices:try_robot                post 403   403   403   403   write 403   write
people:calendar                  get  ok
people:change_owner              post 404   404   ok    404   ok    ok    ok
people:change_role               post 404   404   ok    404   ok    ok    ok
people:change_superior           post 404   404   ok    404   ok    ok    ok
people:employee                  get  404   404   ok    404   ok    ok    ok
people:employees                 get  ok
people:find                      get  ok
people:issue                     post 404   404   ok    404   write ok    ok
people:membership                post ok
people:save                      post 403   403   403   403   ok    403   403
people:switch                    post 404   404   ok    404   ok    ok    ok
quality:acknowledge              post 404
quality:assess                   get  404   404   ok    ok    404   404   404
quality:assess                   post 404   404   write write 404   404   404
quality:attach_audio             post 404   404   ok    ok    404   ok    404
quality:call                     get  404   404   ok    ok    404   ok    404
quality:call_audio               get  404   404   ok    ok    404   ok    404
quality:calls                    get  ok
quality:discard_assessment       post 404   404   write 404   404   404   404
quality:discard_rubric           post 404   404   404   404   write 404   404
quality:dispute                  post 404
quality:disputes                 get  ok
quality:draw_calls               post 403   403   ok    ok    403   403   403
quality:draw_seconds             post 403   403   403   ok    403   403   403
quality:drift                    get  403   403   ok    ok    403   ok    403
quality:new_call                 get  403   403   ok    ok    403   403   403
quality:new_call                 post 403   403   ok    ok    403   403   403
quality:paste_calls              post 403   403   ok    ok    403   403   403
quality:plan                     get  403   403   ok    ok    403   ok    403
quality:publish_rubric           get  404   404   404   404   ok    404   404
quality:publish_rubric           post 404   404   404   404   ok    404   404
quality:rubric                   get  ok
quality:rubric_draft             get  404   404   404   404   ok    404   404
quality:rubric_draft             post 404   404   404   404   ok    404   404
quality:rubric_version           get  ok
quality:rule_dispute             post 404   404   ok    ok    404   ok    404
quality:save_assessment          post 404   404   ok    404   404   404   404
quality:start_rubric             post 403   403   403   403   ok    403   403
quality:submit_assessment        post 404   404   ok    404   404   404   404
quality:take_over                post 404   404   404   ok    404   404   404
quality:to_score                 get  ok
readyz                           get  ok
reports:feed                     get  ok
reports:calendar_template        get  403   403   403   403   ok    403   ok
reports:archive                  get  403   403   403   ok    ok    ok    403
reports:board_minutes            get  404   404   404   ok    ok    ok    404
reports:checks_workbook          get  404   404   404   404   403   ok    404
reports:document                 post 404   404   404   404   write write 404
reports:file_by_reason           get  403   403   403   403   ok    403   403
reports:file_by_reason           post 403   403   403   403   ok    403   403
reports:following                get  ok
reports:file_signed              post 403   403   403   403   ok    403   403
reports:hr_month                 get  403   403   403   403   ok    ok    403
reports:import_calendar          get  403   403   403   403   ok    403   ok
reports:import_calendar          post 403   403   403   403   ok    403   ok
reports:import_blank             get  403   403   403   403   ok    403   403
reports:import_file              get  403   403   403   403   404   403   403
reports:decide_import            post 403   403   403   403   404   403   403
reports:import_load              post 403   403   403   403   404   403   403
reports:import_marked            get  403   403   403   403   404   403   403
reports:import_preview           get  403   403   403   403   404   403   403
reports:import_workbook          get  403   403   403   403   ok    403   403
reports:import_workbook          post 403   403   403   403   ok    403   403
reports:make_package             post 404   404   404   404   ok    ok    404
reports:month_report             get  403   403   403   403   ok    ok    403
reports:payroll                  get  403   403   403   403   ok    403   403
reports:print_form               get  404   404   ok    404   404   ok    404
reports:remove_calendar_day      post 403   403   403   403   ok    403   ok
reports:save_calendar_day        post 403   403   403   403   ok    403   ok
reports:save_calendar_year       post 403   403   403   403   ok    403   ok
reports:year_report              get  403   403   403   403   ok    ok    403
reports:training_export          get  403   403   403   403   ok    ok    403
schema                           get  ok
scoring:check_now                post 404   404   404   404   ok    ok    404
scoring:checks                   get  404   404   404   404   403   ok    404
scoring:consolidate              post 404   404   404   404   ok    ok    404
scoring:duty                     get  403   403   403   ok    ok    ok    403
scoring:duty_month               get  403   403   403   404   ok    ok    403
scoring:handover                 get  404   404   404   ok    404   404   404
scoring:handover                 post 404
scoring:job                      get  404   404   404   404   404   ok    404
scoring:look_at                  post 404   404   404   404   ok    ok    404
scoring:my_results               get  ok
scoring:nudge                    post 404   404   404   404   ok    ok    404
scoring:publish                  get  404   404   404   404   403   403   404
scoring:publish                  post 404   404   404   404   403   403   404
scoring:result                   get  404   404   ok    404   ok    ok    404
scoring:ask_swap                 post ok
scoring:decide_swap              post 404
scoring:rota                     get  ok
scoring:set_turns                post ok
scoring:sign                     post 404   404   ok    404   ok    ok    404
scoring:sign_many                post ok
scoring:to_sign                  get  ok
scoring:withdraw                 get  404
scoring:withdraw                 post 404
set_language                     get  ok
set_language                     post ok
v1:assessment-acknowledge        post 404
v1:assessment-detail             delete 404   404   write 404   404   404   404
v1:assessment-detail             get  404   404   ok    404   404   404   404
v1:assessment-detail             patch 404   404   write 404   404   404   404
v1:assessment-dispute            post 404
v1:assessment-list               post 404   404   write write 404   404   404
v1:assessment-submit             post 404   404   ok    404   404   404   404
v1:board-answer                  post 404   404   404   ok    ok    ok    404
v1:board-detail                  get  404   404   404   ok    ok    ok    404
v1:board-list                    get  ok
v1:board-lock                    post 404   404   404   ok    ok    ok    404
v1:board-move                    post 404   404   404   write ok    ok    404
v1:board-moves                   get  404   404   404   ok    ok    ok    404
v1:board-note                    post 404   404   404   write ok    ok    404
v1:board-open                    post 404   404   404   ok    ok    ok    404
v1:board-preview                 post 404   404   404   ok    ok    ok    404
v1:board-reopen                  post 404   404   404   ok    ok    ok    404
v1:bonus-add-files               post 404   404   ok    ok    ok    ok    404
v1:bonus-detail                  get  404   404   ok    ok    ok    ok    404
v1:bonus-first-check             post 404   404   ok    write ok    ok    404
v1:bonus-join-event              post 404   404   ok    write ok    ok    404
v1:bonus-kind-detail             get  ok
v1:bonus-kind-detail             put  403   403   403   403   ok    403   403
v1:bonus-kind-list               get  ok
v1:bonus-kind-list               post 403   403   403   403   ok    403   403
v1:bonus-kind-switch             post 403   403   403   403   ok    403   403
v1:bonus-list                    get  ok
v1:bonus-list                    post write
v1:bonus-overturn                post 404   404   ok    ok    ok    ok    404
v1:bonus-reject                  post 404   404   write write ok    ok    404
v1:bonus-second-check            post 404   404   ok    ok    ok    ok    404
v1:bonus-withdraw                post 404   404   ok    ok    ok    ok    404
v1:call-audio                    post 404   404   ok    ok    404   ok    404
v1:call-coverage                 get  403   403   ok    ok    403   ok    403
v1:call-detail                   get  404   404   ok    ok    404   ok    404
v1:call-draw                     post 403   403   write write 403   403   403
v1:call-list                     get  ok
v1:call-list                     post 403   403   write write 403   403   403
v1:call-mean                     get  404
v1:call-take-over                post 404   404   404   ok    404   404   404
v1:check-reopen                  post 404   404   404   404   ok    ok    404
v1:check-write                   post 404   404   404   404   write ok    404
v1:cycle-detail                  get  ok
v1:cycle-list                    get  ok
v1:decision-approve              post 404   404   404   404   ok    ok    404
v1:decision-detail               get  404   404   404   404   ok    ok    404
v1:counter-list                  get  ok
v1:decision-drop                 post 404   404   404   404   write ok    404
v1:decision-keep                 post 404   404   404   404   ok    ok    404
v1:decision-last-day             post 404   404   404   404   ok    ok    404
v1:decision-read                 post 404   404   404   404   ok    ok    404
v1:decision-state                post 404   404   404   404   ok    ok    404
v1:decision-undo                 post 404   404   404   404   ok    ok    404
v1:dispute-list                  get  ok
v1:dispute-rule                  post 404   404   ok    write 404   ok    404
v1:dispute-ruled                 get  ok
v1:drift                         get  403   403   ok    ok    403   ok    403
v1:employee-detail               get  404   404   ok    404   ok    ok    ok
v1:employee-list                 get  ok
v1:event-rules-detail            get  ok
v1:event-rules-list              get  ok
v1:event-rules-list              post 403   403   403   403   ok    403   403
v1:form-detail                   get  404   404   ok    404   404   ok    404
v1:form-list                     get  ok
v1:incident-add-files            post 404   404   ok    ok    ok    ok    404
v1:incident-detail               get  404   404   ok    ok    ok    ok    404
v1:incident-kind-detail          get  ok
v1:incident-kind-detail          put  403   403   403   403   ok    403   403
v1:incident-kind-list            get  ok
v1:incident-kind-list            post 403   403   403   403   ok    403   403
v1:incident-kind-switch          post 403   403   403   403   ok    403   403
v1:incident-list                 get  ok
v1:incident-list                 post write
v1:incident-withdraw             post 404   404   ok    ok    ok    ok    404
v1:involvement-confirm           post 404   404   write write ok    ok    404
v1:involvement-rejudge           post 404   404   ok    ok    ok    ok    404
v1:involvement-overturn          post 404   404   ok    ok    ok    ok    404
v1:involvement-reject            post 404   404   write write ok    ok    404
v1:involvement-state             post 404   404   ok    ok    ok    ok    404
v1:job-detail                    get  404   404   404   404   404   ok    404
v1:job-list                      get  ok
v1:pay-line-detail               get  404   404   404   404   ok    404   404
v1:pay-line-list                 get  ok
v1:pay-run-detail                get  404   404   404   404   ok    404   404
v1:pay-run-discard               post 404   404   404   404   write 404   404
v1:pay-run-list                  get  ok
v1:pay-run-list                  post 403   403   403   403   write 403   403
v1:pay-run-settle                post 404   404   404   404   ok    404   404
v1:proposal-career-report        post 404   404   404   404   write ok    404
v1:proposal-decide               post 404   404   404   404   write ok    404
v1:proposal-detail               get  404   404   404   404   ok    ok    404
v1:proposal-list                 get  ok
v1:result-detail                 get  404   404   ok    404   ok    ok    404
v1:result-list                   get  ok
v1:rubric-detail                 delete 404   404   404   404   write 404   404
v1:rubric-detail                 get  404   404   404   404   ok    404   404
v1:rubric-detail                 put  404   404   404   404   ok    404   404
v1:rubric-list                   get  ok
v1:rubric-list                   post 403   403   403   403   ok    403   403
v1:rubric-publish                post 404   404   404   404   ok    404   404
reports:replay_workbook          get  403   403   403   ok    ok    ok    403
v1:replay-detail                 get  403   403   403   ok    ok    ok    403
v1:replay-list                   get  403   403   403   ok    ok    ok    403
v1:replay-list                   post 403   403   403   ok    ok    403   403
v1:replay-people                 get  403   403   403   ok    ok    ok    403
v1:scheme-approve                post 404   404   404   ok    ok    ok    404
v1:scheme-check                  post 404   404   404   ok    ok    ok    404
v1:scheme-detail                 get  404   404   404   ok    ok    ok    404
v1:scheme-detail                 put  404   404   404   write ok    ok    404
v1:scheme-diff                   get  404   404   404   ok    ok    ok    404
v1:scheme-list                   get  ok
v1:scheme-list                   post 403   403   403   write 403   403   403
v1:scheme-return                 post 404   404   404   ok    ok    ok    404
v1:scheme-submit                 post 404   404   404   write ok    ok    404
v1:scheme-withdraw               post 404   404   404   ok    ok    ok    404
v1:seconds-draw                  post 403   403   403   ok    403   403   403
v1:severity-detail               get  ok
v1:severity-detail               put  403   403   403   403   ok    403   403
v1:severity-list                 get  ok
v1:year-correct                  post 404   404   404   404   ok    ok    404
v1:year-detail                   get  404   404   404   404   ok    ok    404
v1:year-list                     get  ok
v1:year-mine                     get  404
v1:year-publish                  post 403   403   403   403   ok    403   403
v1:year-reckon                   post 403   403   403   403   ok    403   403
v1:year-rows                     get  404   404   404   404   ok    ok    404
"""


@dataclass(frozen=True)
class World:
    """One person's things, and everybody who asks for them."""

    month: Month
    people: dict[str, Employee | None]
    kwargs: dict[str, dict[str, Any]]
    bodies: dict[str, dict[str, Any]]


@pytest.fixture
def cast(db) -> World:
    made = make_month()
    old = world.ready_form(made.agent, made.supervisor, month=date(2026, 9, 1))
    old_month = Month(**{**vars(made), "cycle": old.cycle, "form": old})
    publish(old_month, old)
    elsewhere = world.region("HN", "华南区域")
    people: dict[str, Employee | None] = {
        "stranger": None,
        "foreign": world.person("吴海燕"),
        "colleague": made.second_agent,
        "superior": made.supervisor,
        "officer": world.on_duty(world.in_group(world.person("郑洁", None)), date(2026, 11, 1)),
        "hr": made.hr,
        "auditor": world.with_role(world.person("孙悦", None), Role.AUDITOR),
        "administrator": world.with_role(world.person("秦朗", None), Role.ADMINISTRATOR),
    }
    Employee.objects.filter(name="吴海燕").update(region=elsewhere)
    for somebody in people.values():
        if somebody is not None and somebody.account is None:
            somebody.account = Account.objects.create(username=somebody.number)
            somebody.save(update_fields=["account"])
    kwargs = _kwargs(made, old) | _api_kwargs(made) | _listening_kwargs() | _appeal_kwargs(old)
    kwargs |= _meeting_kwargs(old) | _board_kwargs(made) | _proposal_kwargs(made)
    kwargs |= _pay_kwargs(old)
    kwargs |= _year_kwargs(old)
    begun = Assessment.objects.get(call=kwargs["quality:take_over"]["pk"])
    kwargs |= {"v1:call-take-over": kwargs["quality:take_over"]}
    kwargs |= {f"v1:assessment-{name}": {"pk": begun.pk} for name in ("detail", "submit")}
    return World(made, people, kwargs, _bodies(made))


@pytest.fixture
def quiet() -> Iterator[None]:
    """A thousand refusals, each with its trace, would be written to the log."""
    logging.disable(logging.WARNING)
    yield
    logging.disable(logging.NOTSET)


def _kwargs(made: Month, old: Form) -> dict[str, dict[str, Any]]:
    """The agent's things by the address they are found at."""
    kpi = Item.objects.filter(form=made.form, part=Part.KPI).earliest("pk")
    goal = Item.objects.get(form=made.form, part=Part.GOAL)
    figure = kpi.figures.get()
    file = Evidence.objects.create(
        figure=figure,
        file=ContentFile(b"x", "x.txt"),
        name="x.txt",
        size=1,
        sha256="0" * 64,
        uploaded_by=figure.provider,
    )
    event = {"employee": made.agent, "occurred_on": date(2026, 10, 9), "points": 2}
    share = world.involvement(made.agent, found_by=made.leader)
    photo = EventFile.objects.create(
        incident=share.incident,
        file=ContentFile(b"x", "x.png"),
        name="x.png",
        kind="png",
        size=1,
        sha256="0" * 64,
        uploaded_by=made.leader,
    )
    bonus = Bonus.objects.create(number="JF-2026-0001", raised_by=made.leader, grounds="表扬", **event)
    proof = EventFile.objects.create(
        bonus=bonus,
        file=ContentFile(b"x", "y.png"),
        name="y.png",
        kind="png",
        size=1,
        sha256="0" * 64,
        uploaded_by=made.leader,
    )
    job = Job.objects.create(
        kind=JobKind.PUBLISH, cycle=made.cycle, requested_by=made.officer, requested_at=timezone.now(), total=1
    )
    library = LibraryItem.objects.filter(position=made.agent.position).earliest("pk")
    post = {"code": library.position.code}
    message = Message.objects.create(
        recipient=made.agent, kind="nudged", path="/", key="nudge:1", at=timezone.now(), detail={"who": "郑洁"}
    )
    robot = Robot.objects.create(name="华东群", channel="webhook", url="jsons://127.0.0.1/", created_by=made.hr)
    feed = Preference.objects.create(employee=made.hr, feed_token=TOKEN)
    draft = _draft_scheme()
    form, month = {"pk": made.form.pk}, {"key": "2026-10"}
    item = {**form, "item": goal.pk}
    person = {"number": made.agent.number}
    return {
        "appraisals:form": form,
        "appraisals:save_scores": form,
        "appraisals:save_score": item,
        "appraisals:exact": item,
        "appraisals:applicable": item,
        "appraisals:move_form": {**form, "name": "submit_review"},
        "appraisals:targets": form,
        "appraisals:save_targets": form,
        "appraisals:draft_targets": form,
        "appraisals:move_targets": {**form, "name": "readjust_targets"},
        "appraisals:remark": form,
        "appraisals:team_month": month,
        "appraisals:team_so_far": month,
        "appraisals:team_act": month,
        "appraisals:figure": {"pk": kpi.pk},
        "appraisals:correct_figure": {"pk": kpi.pk},
        "appraisals:attach_evidence": {"pk": kpi.pk},
        "appraisals:evidence": {"pk": file.pk},
        "appraisals:figures_month": month,
        "appraisals:rate": {"pk": made.own_form.pk},
        **_replay_kwargs(made, draft),
        "appraisals:scheme_act": {"pk": draft.pk, "name": "withdraw"},
        "appraisals:scheme_edit": {"pk": draft.pk},
        "appraisals:scheme_print": {"version": draft.version},
        "appraisals:scheme_version": {"pk": draft.pk},
        "appraisals:confirm_library": post,
        "appraisals:new_library_item": post,
        "appraisals:add_library_item": post,
        "appraisals:library_item": {**post, "pk": library.pk},
        "appraisals:save_library_item": {**post, "pk": library.pk},
        "appraisals:library_act": {**post, "pk": library.pk},
        "incidents:incident": {"pk": share.incident_id},
        "incidents:decide_incident": {"pk": share.incident_id, "name": "withdraw"},
        "incidents:decide_share": {"pk": share.pk, "name": "confirm"},
        "incidents:incident_file": {"pk": photo.pk},
        "incidents:incident_picture": {"pk": photo.pk},
        "incidents:decide_bonus": {"pk": bonus.pk, "name": "first"},
        "incidents:bonus": {"pk": bonus.pk},
        "incidents:bonus_file": {"pk": bonus.pk, "file": proof.pk},
        "incidents:incident_kind": {"pk": IncidentKind.objects.earliest("pk").pk},
        "incidents:bonus_kind": {"pk": BonusKind.objects.earliest("pk").pk},
        "incidents:severity": {"pk": Severity.objects.earliest("pk").pk},
        "incidents:switch_kind": {"what": "bonuses", "pk": BonusKind.objects.earliest("pk").pk},
        "notices:open": {"pk": message.pk},
        "notices:robot": {"pk": robot.pk},
        "notices:switch_robot": {"pk": robot.pk},
        "notices:try_robot": {"pk": robot.pk},
        "reports:feed": {"token": feed.feed_token},
        "people:employee": person,
        "people:save": person,
        "people:change_superior": person,
        "people:change_owner": person,
        "people:change_role": person,
        "people:issue": person,
        "people:switch": person,
        "reports:hr_month": month,
        "reports:month_report": month,
        "reports:file_signed": month,
        "reports:file_by_reason": {"key": "2026-09", "pk": old.pk},
        "reports:calendar_template": {"year": 2027},
        "reports:import_preview": {"token": TOKEN},
        "reports:import_load": {"token": TOKEN},
        "reports:import_file": {"token": TOKEN},
        "reports:decide_import": {"token": TOKEN, "name": "offer"},
        "reports:import_marked": {"token": TOKEN},
        "reports:print_form": form,
        "scoring:duty_month": month,
        "scoring:consolidate": month,
        "scoring:check_now": month,
        "scoring:checks": month,
        "scoring:look_at": month,
        "reports:checks_workbook": month,
        "reports:make_package": month,
        "reports:document": {"pk": _document(made).pk},
        "scoring:handover": month,
        "scoring:nudge": month,
        "scoring:publish": month,
        "scoring:withdraw": {**month, "pk": made.form.pk},
        "scoring:result": {"pk": old.pk},
        "scoring:sign": {"pk": old.pk},
        "scoring:decide_swap": {"pk": 1, "name": "agree"},
        "scoring:job": {"pk": job.pk},
        "development:prepare_interview": form,
        "development:targets_note": form,
        **_development_kwargs(made, old),
        "v1:employee-detail": person,
        "v1:cycle-detail": {"pk": made.cycle.pk},
        "v1:form-detail": form,
        "v1:result-detail": {"pk": old.results.get().pk},
        "v1:job-detail": {"pk": job.pk},
    }


def _pay_kwargs(old: Form) -> dict[str, dict[str, Any]]:
    """September's pay, prepared by another of HR, with the agent's line."""
    another = world.with_role(world.person("钱进", None), Role.HR)
    run = PayRun.objects.create(cycle=old.cycle, digest="0" * 64, prepared_by=another, prepared_at=timezone.now())
    line = PayLine.objects.create(run=run, employee=old.employee, total=0)
    month, one = {"key": old.cycle.key}, {"pk": run.pk}
    return {
        "consequences:discard_pay": {**month, **one},
        "consequences:pay_run": month,
        "consequences:prepare_pay": month,
        "consequences:settle_pay": {**month, **one},
        "reports:payroll": month,
        "v1:pay-line-detail": {"pk": line.pk},
        "v1:pay-run-detail": one,
        "v1:pay-run-discard": one,
        "v1:pay-run-settle": one,
    }


def _year_kwargs(old: Form) -> dict[str, dict[str, Any]]:
    """A published year with the agent in it."""
    now = timezone.now()
    review = AnnualReview.objects.create(
        year=2025, completion=95, state=ReviewState.PUBLISHED, published_at=now, closed_at=now, closed_by="system"
    )
    result = AnnualResult.objects.create(review=review, employee=old.employee, months=12, coefficient=80, grade="C")
    year = {"year": 2025}
    return {
        "calibration:correct_year": {**year, "pk": result.pk},
        "calibration:publish_year": year,
        "calibration:reckon_year": year,
        "reports:year_report": year,
        **{f"v1:year-{name}": year for name in ("correct", "detail", "mine", "publish", "reckon", "rows")},
    }


def _replay_kwargs(made: Month, draft: Scheme) -> dict[str, dict[str, Any]]:
    """An answered what-if over September, with the agent in it."""
    month, now = date(2026, 9, 1), timezone.now()
    replay = Replay.objects.create(
        scheme=draft,
        rules=draft.parameters,
        first_month=month,
        last_month=month,
        requested_by=made.leader,
        requested_at=now,
        finished_at=now,
    )
    ReplayPerson.objects.create(replay=replay, employee=made.agent, is_moved=True)
    one = {"pk": replay.pk}
    return {
        "calibration:replay": one,
        "calibration:replay_person": {**one, "employee": made.agent.pk},
        "reports:replay_workbook": one,
        "v1:replay-detail": one,
        "v1:replay-people": one,
    }


def _proposal_kwargs(made: Month) -> dict[str, dict[str, Any]]:
    """The agent's proposals of October: one open, one decided with its letter, one whose checklist is begun."""
    known: dict[str, Any] = {"employee": made.agent, "cycle": made.cycle, "evidence": []}
    undecided = Proposal.objects.create(rule="R3", leads_to="R3", **known)
    row = Proposal.objects.create(rule="R1", leads_to="R1", **known)
    warned = decide_proposal(row.pk, Verdict(choice="warning"), by=made.hr)
    case = Proposal.objects.create(rule="R2", leads_to="R2", state=ProposalState.DECIDED, **known)
    decision = Decision.objects.create(
        number="JC-2026-9999",
        proposal=case,
        choice=Choice.DEMOTE,
        state=DecisionState.PREPARING,
        open_checks=1,
        decided_by=made.hr,
        decided_at=timezone.now(),
    )
    item = CheckItem.objects.create(decision=decision, code=CheckCode.STATEMENT)
    file = CheckFile.objects.create(
        item=item,
        file=ContentFile(b"x", "x.txt"),
        name="x.txt",
        size=1,
        sha256="0" * 64,
        added_by=made.hr,
        added_at=timezone.now(),
    )
    one, acts = {"pk": case.pk}, ("detail", "approve", "drop", "keep", "last-day", "read", "state", "undo")
    return {
        "consequences:proposal": one,
        "consequences:decide": {"pk": undecided.pk},
        "consequences:career_report": {"pk": undecided.pk},
        "consequences:letter": {"pk": row.pk, "decision": warned.pk},
        "consequences:check_file": {**one, "file": file.pk},
        "consequences:check": {**one, "item": item.pk, "name": "reopen"},
        "consequences:act": {**one, "decision": decision.pk, "name": "drop"},
        "v1:proposal-detail": {"pk": undecided.pk},
        "v1:proposal-decide": {"pk": undecided.pk},
        "v1:proposal-career-report": {"pk": undecided.pk},
        **{f"v1:decision-{name}": {"pk": decision.pk} for name in acts},
        **{f"v1:check-{name}": {"pk": item.pk} for name in ("write", "reopen")},
    }


def _draft_scheme() -> Scheme:
    """A version of the scheme that nobody has handed in yet."""
    old = Scheme.objects.get(version="1.0")
    return Scheme.objects.create(version="9.9", effective_on=date(2099, 1, 1), parameters=old.parameters, based_on=old)


def _document(made: Month) -> Document:
    return Document.objects.create(
        cycle=made.cycle,
        kind=DocumentKind.REPORT,
        file=ContentFile(b"x", "x.xlsx"),
        name="x.xlsx",
        size=1,
        sha256=hashlib.sha256(b"x").hexdigest(),
        made_by=made.officer,
        made_at=timezone.now(),
    )


def _api_kwargs(made: Month) -> dict[str, dict[str, Any]]:
    """The agent's things of the API's by the address they are found at."""
    share, bonus = {"pk": Involvement.objects.get().pk}, {"pk": Bonus.objects.get().pk}
    incident, call = {"pk": Incident.objects.get().pk}, world.call(made.agent, made.supervisor, None, number="LY-0001")
    scored = world.call(made.agent, made.supervisor, number="LY-0002").assessments.get()
    disputed = Dispute.objects.create(assessment=scored, reason="听错了")
    draft = Rubric.objects.create(version="9.9", state=RubricState.DRAFT, edited_at=timezone.now())
    acts: dict[str, tuple[dict[str, Any], tuple[str, ...]]] = {
        "incident": (incident, ("detail", "add-files", "withdraw")),
        "involvement": (share, ("state", "confirm", "reject", "rejudge", "overturn")),
        "bonus": (
            bonus,
            (
                *("detail", "first-check", "second-check", "reject", "withdraw", "overturn"),
                *("join-event", "add-files"),
            ),
        ),
        "call": ({"pk": call.pk}, ("detail", "audio", "take-over")),
        "assessment": ({"pk": scored.pk}, ("acknowledge", "dispute")),
        "dispute": ({"pk": disputed.pk}, ("rule",)),
        "rubric": ({"pk": draft.pk}, ("detail", "publish")),
        "severity": ({"code": "L1"}, ("detail",)),
        "incident-kind": ({"code": "I08"}, ("detail", "switch")),
        "bonus-kind": ({"code": "B01"}, ("detail", "switch")),
        "event-rules": ({"pk": EventRules.objects.earliest("pk").pk}, ("detail",)),
        "scheme": (
            {"pk": Scheme.objects.get(version="9.9").pk},
            ("detail", "diff", "submit", "check", "approve", "return", "withdraw"),
        ),
    }
    return {f"v1:{thing}-{act}": key for thing, (key, names) in acts.items() for act in names}


def _appeal_kwargs(old: Form) -> dict[str, dict[str, Any]]:
    """The agent's appeal against the result of September, handed in, with evidence."""
    result = old.results.get()
    appeal = Appeal.objects.create(
        number="SS-2026-0001",
        result=result,
        employee=old.employee,
        state=AppealState.SUBMITTED,
        file_until=timezone.localdate(),
        submitted_at=timezone.now(),
    )
    file = AppealFile.objects.create(
        appeal=appeal,
        file=ContentFile(b"x", "x.txt"),
        name="x.txt",
        kind="txt",
        size=1,
        sha256="0" * 64,
        uploaded_by=old.employee,
    )
    one = {"pk": appeal.pk}
    found = {f"appeals:{name}": one for name in ("appeal", "save", "submit", "weigh", "rule")}
    return found | {
        "appeals:act": {**one, "name": "withdraw"},
        "appeals:file": {**one, "file": file.pk},
        "appeals:remove_file": {**one, "file": file.pk},
        "appeals:of_form": {"pk": old.pk},
        "appeals:start": {"pk": result.pk},
    }


def _meeting_kwargs(old: Form) -> dict[str, dict[str, Any]]:
    """The exchange meeting about September, with the minutes of a region and a proposal."""
    meeting = Meeting.objects.create(cycle=old.cycle, chair=old.owner)
    minute = RegionMinute.objects.create(meeting=meeting, region=old.region)
    proposal = Amendment.objects.create(
        meeting=meeting, text="改", reason="因", proposed_by=old.owner, asked=world.person("上级", None)
    )
    names = ("meeting", "print_meeting", "save_meeting")
    return {f"development:{name}": {"pk": meeting.pk} for name in names} | {
        "development:prepare_meeting": {"pk": old.cycle_id},
        "development:meeting_act": {"pk": meeting.pk, "name": "send"},
        "development:save_minute": {"pk": meeting.pk, "minute": minute.pk},
        "development:answer_amendment": {"pk": meeting.pk, "amendment": proposal.pk},
    }


def _board_kwargs(made: Month) -> dict[str, dict[str, Any]]:
    """The board of a year with the agent, whose move waits for its answer, and the second agent."""
    review = AnnualReview.objects.create(
        year=BOARD_YEAR, completion=100, state=ReviewState.OPEN, closed_at=timezone.now(), closed_by="T1"
    )
    graded = {"review": review, "months": 12, "coefficient": 80, "computed_grade": "C", "grade": "C"}
    place = AnnualResult.objects.create(employee=made.agent, rank=1, **graded)
    AnnualResult.objects.create(employee=made.second_agent, rank=2, **graded)
    move = Move.objects.create(
        result=place,
        from_grade="D",
        to_grade="C",
        reason="稳",
        by=made.leader,
        at=timezone.now(),
        state=MoveState.WAITING,
        authoriser=made.manager,
    )
    year, one = {"year": BOARD_YEAR}, {"year": BOARD_YEAR, "pk": place.pk}
    pages = ("calibration:board", "calibration:table", "calibration:live", "calibration:changes", "calibration:minutes")
    api = tuple(
        f"v1:board-{name}"
        for name in ("detail", "moves", "move", "note", "answer", "preview", "open", "lock", "reopen")
    )
    return dict.fromkeys((*pages, "reports:board_minutes", *api), year) | {
        "calibration:place": one,
        "calibration:move": one,
        "calibration:note": one,
        "calibration:answer": {**year, "pk": move.pk},
        "calibration:step": {**year, "name": "lock"},
    }


def _development_kwargs(made: Month, old: Form) -> dict[str, dict[str, Any]]:
    """What follows from the agent's September: the shared interview, a published plan, a training request."""
    result, day = old.results.get(), date(2026, 10, 20)
    sides = {"owner": made.supervisor, "employee": made.agent, "result": result}
    talk = Interview.objects.create(form=old, state=InterviewState.SHARED, due_on=day, held_on=day, **sides)
    plan = Plan.objects.create(state=PlanState.PUBLISHED, starts_on=day, ends_on=day, **sides)
    wish = TrainingRequest.objects.create(
        employee=made.agent,
        requested_by=made.supervisor,
        passed_by=made.supervisor,
        passed_at=timezone.now(),
        topic="投诉",
        why="差错",
    )
    interview, planned, wanted = {"pk": talk.pk}, {"pk": plan.pk}, {"pk": wish.pk}
    return {
        "development:interview": interview,
        "development:print_interview": interview,
        "development:save_interview": interview,
        "development:share_interview": interview,
        "development:start_targets": interview,
        "development:interview_act": {**interview, "name": "remark"},
        "development:interview_of": {"pk": old.pk},
        "development:start_plan": {"pk": made.agent.pk},
        "development:waive_plan": {"pk": made.agent.pk},
        "development:plan": planned,
        "development:save_plan": planned,
        "development:publish_plan": planned,
        "development:plan_act": {**planned, "name": "pause"},
        "development:training_one": wanted,
        "development:training_act": {**wanted, "name": "arrange"},
    }


def _listening_kwargs() -> dict[str, dict[str, Any]]:
    """The agent's calls: with its recording, scored, begun; and the draft of the monitoring standard."""
    call, draft = Call.objects.get(number="LY-0001"), Rubric.objects.get(state=RubricState.DRAFT)
    call.audio.save("x.wav", ContentFile(b"RIFF1234WAVEfmt "))
    disputed = Dispute.objects.select_related("assessment__call").get()
    scored = disputed.assessment
    begun = Call.objects.create(number="LY-0003", employee=call.employee, called_on=call.called_on)
    Assessment.objects.create(call=begun, listener=scored.listener, rubric=scored.rubric)
    return {
        "quality:acknowledge": {"pk": scored.call_id},
        "quality:assess": {"pk": call.pk},
        "quality:call": {"pk": scored.call_id},
        "quality:discard_assessment": {"pk": begun.pk},
        "quality:dispute": {"pk": scored.call_id},
        "quality:rule_dispute": {"pk": disputed.pk},
        "quality:save_assessment": {"pk": begun.pk},
        "quality:submit_assessment": {"pk": begun.pk},
        "quality:take_over": {"pk": begun.pk},
        "quality:attach_audio": {"pk": call.pk},
        "quality:call_audio": {"pk": call.pk},
        "quality:discard_rubric": {"pk": draft.pk},
        "quality:publish_rubric": {"pk": draft.pk},
        "quality:rubric_draft": {"pk": draft.pk},
        "quality:rubric_version": {"key": "1.0"},
    }


def _bodies(made: Month) -> dict[str, dict[str, Any]]:
    """What is told to the API so that whoever may do it would: about the agent, by his number."""
    reason, month = {"reason": "看错了"}, {"month": "2026-10"}
    claim = {"employee": made.agent.number, "kind": "B01", "occurred_on": "2026-10-09", "grounds": "救场"}
    people = [{"employee": made.agent.number}]
    board = AnnualResult.objects.filter(review__year=BOARD_YEAR)
    card = board.get(employee=made.second_agent).pk
    return {
        "v1:assessment-detail": {"version": 1, "remark": "稳"},
        "v1:assessment-dispute": {**reason, "item": None},
        "v1:assessment-list": {"call": Call.objects.get(number="LY-0001").pk},
        "v1:board-answer": {"move": Move.objects.get(result__in=board).pk, "consents": True},
        "v1:board-move": {"card": card, "to_grade": "D", "reason": "投诉", "version": 1},
        "v1:board-note": {"card": card, "text": "看过"},
        "v1:bonus-join-event": {"other": None},
        "v1:bonus-list": claim,
        "v1:bonus-overturn": reason,
        "v1:bonus-reject": reason,
        "v1:bonus-withdraw": reason,
        "v1:call-draw": month,
        "v1:call-list": {"number": "LY-0009", "called_on": "2026-10-09", "employee": made.agent.number},
        "v1:check-reopen": reason,
        "v1:check-write": {"note": "核对过"},
        "v1:decision-drop": reason,
        "v1:decision-keep": reason,
        "v1:decision-last-day": {"day": "2099-12-31"},
        "v1:decision-state": {"text": "有异议"},
        "v1:decision-undo": reason,
        "v1:proposal-decide": {"choice": "bonus", "amount": "100.00"},
        "v1:proposal-career-report": {"text": "报告"},
        "v1:dispute-rule": {"upheld": False, "ruling": "不成立"},
        "v1:incident-list": {"kind": "I08", "occurred_on": "2026-10-09", "description": "漏记", "people": people},
        "v1:incident-withdraw": reason,
        "v1:involvement-overturn": reason,
        "v1:involvement-rejudge": {},
        "v1:involvement-reject": reason,
        "v1:involvement-state": {"text": ""},
        "v1:pay-run-discard": reason,
        "v1:pay-run-list": {"month": "2026-09"},
        "v1:pay-run-settle": {"digest": "0" * 64, "password": "wrong"},
        "v1:replay-list": {"scheme": Scheme.objects.get(version="9.9").pk, "first_month": "1999-01"},
        "v1:scheme-detail": {"revision": 1, "version": "9.9", "effective_on": "2099-01-01"},
        "v1:scheme-list": {"based_on": Scheme.objects.get(version="1.0").pk},
        "v1:scheme-return": reason,
        "v1:scheme-withdraw": reason,
        "v1:seconds-draw": month,
    }


def names(resolver: URLResolver, space: str = "") -> Iterator[str]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from names(entry, f"{space}{entry.namespace}:" if entry.namespace else space)
        elif isinstance(entry, URLPattern):
            yield f"{space}{entry.name}"


def _table() -> dict[tuple[str, str], list[str]]:
    """(address, method) → what each who is signed in gets."""
    found = {}
    for line in TABLE.split("\n"):
        if line:
            name, method, *entries = line.split()
            found[name, method] = entries if len(entries) > 1 else entries * (len(WHO) - 1)
    return found


ROUTES = sorted(set(names(get_resolver())))
RIGHTS = _table()


def test_every_address_is_in_the_table_and_nothing_else_is():
    assert {name for name, _method in RIGHTS} | {LEAVES} == set(ROUTES)
    assert all(len(entries) == len(WHO) - 1 for entries in RIGHTS.values())


def test_the_demo_and_the_style_guide_are_not_there_for_real_people():
    assert not {"demo_login", "styleguide"} & set(ROUTES)


@pytest.mark.parametrize("who", WHO)
def test_each_gets_of_anothers_things_what_the_table_says(cast, quiet, who):
    client, person = Client(), cast.people[who]
    if person is not None:
        client.force_login(person.account)
    wrong = []
    for name in set(ROUTES) - {LEAVES}:
        for method in EVERY_METHOD if name in WRITTEN_WHOLE else METHODS:
            cache.clear()  # nobody is slowed down for asking everything
            told, writes = _asked(client, method, reverse(name, kwargs=cast.kwargs.get(name)), cast.bodies.get(name))
            wanted = _wanted(name, method, who)
            if not _fits(wanted, told, writes):
                wrong.append(f"{method} {name}: {told}{' and writes' if writes else ''}, not {wanted}")

    assert not wrong, "\n".join(sorted(wrong))


def _wanted(name: str, method: str, who: str) -> str:
    entries = RIGHTS.get((name, method))
    if who == "stranger":
        allowed = STRANGERS.get(name) or STRANGERS.get(name.partition(":")[0]) or "in"
        return "405" if allowed == "ok" and entries is None else allowed
    return "405" if entries is None else entries[WHO.index(who) - 1]


def _asked(client: Client, method: str, address: str, body: Any = None) -> tuple[str, bool]:
    """The answer in the table's words, and whether anything was written; what was is undone."""
    point = transaction.savepoint()
    is_api = address.startswith("/api/v1/")
    is_json = is_api and not address.endswith(API_FORMS) and method != "get"
    told_as = {"data": body or {}, "content_type": "application/json"} if is_json else {}
    with CaptureQueriesContext(connection) as sent:
        answer = getattr(client, method)(address, **told_as)
        let_go(answer)
    transaction.savepoint_rollback(point)
    if answer.status_code == 302 and answer.headers["Location"].startswith(reverse("account_login")):
        told = "in"
    else:
        answered = {200, 302, 422} | ({201, 204, 400} if is_api else set())
        told = "ok" if answer.status_code in answered else str(answer.status_code)
    statements = [query["sql"] for query in sent.captured_queries]
    writes = any(one.startswith(("INSERT", "UPDATE", "DELETE")) and "django_session" not in one for one in statements)
    return told, writes


def _fits(wanted: str, told: str, writes: bool) -> bool:
    return told == "ok" if wanted == "write" else told == wanted and not writes
