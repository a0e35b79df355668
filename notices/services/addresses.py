"""Addresses of robots: what the chat service shows is typed in, what the sending library understands is kept.

Only parts that were recognised are kept, so nothing else in what was typed decides what the server does. WeCom,
DingTalk and Feishu are reached at their own hosts alone. Another webhook has to be https at a public address; it is
looked up when it is saved and again before each message, and as the certificate has to be right for its name, a name
that changes its mind in between reaches no service of the house.
"""

import ipaddress
import re
import socket
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from common.errors import RuleError
from notices.states import Channel

SHOWN = {
    Channel.WECOM: re.compile(r"https://qyapi\.weixin\.qq\.com/cgi-bin/webhook/send\?key=([A-Za-z0-9_-]{8,100})"),
    Channel.DINGTALK: re.compile(r"https://oapi\.dingtalk\.com/robot/send\?access_token=([A-Za-z0-9]{8,100})"),
    Channel.FEISHU: re.compile(r"https://open\.feishu\.cn/open-apis/bot/v2/hook/([A-Za-z0-9_-]{8,100})/?"),
}
"""The address as the service shows it when a robot is put into a group."""
SIGNING = re.compile(r"SEC[A-Za-z0-9]{8,100}")
HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]{0,250}[A-Za-z0-9])?")


def kept_address(channel: Channel, typed: str, secret: str = "") -> str:
    """The address to keep for what was typed; ``RuleError`` tells what it should look like.

    ``secret`` is DingTalk's signing secret, if the robot has one.
    """
    if channel == Channel.WEBHOOK:
        return _webhook(typed)
    found = SHOWN[channel].fullmatch(typed.strip())
    if found is None:
        words = _("这不是%(channel)s群机器人的 webhook 地址，从群设置里整条复制过来。")
        raise RuleError(words % {"channel": channel.label}, code="bad_address", field="url")
    token = found[1]
    if channel != Channel.DINGTALK:
        return f"wecombot://key?key={token}" if channel == Channel.WECOM else f"feishu://token?token={token}"
    if secret and not SIGNING.fullmatch(secret.strip()):
        raise RuleError(_("加签密钥以 SEC 开头，从机器人的安全设置里复制。"), code="bad_secret", field="secret")
    return f"dingtalk://token/?token={token}" + (f"&secret={secret.strip()}" if secret else "")


def check_where_it_leads(url: str) -> None:
    """Refuse a host that is, or answers under, an address inside the house; while developing anything goes."""
    if settings.DEBUG:
        return
    parts = urlsplit(url)
    try:
        found = socket.getaddrinfo(parts.hostname or "", parts.port or 443, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError, ValueError) as problem:
        raise RuleError(_("这个地址的主机找不到。"), code="no_host", field="url") from problem
    if not all(ipaddress.ip_address(str(where[4][0]).partition("%")[0]).is_global for where in found):
        raise RuleError(_("地址指向内部网络，不能用。"), code="inner_host", field="url")


def _webhook(typed: str) -> str:
    words = _("地址要以 https:// 开头，不带用户名和密码。")
    try:
        parts = urlsplit(typed.strip())
        port = parts.port
    except ValueError as problem:
        raise RuleError(words, code="bad_address", field="url") from problem
    schemes = {"https": "jsons", "http": "json"} if settings.DEBUG else {"https": "jsons"}
    host = parts.hostname or ""
    if parts.scheme not in schemes or "@" in parts.netloc or not HOST.fullmatch(host):
        raise RuleError(words, code="bad_address", field="url")
    check_where_it_leads(f"{parts.scheme}://{parts.netloc}")
    path = quote(parts.path or "/", safe="/%")
    asked = urlencode([(f"-{name}", value) for name, value in parse_qsl(parts.query)])
    return f"{schemes[parts.scheme]}://{host}{f':{port}' if port else ''}{path}{'?' if asked else ''}{asked}"
