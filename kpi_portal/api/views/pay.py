"""A month's pay (P7.1): HR prepares and settles it, everybody reads his own settled lines."""

from typing import cast

from allauth.core import ratelimit
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, status
from rest_framework.request import Request
from rest_framework.response import Response

from common.errors import RuleError
from kpi_portal.api.filters.pay import PayLineFilter, PayRunFilter
from kpi_portal.api.serializers import pay as serializers
from kpi_portal.api.views.base import Asked, ReadOnly, act
from people.models import Account
from scoring.models import PayLine, PayRun
from scoring.permissions import can_settle_pay, visible_lines, visible_runs
from scoring.selectors.reports import month_cycle
from scoring.services.paying import discard_pay, prepare_pay, settle_pay

SHOWN = {200: serializers.PayRunSerializer}


class PayRunViewSet(mixins.RetrieveModelMixin, mixins.ListModelMixin, Asked):
    """Settlements of months, the latest first; HR's alone."""

    model = PayRun
    serializer_class = serializers.PayRunSerializer
    filterset_class = PayRunFilter

    def visible(self) -> QuerySet[PayRun]:
        runs = visible_runs(self.standing).select_related("cycle", "prepared_by", "settled_by")
        return runs.order_by("-cycle__starts_on", "-number")

    @extend_schema(request=serializers.PreparePaySerializer, responses={201: SHOWN[200]})
    def create(self, _request: Request) -> Response:
        """Prepare a month, or anew: filed forms nobody has paid, open differences and extras."""
        if not can_settle_pay(self.standing):
            raise PermissionDenied
        cycle = month_cycle(self.told(serializers.PreparePaySerializer)["month"])
        if cycle is None:
            raise Http404
        return self.shown(prepare_pay(cycle.pk, by=self.person).pk, status.HTTP_201_CREATED)

    @extend_schema(request=serializers.SettlePaySerializer, responses=SHOWN)
    @act()
    def settle(self, request: Request, **_key: str) -> Response:
        """Settle what another prepared, as it was seen; from then on it is frozen."""
        pk, told = self.get_object().pk, self.told(serializers.SettlePaySerializer)
        _check_password(request, told["password"])
        settle_pay(pk, digest=told["digest"], by=self.person)
        return self.shown(pk)

    @extend_schema(request=serializers.DiscardPaySerializer, responses={204: None})
    @act()
    def discard(self, _request: Request, **_key: str) -> Response:
        """Hand a prepared run back, with the reason: everything in it is open again."""
        pk, told = self.get_object().pk, self.told(serializers.DiscardPaySerializer)
        discard_pay(pk, reason=told["reason"], by=self.person)
        return Response(status=status.HTTP_204_NO_CONTENT)

    def shown(self, pk: int, code: int = status.HTTP_200_OK) -> Response:
        """The run as it stands now."""
        return Response(serializers.PayRunSerializer(self.get_queryset().get(pk=pk)).data, status=code)


class PayLineViewSet(ReadOnly):
    """What people are paid: HR every line, everybody his own once it is settled."""

    model = PayLine
    serializer_class = serializers.PayLineSerializer
    filterset_class = PayLineFilter

    def visible(self) -> QuerySet[PayLine]:
        lines = visible_lines(self.person, self.standing).select_related("run__cycle", "employee")
        return lines.order_by("-run__cycle__starts_on", "-run__number", "employee__number")


def _check_password(request: Request, password: str) -> None:
    """That it is the account's own, tried no more often than on the pages."""
    asked, account = request._request, cast("Account", request.user)
    if not ratelimit.consume(asked, action="reauthenticate", user=account):
        raise RuleError(_("密码试得太多，过一分钟再试。"), code="too_many_tries", field="password")
    if not account.check_password(password):
        raise RuleError(_("密码不对，没有结算。"), code="wrong_password", field="password")
