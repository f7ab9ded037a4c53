"""Values that neither source's rule gets right: each manual correction, its reason, and its evidence."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, kw_only=True)
class Correction:
    """For `field` of the CSV's flight `launch`, take the API's value, or `value` if `take` is ``value``.

    A `value` of None makes it unknown. `source` names the origin of the right value or of the evidence.
    """

    launch: str
    field: str
    take: str = "api"
    value: object = None
    reason: str
    source: str = "the API"


def _listed_twice(launch: str, name: str) -> list[Correction]:
    """Count a payload once that the CSV lists under two names."""
    right = {"payloads": [name], "payload_count": 40, "customers": ["OneWeb"]}
    return [
        Correction(
            launch=launch,
            field=field,
            take="value",
            value=value,
            reason="The CSV lists this one payload twice, under OneWeb's name for it and under SpaceX's.",
            source="OneWeb's 40 satellites on each of these launches",
        )
        for field, value in right.items()
    ]


CORRECTIONS = [
    Correction(
        launch="FT-4",
        field="date_utc",
        reason="Amos-6 was lost on the pad on 1 September 2016; the CSV has the launch planned two days later.",
    ),
    Correction(
        launch="F9-4",
        field="date_utc",
        reason="CRS-1 lifted off at 20:35 EDT on 7 October 2012, 00:35 UTC; the CSV misreads a 12-hour clock.",
    ),
    Correction(
        launch="FT-16",
        field="date_utc",
        reason="SES-11 lifted off at 18:53 EDT on 11 October 2017, 22:53 UTC; the CSV is two hours short.",
    ),
    Correction(
        launch="F9-100",
        field="date_utc",
        reason="Starlink-28 lifted off at 14:59 EDT on 26 May 2021, 18:59 UTC; the CSV is two hours short.",
    ),
    Correction(
        launch="F9-179",
        field="date_utc",
        take="value",
        value=datetime(2023, 1, 19, 15, 43),
        reason="The CSV's year, 2022, is a slip: the flight stands between those of 18 and 26 January 2023.",
        source="the CSV's own numbering",
    ),
    Correction(
        launch="F9-2",
        field="orbit",
        reason="COTS Demo Flight 1 orbited twice and came back; it never went to the station.",
    ),
    Correction(
        launch="FT-13",
        field="orbit",
        reason="The CSV has the seven other Iridium NEXT launches in polar orbit, this one in LEO.",
    ),
    Correction(
        launch="F9-190",
        field="orbit",
        take="value",
        value="PO",
        reason="The CSV has the two other OneWeb launches in polar orbit, this one in LEO.",
        source="the CSV's sister rows",
    ),
    *(
        Correction(
            launch=launch,
            field="payload_mass_kg",
            take="value",
            reason="12,500 kg is more than the first Falcon 9 could lift to LEO (10,450 kg): a filler.",
            source="SpaceX's capacity for v1.0",
        )
        for launch in ("F9-1", "F9-2")
    ),
    *(
        Correction(
            launch=launch,
            field="payload_mass_kg",
            reason="The CSV adds 4,200 kg, the capsule's own, which it leaves out of every later cargo flight.",
        )
        for launch in ("F9-4", "F9-5")
    ),
    Correction(
        launch="FT-20",
        field="customers",
        take="value",
        value=["Hisdesat", "SpaceX"],
        reason="The CSV gives the two Tintin satellites to exactEarth; they were SpaceX's own.",
    ),
    Correction(
        launch="F9-45",
        field="payload_count",
        take="value",
        value=64,
        reason="SSO-A carried 64 spacecraft; the CSV counts one.",
        source="Spaceflight Industries, which arranged it",
    ),
    Correction(
        launch="F9-86",
        field="payload_count",
        take="value",
        value=60,
        reason="The CSV counts one satellite, yet with the 15,600 kg of the 60 on its sister launches.",
        source="the CSV's sister rows",
    ),
    *_listed_twice("F9-169", "OneWeb Flight #15"),
    *_listed_twice("F9-177", "OneWeb Flight #16"),
    *_listed_twice("F9-190", "OneWeb Flight #17"),
]
