"""What happens in the demo, in words: incidents by who they befall, bonus grounds by kind, remarks on calls."""

from datetime import time
from enum import Enum
from typing import NamedTuple

from incidents.states import EventState


class Tale(NamedTuple):
    """An incident by its entry of the standard: when on the day, where, what."""

    kind: str
    at: time
    place: str
    text: str


class View(Enum):
    """What the person concerned has made of his right to state a view."""

    OPEN = 0
    SAID = 1
    NOTHING = 2


class Scene(NamedTuple):
    """An incident of the running month: ``ago`` days back, filed ``late`` days after; ``ends`` None is undecided."""

    tale: Tale
    people: tuple[str, ...]
    finder: str
    ago: int
    views: tuple[View, ...]
    words: str = ""
    ends: str | None = None
    late: int = 0


FLOOR, TEMPO, ROOM = "客服大厅2区", "客服大厅1区", "机房值守台"

TALES: dict[str, tuple[Tale, ...]] = {
    "KFZY": (
        Tale("I02", time(10, 40), FLOOR, "承诺当天17点前回访，次日客户来电催问才补办"),
        Tale("I08", time(15, 5), TEMPO, "工单漏记客户联系方式，派单延误半天"),
        Tale("I03", time(9, 25), FLOOR, "客户投诉答复口径与公告不一致，复核责任成立"),
        Tale("I16", time(14, 10), TEMPO, "示忙超时18分钟，现场调度两次提醒"),
        Tale("I15", time(8, 45), FLOOR, "早班迟到15分钟，未提前报备"),
        Tale("I01", time(11, 30), TEMPO, "答复语气生硬，客户要求换人接听，复听属实"),
        Tale("I11", time(13, 20), FLOOR, "午休离席没有锁屏，巡检时工单页面开着"),
    ),
    "KFXZ": (
        Tale("I24", time(17, 40), "行政办公室", "话务量周报晚报半天，影响值班汇总"),
        Tale("I15", time(9, 5), "行政办公室", "早会迟到10分钟"),
        Tale("I11", time(12, 40), "行政办公室", "午休离席没有锁屏，排班表开着"),
        Tale("I08", time(15, 30), "行政办公室", "错记客户回访登记表，两条回访延误"),
    ),
    "JSZY": (
        Tale("I19", time(20, 15), ROOM, "升级坐席软件时误停排队服务，12分钟后恢复"),
        Tale("I08", time(16, 30), ROOM, "报修工单漏填设备编号，二次上门"),
        Tale("I15", time(8, 50), ROOM, "交接班迟到15分钟"),
    ),
    "manager": (
        Tale("I24", time(18, 30), "区域办公室", "月度数据晚报一天，值班主任催报后补齐"),
        Tale("I15", time(9, 10), "区域办公室", "月度例会迟到"),
        Tale("I11", time(13, 15), "区域办公室", "借用下属账号登录报表系统"),
        Tale("I02", time(17, 25), "区域办公室", "升级投诉答应当天回电，次日才回"),
        Tale("I16", time(14, 50), TEMPO, "带班时段离岗25分钟，没有交代替班人"),
    ),
    "repeated": (Tale("I02", time(16, 20), FLOOR, "两次答应回电都没有回，客户第三次来电"),),
    "grave": (Tale("I14", time(19, 35), FLOOR, "把客户宽带账号和住址发到了个人微信群"),),
}

VIEWS = ("事情属实，当时在处理另一通投诉，没有及时跟进。", "系统卡顿，重新登录后漏了一步。", "")
REASONS = {
    EventState.REJECTED: "查了录音和监控，和登记的不符，不成立。",
    EventState.WITHDRAWN: "和上周那条是同一件事，登记重了。",
    EventState.OVERTURNED: "复查考勤和监控，当天另有安排，撤销。",
}

_SAID, _OPEN, _NOTHING = View.SAID, View.OPEN, View.NOTHING
RUNNING = (
    Scene(
        Tale("I08", time(10, 20), FLOOR, "宽带移机工单漏记预约时段，装维空跑一趟"),
        ("陈思雨",), "黄佩珊", 1, (_OPEN,),
    ),
    Scene(
        Tale("I16", time(14, 35), TEMPO, "示忙23分钟去取快递，调度两次呼叫未应答"),
        ("郭志鹏",), "何晓彤", 9, (_OPEN,),
    ),
    Scene(
        Tale("I02", time(17, 10), FLOOR, "答应当天回访账单争议，第二天中午才回"),
        ("黄佩珊",), "朱文博", 4, (_SAID,), "当天回拨两次没有接通，第二天才联系上，回拨记录已附在工单里。",
    ),
    Scene(
        Tale("I08", time(11, 50), FLOOR, "两人转派同一张故障单，漏记客户备用号码"),
        ("徐梦瑶", "孙磊"), "郭志鹏", 2, (_SAID, _OPEN), "我接的第一通已经记下号码，转派时被覆盖了。",
    ),
    Scene(
        Tale("I24", time(18, 0), "区域办公室", "坐席软件可用率数据逾期一天报送"),
        ("刘凯",), "周敏", 5, (_NOTHING,),
    ),
    Scene(
        Tale("I15", time(8, 40), FLOOR, "早班又迟到20分钟"),
        ("高雅琪",), "胡雪", 3, (_SAID,), "地铁故障，到站后已在群里报备。",
    ),
    Scene(
        Tale("I03", time(9, 30), TEMPO, "客户投诉套餐资费解释错误，责任成立"),
        ("谢婷婷",), "宋佳", 8, (_SAID,), "把旧套餐的资费念给了客户。", EventState.CONFIRMED,
    ),
    Scene(
        Tale("I16", time(15, 15), FLOOR, "违规示忙15分钟"),
        ("杜鹏",), "叶子涵", 7, (_SAID,), "当时在配合质检复听，班长同意的。", EventState.REJECTED,
    ),
    Scene(
        Tale("I01", time(13, 45), FLOOR, "客户反映语气冷淡，催促挂机"),
        ("叶子涵",), "苏晴", 6, (_NOTHING,), "", EventState.CONFIRMED,
    ),
    Scene(
        Tale("I02", time(16, 5), FLOOR, "月末答应的回访没有做，客户本月来电才发现"),
        ("胡雪",), "林嘉怡", 34, (_SAID,), "月末交接时没有写进交接本。", EventState.CONFIRMED, 26,
    ),
)  # fmt: skip
"""The last one happened in a month that is closed by now: it counts in the earliest open one."""


