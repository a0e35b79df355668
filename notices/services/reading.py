"""A person reads his messages. Whether he did is his own and is not told in the audit trail."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from common.errors import RuleError
from notices.models import Message
from people.models import Employee


@transaction.atomic(durable=True)
def open_message(message_id: int, *, by: Employee) -> Message:
    """Mark one's own message as read and say where it leads; another's is not there (``no_message``)."""
    message = Message.objects.select_for_update().filter(pk=message_id, recipient=by).first()
    if message is None:
        raise RuleError(_("没有这条消息。"), code="no_message")
    if message.read_at is None:
        message.read_at = timezone.now()
        message.save(update_fields=["read_at"])
    return message


@transaction.atomic(durable=True)
def read_everything(*, until: int, by: Employee) -> int:
    """Mark all one has seen, up to the message ``until``; what came in meanwhile stays new. Returns how many."""
    unread = Message.objects.filter(recipient=by, read_at__isnull=True, pk__lte=until)
    return unread.update(read_at=timezone.now())
