"""The people of the demo: names, posts, lines, roles. All invented."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.contrib.auth.hashers import make_password

from people.models import (
    Account,
    DutyTurn,
    Employee,
    Grade,
    GroupMember,
    Position,
    Region,
    ReportingLine,
    RoleGrant,
)
from people.states import Duty, Role

PASSWORD = "demo-2026"  # noqa: S105 - the demo's people are invented and its log-in page offers them by a click
SINCE = date(2023, 3, 1)

REGIONS = (("R01", "华东区域"), ("R02", "华南区域"), ("R03", "华北区域"))

LADDERS: dict[bool, tuple[tuple[str, str, str], ...]] = {
    True: (("一等", "5200.00", "1500.00"), ("二等", "5800.00", "1800.00"), ("三等", "6500.00", "2200.00"),
           ("四等", "7200.00", "2600.00"), ("五等", "8000.00", "3000.00")),
    False: (("一等", "3400.00", "800.00"), ("二等", "3600.00", "1000.00"), ("三等", "3800.00", "1200.00"),
            ("四等", "4200.00", "1500.00"), ("五等", "4600.00", "1800.00")),
}  # fmt: skip

HEAD_OFFICE = (
    ("E0001", "何建国", Role.DEPARTMENT),
    ("E0002", "方志远", None),
    ("E0003", "沈玉兰", None),
    ("E0004", "韩冰", None),
    ("E0005", "赵琳", Role.HR),
    ("E0006", "郑洁", None),
    ("E0007", "孙悦", Role.AUDITOR),
    ("E0008", "秦朗", Role.ADMINISTRATOR),
    ("E0009", "钱慧", Role.HR),
    ("E0010", "高远", Role.GENERAL_MANAGER),
)

# Post code → names, region by region; the first post of a region is its highest.
STAFF: dict[str, tuple[tuple[str, ...], ...]] = {
    "KFZG": (("周敏",), ("林国栋",), ("许静怡",)),
    "JSZG": (("刘凯",), ("马晓东",), ("高翔",)),
    "PXZG": (("罗文静",), ("唐静",), ("彭博",)),
    "SCZG": (("吴倩",), ("邓丽莎",), ("曹阳",)),
    "KFZY": (
        ("陈思雨", "黄佩珊", "林嘉怡", "孙磊", "徐梦瑶", "朱文博", "胡雪", "郭志鹏", "何晓彤", "高雅琪"),
        ("吴海燕", "谢婷婷", "宋佳", "梁永强", "韩雪梅", "冯涛", "董洁", "萧逸", "程晓", "曾丽君"),
        ("刘志强", "袁媛", "于洋", "蒋欣", "蔡文杰", "余晓琳", "杜鹏", "叶子涵", "苏晴", "魏巍"),
    ),
    "KFXZ": (("王颖", "吕慧"), ("丁香", "任洁"), ("姜珊", "范冰洁")),
    "JSZY": (("李娜", "沈浩", "姚远"), ("卢伟", "傅强", "钟灵"), ("汪洋", "田野", "石磊")),
}


NEWCOMER = "宋雨薇"
"""An agent of the first region since the first of this month."""


@dataclass(frozen=True, slots=True)
class Cast:
    """Everybody by number and by name; the superior of each."""

    by_name: dict[str, Employee]
    superior: dict[int, Employee]

    def named(self, name: str) -> Employee:
        """The person of that name."""
        return self.by_name[name]


def hire(today: date) -> Cast:
    """Create regions, grades, people, lines, roles, the group and its rota."""
    regions = Region.objects.bulk_create([Region(code=code, name=name) for code, name in REGIONS])
    posts = {post.code: post for post in Position.objects.all()}
    grades = _ladders(posts)
    people = [Employee(number=number, name=name, hired_on=SINCE) for number, name, _role in HEAD_OFFICE]
    number = 100
    for index, region in enumerate(regions):
        for code, names in STAFF.items():
            for order, name in enumerate(names[index]):
                number += 1
                grade = grades[code][(order + index) % 4]
                people.append(
                    Employee(
                        number=f"E{number:04d}",
                        name=name,
                        region=region,
                        position=posts[code],
                        grade=grade,
                        base_salary=grade.post_wage + Decimal(200) if order % 3 == 0 else None,
                        hired_on=SINCE.replace(month=1 + (number * 7) % 12, day=1 + number % 27),
                        email=f"e{number:04d}@example.com",
                    )
                )
    people.append(
        Employee(
            number=f"E{number + 1:04d}",
            name=NEWCOMER,
            region=regions[0],
            position=posts["KFZY"],
            grade=grades["KFZY"][0],
            hired_on=today.replace(day=1),
            email=f"e{number + 1:04d}@example.com",
        )
    )
    people = Employee.objects.bulk_create(_with_accounts(people))
    cast = Cast({person.name: person for person in people}, {})
    _report(cast, len(regions))
    _serve(cast, today)
    return cast


def _ladders(posts: dict[str, Position]) -> dict[str, list[Grade]]:
    found: dict[str, list[Grade]] = {}
    for code in STAFF:
        rungs = LADDERS[posts[code].is_managerial]
        found[code] = [
            Grade(position=posts[code], name=name, rank=rank, post_wage=Decimal(wage), pay_cap=Decimal(cap))
            for rank, (name, wage, cap) in enumerate(rungs, start=1)
        ]
        Grade.objects.bulk_create(found[code])
    return found


def _with_accounts(people: list[Employee]) -> list[Employee]:
    hashed = make_password(PASSWORD)  # one hash for all: sixty would take the first start half a minute
    accounts = Account.objects.bulk_create([Account(username=p.number, password=hashed) for p in people])
    for person, account in zip(people, accounts, strict=True):
        person.account = account
    return people


def _report(cast: Cast, regions: int) -> None:
    for index in range(regions):
        head = cast.named(STAFF["KFZG"][index][0])
        technical = cast.named(STAFF["JSZG"][index][0])
        cast.superior[head.pk] = cast.named("何建国")
        for code, names in STAFF.items():
            if code == "KFZG":
                continue
            above = technical if code == "JSZY" else head
            for name in names[index]:
                cast.superior[cast.named(name).pk] = above
    cast.superior[cast.named(NEWCOMER).pk] = cast.named(STAFF["KFZG"][0][0])
    begins = {cast.named(NEWCOMER).pk: cast.named(NEWCOMER).hired_on or SINCE}
    ReportingLine.objects.bulk_create(
        ReportingLine(employee_id=pk, superior=above, starts_on=begins.get(pk, SINCE))
        for pk, above in cast.superior.items()
    )


def _serve(cast: Cast, today: date) -> None:
    RoleGrant.objects.bulk_create(
        RoleGrant(employee=cast.named(name), role=role, starts_on=SINCE) for _number, name, role in HEAD_OFFICE if role
    )
    seats = (("方志远", Duty.LEADER), ("沈玉兰", Duty.MEMBER), ("韩冰", Duty.MEMBER), ("郑洁", Duty.MEMBER))
    GroupMember.objects.bulk_create(
        GroupMember(employee=cast.named(name), duty=duty, starts_on=SINCE) for name, duty in seats
    )
    officers = ("沈玉兰", "韩冰", "郑洁")
    DutyTurn.objects.bulk_create(
        DutyTurn(month=month_after(today, ahead), officer=cast.named(officers[ahead % 3])) for ahead in range(-14, 4)
    )


def month_after(day: date, months: int) -> date:
    """The first day of the month ``months`` after that of ``day``."""
    index = day.year * 12 + day.month - 1 + months
    return date(index // 12, index % 12 + 1, 1)