class Claim(NamedTuple):
    """A bonus claim of the running month: who has it, who raises it, who has checked it; ``same``: of one event."""

    kind: str
    person: str
    grounds: str
    raiser: str
    ago: int
    first: str = ""
    is_confirmed: bool = False
    label: str = ""
    same: bool = False


GROUNDS = {
    "B01": ("客户来电表扬：耐心解释账单差额", "在线评价点名表扬，办理移机全程跟进"),
    "B02": ("客户寄来感谢信，表扬帮老人找回停机保号",),
    "B03": ("建议分时段外呼提醒，被区域采纳", "建议把报修三问放到首屏，被采纳"),
    "B05": ("成功化解一起升级投诉，客户撤回工单",),
    "B07": ("知识库新增“光猫指示灯”优质条目", "知识库新增“携号转网”优质条目"),
    "B08": ("带教新人并考核合格",),
    "B09": ("给新班组讲授来电情绪安抚一课",),
    "B10": ("安抚情绪一通录音入选标杆",),
    "B11": ("台风当晚临时顶班支援外呼", "系统割接夜间应急值守"),
}
RUNNING_CLAIMS = (
    Claim("B01", "陈思雨", "客户来电表扬：耐心指导老人办理携号转网", "陈思雨", 3),
    Claim("B03", "林嘉怡", "建议把宽带报修三问放到首屏，被区域采纳", "黄佩珊", 6, "罗文静"),
    Claim("B01", "黄佩珊", "客户当天来电表扬，点名感谢处理停机误扣", "黄佩珊", 5, "吴倩"),
    Claim("B02", "黄佩珊", "同一位客户又寄来感谢信", "朱文博", 4, same=True),
    Claim("B07", "徐梦瑶", "知识库新增“光猫指示灯”优质条目", "徐梦瑶", 9, "罗文静", is_confirmed=True),
    Claim("B07", "徐梦瑶", "知识库新增“携号转网”优质条目", "徐梦瑶", 8, "罗文静", is_confirmed=True),
    Claim("B07", "徐梦瑶", "知识库新增“停机保号”优质条目", "徐梦瑶", 7, "罗文静", is_confirmed=True),
    Claim("B07", "徐梦瑶", "知识库新增“过户所需材料”优质条目", "徐梦瑶", 6, "罗文静", is_confirmed=True),
    Claim("B07", "徐梦瑶", "知识库新增“国际漫游开通”优质条目", "徐梦瑶", 2, "罗文静"),
    Claim("B12", "朱文博", "区域录音评比第1名", "周敏", 8, "沈玉兰", is_confirmed=True, label="第1名"),
    Claim("B11", "何晓彤", "系统割接夜间应急值守", "何晓彤", 1),
    Claim("B11", "姚远", "系统割接夜间应急值守", "李娜", 1),
    Claim("B05", "宋佳", "化解一起拟投诉到监管的资费争议", "林国栋", 7, "唐静", is_confirmed=True),
    Claim("B09", "梁永强", "给新班组讲授投诉安抚一课", "梁永强", 4, "唐静"),
    Claim("B01", "袁媛", "在线评价点名表扬，办理移机全程跟进", "于洋", 6, "彭博", is_confirmed=True),
)
AT_ITS_CAP = ("林嘉怡", "B01", "客户来电表扬")
"""Praised four times last month: the kind adds 3 at most, and the result says what was cut."""

REMARKS = {
    "首语及连接语": "开头语没有报工号。",
    "聆听能力": "客户话没说完就接了话。",
    "恰当发问": "先问了套餐再问故障，客户绕了一圈。",
    "清楚及正面用语": "连用了三个“可能”。",
    "语音及语言能力": "语速偏快，客户请他再说一遍。",
    "适当结束": "客户道谢时没有回应。",
    "业务熟悉": "查资料停了二十多秒。",
    "解答准确完整": "漏说了生效时间。",
    "问题处理与流程执行": "应当先派单再承诺时限。",
    "记录与系统操作": "备注没有写客户预约的时段。",
    "礼貌与亲和": "答复平，听不出笑意。",
    "耐心与情绪安抚": "客户重复诉求时有叹气声。",
    "主动服务": "没有提醒可以线上查进度。",
}
