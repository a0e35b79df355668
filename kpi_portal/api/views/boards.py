"""The calibration board of a year (P7.2): read, move, note, answer. The same services and refusals as on the pages."""

from django.db.models import QuerySet
from django.http import Http404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from calibration.models import Move
from calibration.permissions import hidden_from, visible_boards, visible_places
from calibration.selectors.board import board_of
from calibration.selectors.moves import moves_of
from calibration.selectors.years import rules_of_year
from calibration.services.moving import Wish, answer_move, move_person
from calibration.services.noting import note_person
from calibration.services.phases import lock_board, open_board, preview_year, reopen_board
from kpi_portal.api.serializers import boards as serializers
from kpi_portal.api.views.base import Asked, act
from scoring.models import AnnualReview

POOL = [OpenApiParameter("pool", str, description="the code of a pool; the first without it")]
SHOWN = {200: serializers.MoveSerializer}


class BoardViewSet(mixins.ListModelMixin, Asked):
    """Years with a board, for the group, the department's manager, HR and the auditor; nobody sees himself there."""

    model = AnnualReview
    serializer_class = serializers.BoardYearSerializer
    http_method_names = ["get", "head", "post"]
    lookup_field = "year"
    lookup_value_regex = "[0-9]{1,4}"

    def visible(self) -> QuerySet[AnnualReview]:
        return visible_boards(self.standing).order_by("-year")

    @extend_schema(parameters=POOL, responses=serializers.BoardSerializer)
    def retrieve(self, request: Request, **_key: str) -> Response:
        """The board of one pool: lanes, cards, what must still move, who isn't graded."""
        review = self.get_object()
        board = board_of(review, rules_of_year(review.year), self.hidden(), request.query_params.get("pool"))
        if board is None:
            raise Http404
        return Response(serializers.BoardSerializer(board, context={"is_partial": board.is_partial}).data)

    @extend_schema(responses=serializers.MoveSerializer(many=True))
    @action(detail=True, filterset_class=None)
    def moves(self, _request: Request, **_key: str) -> Response:
        """Every move of the year that you may see, oldest first."""
        return self.paged(moves_of(self.get_object(), self.hidden()), serializers.MoveSerializer)

    @extend_schema(request=serializers.MoveCardSerializer, responses=SHOWN)
    @act()
    def move(self, _request: Request, **_key: str) -> Response:
        """Move somebody to another grade, or decide a tie; his score never changes."""
        review, told = self.get_object(), self.told(serializers.MoveCardSerializer)
        pk = self.card(review, told["card"])
        wish = Wish(
            to_grade=told["to_grade"], reason=told["reason"], seen=told["version"], authoriser=told["authoriser"]
        )
        return self.shown(move_person(pk, wish, by=self.person))

    @extend_schema(request=serializers.NoteCardSerializer, responses={204: None})
    @act()
    def note(self, _request: Request, **_key: str) -> Response:
        """Write down what was said about somebody."""
        review, told = self.get_object(), self.told(serializers.NoteCardSerializer)
        note_person(self.card(review, told["card"]), text=told["text"], by=self.person)
        return Response(status=204)

    @extend_schema(request=serializers.AnswerMoveSerializer, responses=SHOWN)
    @act()
    def answer(self, _request: Request, **_key: str) -> Response:
        """Answer for a move against the order of scores; whoever moved may take it back."""
        review, told = self.get_object(), self.told(serializers.AnswerMoveSerializer)
        found = self.found(moves_of(review, self.hidden()), pk=told["move"])
        return self.shown(answer_move(found.pk, consents=told["consents"], answer=told["answer"], by=self.person))

    @extend_schema(request=None, responses=serializers.BoardYearSerializer)
    @act()
    def preview(self, _request: Request, **_key: str) -> Response:
        """Show the group what the year came to: the leader's step."""
        return self.stepped(preview_year(self.get_object().year, by=self.person))

    @extend_schema(request=None, responses=serializers.BoardYearSerializer)
    @act()
    def open(self, _request: Request, **_key: str) -> Response:
        """Let the group move: the leader's step."""
        return self.stepped(open_board(self.get_object().year, by=self.person))

    @extend_schema(request=serializers.StepBoardSerializer, responses=serializers.BoardYearSerializer)
    @act()
    def lock(self, _request: Request, **_key: str) -> Response:
        """Fix the grades; where the quotas don't hold or a tie is left, only with the leader's words."""
        told = self.told(serializers.StepBoardSerializer)
        return self.stepped(lock_board(self.get_object().year, reason=told["reason"], by=self.person))

    @extend_schema(request=serializers.StepBoardSerializer, responses=serializers.BoardYearSerializer)
    @act()
    def reopen(self, _request: Request, **_key: str) -> Response:
        """Back from locked to open, with the leader's words."""
        told = self.told(serializers.StepBoardSerializer)
        return self.stepped(reopen_board(self.get_object().year, reason=told["reason"], by=self.person))

    def stepped(self, review: AnnualReview) -> Response:
        """The year as it stands after a step."""
        return Response(serializers.BoardYearSerializer(review).data)

    def hidden(self) -> set[int]:
        """Whom the person never sees on a board."""
        return hidden_from(self.person, self.standing)

    def card(self, review: AnnualReview, pk: int) -> int:
        """The id of a card of that board that the person may see."""
        places = visible_places(self.standing, self.hidden()).filter(review=review, rank__isnull=False)
        key: int = self.found(places, pk=pk).pk
        return key

    def shown(self, move: Move) -> Response:
        """The move as it stands now."""
        return Response(serializers.MoveSerializer(move).data)
