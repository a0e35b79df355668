"""Figures: by their provider, append-only, with guarded files behind them."""

import hashlib
import io
import zipfile
from datetime import date
from decimal import Decimal

import pytest
from django.core.files.base import ContentFile

from appraisals.models import Evidence, Figure, Form, Item
from appraisals.services.figures import FigureInput, add_evidence, enter_figures
from appraisals.services.scores import mark_not_applicable
from appraisals.states import DataSource, FormState, Part
from common.errors import RuleError
from common.uploads import SIZE_LIMIT, check_upload
from people.facts import SYSTEM
from tests import world

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 3)


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    """Files of a test end with it."""
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def form(cast) -> Form:
    """The agent's October form, targets confirmed; the supervisor provides the figures."""
    made = world.form(cast.agent, cast.supervisor, state=FormState.ACTIVE)
    world.library_items(made)
    return made


def owed(form: Form) -> list[Item]:
    return list(form.items.filter(part=Part.KPI, data_source=DataSource.MANUAL).order_by("order", "pk"))


def given(item: Item, value: str | None = "95.5", **facts) -> FigureInput:
    return FigureInput(
        item_id=item.pk, value=None if value is None else Decimal(value), **{"collected_on": DAY, **facts}
    )


def office(*names: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        for name in names:
            package.writestr(name, "x")
    return buffer.getvalue()


def test_the_provider_enters_many_figures_at_once(form, cast):
    items = owed(form)

    entered = enter_figures([given(item) for item in items], by=cast.supervisor)

    assert (len(entered.saved), entered.faults) == (len(items), {})
    assert Figure.objects.filter(provider=cast.supervisor, superseded_at__isnull=True).count() == len(items)


def test_sound_rows_are_kept_and_faulty_rows_named(form, cast):
    first, second, third = owed(form)[:3]

    entered = enter_figures(
        [given(first), given(second, None), given(third, "1.00001")],
        by=cast.supervisor,
    )

    assert [figure.item_id for figure in entered.saved] == [first.pk]
    assert {pk: error.code for pk, error in entered.faults.items()} == {second.pk: "no_value", third.pk: "bad_value"}


def test_a_correction_supersedes_and_says_why(form, cast):
    item = owed(form)[0]
    old = enter_figures([given(item)], by=cast.supervisor).saved[0]

    silent = enter_figures([given(item, "90", replaces=old.pk)], by=cast.supervisor)
    entered = enter_figures([given(item, "90", replaces=old.pk, correction_reason="台账漏了一天")], by=cast.supervisor)

    assert silent.faults[item.pk].code == "reason_missing"
    assert entered.saved[0].correction_reason == "台账漏了一天"
    assert Figure.objects.filter(item=item).count() == 2
    assert Figure.objects.get(item=item, superseded_at__isnull=True).value == 90
    assert Figure.objects.get(pk=old.pk).superseded_at is not None


def test_a_figure_entered_meanwhile_is_not_overwritten(form, cast):
    item = owed(form)[0]
    enter_figures([given(item)], by=cast.supervisor)

    entered = enter_figures([given(item, "80")], by=cast.supervisor)

    assert entered.faults[item.pk].code == "changed_meanwhile"
    assert "95.5" in str(entered.faults[item.pk])


def test_the_same_figure_again_is_left_alone(form, cast):
    item = owed(form)[0]
    old = enter_figures([given(item)], by=cast.supervisor).saved[0]

    entered = enter_figures([given(item, replaces=old.pk)], by=cast.supervisor)

    assert (entered.saved, entered.faults) == ([], {})


def test_not_applicable_takes_a_reason_instead_of_a_value(form, cast):
    item = owed(form)[0]

    silent = enter_figures([given(item, None, is_not_applicable=True)], by=cast.supervisor)
    entered = enter_figures([given(item, None, is_not_applicable=True, basis="全月请假")], by=cast.supervisor)

    assert silent.faults[item.pk].code == "reason_missing"
    assert entered.saved[0].value is None


def test_a_direct_score_stays_within_the_points(form, cast):
    item = owed(form)[0]
    Item.objects.filter(pk=item.pk).update(method="direct", parameters="")

    entered = enter_figures([given(item, str(item.points + 1))], by=cast.supervisor)

    assert entered.faults[item.pk].code == "score_out_of_range"


def test_the_mean_of_calls_is_never_typed_in(form, cast):
    item = form.items.get(data_source=DataSource.MONITORING)
    Item.objects.filter(pk=item.pk).update(provider=cast.supervisor)

    assert enter_figures([given(item)], by=cast.supervisor).faults[item.pk].code == "monitored"


def test_only_the_named_provider_reports_and_never_on_himself(form, cast):
    item = owed(form)[0]
    for somebody in (cast.officer, cast.manager, cast.agent):
        with pytest.raises(Item.DoesNotExist):
            enter_figures([given(item)], by=somebody)

    Item.objects.filter(pk=item.pk).update(provider=cast.agent)
    assert enter_figures([given(item)], by=cast.agent).faults[item.pk].code == "own_figure"


@pytest.mark.parametrize("state", [FormState.TARGETS, FormState.CONFIRMATION, FormState.CONSOLIDATED])
def test_figures_wait_for_their_time(form, cast, state):
    item = owed(form)[0]
    Form.objects.filter(pk=form.pk).update(state=state)

    assert enter_figures([given(item)], by=cast.supervisor).faults[item.pk].code == "not_now"


def test_a_figure_is_collected_in_the_period_or_after_but_not_tomorrow(form, cast):
    item = owed(form)[0]

    for day in (date(2026, 9, 30), date(2999, 1, 1)):
        entered = enter_figures([given(item, collected_on=day)], by=cast.supervisor)
        assert entered.faults[item.pk].code == "bad_date"


def test_what_the_owner_marked_not_applicable_is_not_owed(form, cast):
    item = owed(form)[0]
    mark_not_applicable(item.pk, reason="全月请假", by=cast.supervisor)

    assert enter_figures([given(item)], by=cast.supervisor).faults[item.pk].code == "not_applicable"


def test_the_command_line_reports_in_the_name_of_the_provider(form, cast):
    assert enter_figures([given(owed(form)[0])], by=SYSTEM).saved[0].provider == cast.supervisor


def test_one_file_stands_behind_every_figure_of_the_act(form, cast):
    content = b"%PDF-1.7 report"
    checked = check_upload(ContentFile(content, name="C:\\报表\\10月 满意度.pdf"))

    entered = enter_figures([given(item) for item in owed(form)[:2]], by=cast.supervisor, files=[checked])

    rows = Evidence.objects.filter(figure__in=entered.saved)
    assert len({row.file.name for row in rows}) == 1
    assert rows[0].name == "10月 满意度.pdf"
    assert rows[0].sha256 == hashlib.sha256(content).hexdigest()
    assert "满意度" not in str(rows[0].file.name)


def test_more_files_are_added_by_the_provider_alone(form, cast):
    figure = enter_figures([given(owed(form)[0])], by=cast.supervisor).saved[0]
    checked = check_upload(ContentFile("日期,分数\n".encode("gb18030"), name="a.csv"))

    with pytest.raises(RuleError):
        add_evidence(figure.pk, files=[checked], by=cast.manager)
    add_evidence(figure.pk, files=[checked], by=cast.supervisor)

    assert figure.evidence.count() == 1


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.png", b"\x89PNG\r\n\x1a\n1234"),
        ("a.JPG", b"\xff\xd8\xff\xe0"),
        ("a.txt", "话务 10月".encode()),
        ("a.mp3", b"ID3\x03"),
        ("a.wav", b"RIFF1234WAVEfmt "),
        ("a.xlsx", office("[Content_Types].xml", "xl/workbook.xml")),
        ("a.docx", office("[Content_Types].xml", "word/document.xml")),
    ],
)
def test_the_usual_kinds_of_record_are_taken(name, content):
    assert check_upload(ContentFile(content, name=name)).size == len(content)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.pdf", b"MZ\x90\x00"),
        ("a.exe", b"%PDF-1.7"),
        ("a.html", b"<script>"),
        ("a", b"%PDF-"),
        ("a.txt", b"\x00\x01\x02"),
        ("a.xlsx", b"PK\x03\x04broken"),
        ("a.xlsx", office("[Content_Types].xml", "word/document.xml")),
        ("a.xlsx", office("[Content_Types].xml", "xl/workbook.xml", "xl/vbaProject.bin")),
    ],
)
def test_a_file_that_is_not_what_it_says_is_refused(name, content):
    with pytest.raises(RuleError) as caught:
        check_upload(ContentFile(content, name=name))

    assert caught.value.code == "wrong_type"


def test_empty_and_oversized_files_are_refused():
    big = ContentFile(b"%PDF-", name="a.pdf")
    big.size = SIZE_LIMIT + 1
    codes = []
    for file in (ContentFile(b"", name="a.pdf"), big):
        with pytest.raises(RuleError) as caught:
            check_upload(file)
        codes.append(caught.value.code)

    assert codes == ["empty_file", "too_large"]
