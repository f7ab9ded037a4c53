"""What neither source's rule gets right: each value that is put right by hand, and why."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Correction:
    """`field` of the CSV's flight `launch` takes the API's value, or `value` when `take` is ``value``."""

    launch: str
    field: str
    take: str
    reason: str
    value: object = None


def _one_payload(launch: str, name: str) -> list[Correction]:
    reason = "The CSV lists this one payload twice, under OneWeb's name for it and under SpaceX's."
    return [
        Correction(launch, "payloads", "value", reason, [name]),
        Correction(launch, "payload_count", "value", reason, 40),
        Correction(launch, "customers", "value", reason, ["OneWeb"]),
    ]


CORRECTIONS = [
    Correction(
        "FT-4",
        "date_utc",
        "api",
        "Amos-6 was lost on the pad on 1 September 2016, two days before the planned launch that the CSV gives.",
    ),
    Correction(
        "F9-4",
        "date_utc",
        "api",
        "CRS-1 lifted off at 20:35 EDT on 7 October 2012, 00:35 UTC; the CSV's 12:35 is a 12-hour clock read wrong.",
    ),
    Correction(
        "FT-16",
        "date_utc",
        "api",
        "SES-11 lifted off at 18:53 EDT on 11 October 2017, 22:53 UTC; the CSV is two hours short.",
    ),
    Correction(
        "F9-100",
        "date_utc",
        "api",
        "Starlink-28 lifted off at 14:59 EDT on 26 May 2021, 18:59 UTC; the CSV is two hours short.",
    ),
    Correction(
        "F9-179",
        "date_utc",
        "value",
        "The CSV's year, 2022, is a slip: its number stands between launches of 18 and 26 January 2023.",
        datetime(2023, 1, 19, 15, 43),
    ),
    Correction(
        "F9-2",
        "orbit",
        "api",
        "COTS Demo Flight 1 orbited twice and came back; it never went to the station.",
    ),
    Correction(
        "FT-13",
        "orbit",
        "api",
        "The CSV has the seven other Iridium NEXT launches in polar orbit, this one in LEO.",
    ),
    Correction(
        "F9-190",
        "orbit",
        "value",
        "The CSV has the other two OneWeb launches in polar orbit, this one in LEO.",
        "PO",
    ),
    *(
        Correction(
            launch,
            "payload_mass_kg",
            "value",
            "12,500 kg is more than the first Falcon 9 could lift to LEO (10,450 kg): a filler.",
        )
        for launch in ("F9-1", "F9-2")
    ),
    *(
        Correction(
            launch,
            "payload_mass_kg",
            "api",
            "The CSV adds 4,200 kg, the capsule's own mass, which it leaves out of every later cargo flight.",
        )
        for launch in ("F9-4", "F9-5")
    ),
    Correction(
        "FT-20",
        "customers",
        "value",
        "The CSV gives the two Tintin satellites to exactEarth; they were SpaceX's own, as the API says.",
        ["Hisdesat", "SpaceX"],
    ),
    Correction("F9-45", "payload_count", "value", "SSO-A carried 64 spacecraft; the CSV counts one.", 64),
    Correction(
        "F9-86",
        "payload_count",
        "value",
        "The CSV counts one satellite where its 15,600 kg are 60, as on every launch of this series.",
        60,
    ),
    *_one_payload("F9-169", "OneWeb Flight #15"),
    *_one_payload("F9-177", "OneWeb Flight #16"),
    *_one_payload("F9-190", "OneWeb Flight #17"),
]
