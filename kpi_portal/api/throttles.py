"""How often somebody may write: far more than a person does, far less than a loop would."""

from rest_framework.request import Request
from rest_framework.throttling import ScopedRateThrottle
from rest_framework.views import APIView


class WriteThrottle(ScopedRateThrottle):
    """Counts writes only, all of them together."""

    def allow_request(self, request: Request, view: APIView) -> bool:
        """Whether this one may still pass in this minute."""
        if request.method in {"GET", "HEAD", "OPTIONS"}:
            return True
        return super().allow_request(request, view)
