"""The WSGI application."""

import os

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kpi_portal.settings")

if settings.SECRET_KEY_IS_GENERATED and not (settings.DEBUG or settings.DEMO):
    # A key made on one machine would sign people out on the next one and on every reinstall.
    raise ImproperlyConfigured("Set SECRET_KEY to a long random text before serving people.")

application = get_wsgi_application()
