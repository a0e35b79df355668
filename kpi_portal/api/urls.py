"""Addresses of the API."""

from django.urls import path
from rest_framework.routers import SimpleRouter

from kpi_portal.api.views import (
    appraisal,
    assessments,
    boards,
    bonuses,
    calls,
    drift,
    incidents,
    pay,
    proposals,
    replays,
    rubrics,
    schemes,
    standards,
    years,
)

app_name = "v1"
router = SimpleRouter()
router.register("employees", appraisal.EmployeeViewSet, basename="employee")
router.register("cycles", appraisal.CycleViewSet, basename="cycle")
router.register("forms", appraisal.FormViewSet, basename="form")
router.register("results", appraisal.ResultViewSet, basename="result")
router.register("jobs", appraisal.JobViewSet, basename="job")
router.register("severities", standards.SeverityViewSet, basename="severity")
router.register("incident-kinds", standards.IncidentKindViewSet, basename="incident-kind")
router.register("bonus-kinds", standards.BonusKindViewSet, basename="bonus-kind")
router.register("event-rules", standards.EventRulesViewSet, basename="event-rules")
router.register("bonuses", bonuses.BonusViewSet, basename="bonus")
router.register("rubrics", rubrics.RubricViewSet, basename="rubric")
router.register("incidents", incidents.IncidentViewSet, basename="incident")
router.register("involvements", incidents.InvolvementViewSet, basename="involvement")
router.register("calls", calls.CallViewSet, basename="call")
router.register("assessments", assessments.AssessmentViewSet, basename="assessment")
router.register("disputes", assessments.DisputeViewSet, basename="dispute")
router.register("pay/runs", pay.PayRunViewSet, basename="pay-run")
router.register("pay/lines", pay.PayLineViewSet, basename="pay-line")
router.register("proposals", proposals.ProposalViewSet, basename="proposal")
router.register("counters", proposals.CounterViewSet, basename="counter")
router.register("decisions", proposals.DecisionViewSet, basename="decision")
router.register("checks", proposals.CheckViewSet, basename="check")
router.register("schemes", schemes.SchemeViewSet, basename="scheme")
router.register("replays", replays.ReplayViewSet, basename="replay")
router.register("boards", boards.BoardViewSet, basename="board")
router.register("years", years.YearViewSet, basename="year")
urlpatterns = [
    *router.urls,
    path("drift/", drift.DriftViewSet.as_view({"get": "overview"}), name="drift"),
    path("seconds/draw/", drift.DriftViewSet.as_view({"post": "draw"}), name="seconds-draw"),
]
