"""Every address of the portal; each room brings its own."""

from allauth.account import views as account
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path
from django.views.i18n import set_language
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from kpi_portal import views
from kpi_portal.demo import demo_login
from kpi_portal.styleguide import styleguide
from reports.views.home import home

handler500 = "kpi_portal.faults.server_error"

urlpatterns = [
    path("login/", account.login, name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("password/", account.password_change, name="account_change_password"),
    path("language/", login_not_required(set_language), name="set_language"),
    path("api/v1/", include("kpi_portal.api.urls")),
    path("api/schema/", SpectacularAPIView.as_view(), name="schema"),
    path("api/docs/", SpectacularSwaggerSplitView.as_view(), name="api-docs"),
    path("", home, name="home"),
    path("", include("people.urls")),
    path("", include("notices.urls")),
    path("", include("incidents.urls")),
    path("", include("quality.urls")),
    path("", include("appraisals.urls")),
    path("", include("scoring.urls")),
    path("", include("appeals.urls")),
    path("", include("development.urls")),
    path("", include("calibration.urls")),
    path("", include("consequences.urls")),
    path("", include("reports.urls")),
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
]
if settings.DEMO:
    urlpatterns.append(path("demo/", demo_login, name="demo_login"))
if settings.DEBUG or settings.DEMO:
    urlpatterns.append(path("styleguide/", styleguide, name="styleguide"))
