"""Addresses of the API."""

from rest_framework.routers import SimpleRouter

from kpi_portal.api.views import appraisal

app_name = "v1"
router = SimpleRouter()
router.register("employees", appraisal.EmployeeViewSet, basename="employee")
router.register("cycles", appraisal.CycleViewSet, basename="cycle")
router.register("forms", appraisal.FormViewSet, basename="form")
router.register("results", appraisal.ResultViewSet, basename="result")
router.register("jobs", appraisal.JobViewSet, basename="job")
urlpatterns = router.urls
