"""Addresses of the API."""

from rest_framework.routers import SimpleRouter

from kpi_portal.api import views

app_name = "v1"
router = SimpleRouter()
router.register("employees", views.EmployeeViewSet, basename="employee")
router.register("cycles", views.CycleViewSet, basename="cycle")
router.register("forms", views.FormViewSet, basename="form")
router.register("results", views.ResultViewSet, basename="result")
router.register("jobs", views.JobViewSet, basename="job")
urlpatterns = router.urls
