"""Manual corrections of values that are wrong in the preferred source, with the reason and evidence for each."""

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
    """Correct a launch whose payload the CSV file lists twice, under two names."""
    right = {"payloads": [name], "payload_count": 40, "customers": ["OneWeb"]}
    return [
        Correction(
            launch=launch,
            field=field,
            take="value",
            value=value,
            reason="The CSV file lists this payload twice: once under OneWeb's name and once under SpaceX's name.",
            source="OneWeb, the owner of the 40 satellites on each launch",
        )
        for field, value in right.items()
    ]


CORRECTIONS = [
    Correction(
        launch="FT-4",
        field="date_utc",
        reason="Amos-6 was lost on the pad on 1 September 2016. The CSV file gives the planned launch "
        "date, two days after the rocket was lost.",
    ),
    Correction(
        launch="F9-4",
        field="date_utc",
        reason="CRS-1 lifted off at 20:35 EDT on 7 October 2012 (00:35 UTC on 8 October). The time in the "
        "CSV file is 12 hours too late: 12:35 p.m. instead of 12:35 a.m. (UTC).",
    ),
    Correction(
        launch="FT-16",
        field="date_utc",
        reason="SES-11 lifted off at 18:53 EDT on 11 October 2017 (22:53 UTC). The time in the CSV file is two "
        "hours too early.",
    ),
    Correction(
        launch="F9-100",
        field="date_utc",
        reason="Starlink-28 lifted off at 14:59 EDT on 26 May 2021 (18:59 UTC). The time in the CSV file is two "
        "hours too early.",
    ),
    Correction(
        launch="F9-179",
        field="date_utc",
        take="value",
        value=datetime(2023, 1, 19, 15, 43),
        reason="The CSV file gives the wrong year (2022), but lists this flight between the flights of 18 and 26 "
        "January 2023.",
        source="the order of the flight numbers in the CSV file",
    ),
    Correction(
        launch="F9-2",
        field="orbit",
        reason="COTS Demo Flight 1 orbited the Earth twice and returned. The capsule never flew to the space station.",
    ),
    Correction(
        launch="FT-13",
        field="orbit",
        reason="The CSV file gives the orbit of this launch as LEO, but the orbit of the other seven Iridium NEXT launches "
        "as polar.",
    ),
    Correction(
        launch="F9-190",
        field="orbit",
        take="value",
        value="PO",
        reason="The CSV file gives the orbit of this launch as LEO, but the orbit of the other two OneWeb launches as polar.",
        source="the rows of the other two OneWeb launches in the CSV file",
    ),
    *(
        Correction(
            launch=launch,
            field="payload_mass_kg",
            take="value",
            reason="The mass of 12,500 kg is a placeholder. The first version of the Falcon 9 could lift only 10,450 kg to LEO.",
            source="the payload capacity that SpaceX stated for Falcon 9 v1.0",
        )
        for launch in ("F9-1", "F9-2")
    ),
    *(
        Correction(
            launch=launch,
            field="payload_mass_kg",
            reason="The mass in the CSV file includes the capsule (4,200 kg) for this launch, but not for any later cargo "
            "flight.",
        )
        for launch in ("F9-4", "F9-5")
    ),
    Correction(
        launch="FT-20",
        field="customers",
        take="value",
        value=["Hisdesat", "SpaceX"],
        reason="The CSV file names exactEarth as the customer of the two Tintin satellites, but these "
        "satellites belonged to SpaceX.",
    ),
    Correction(
        launch="F9-45",
        field="payload_count",
        take="value",
        value=64,
        reason="SSO-A carried 64 spacecraft, but the CSV file counts only one.",
        source="Spaceflight Industries, the organiser of the launch",
    ),
    Correction(
        launch="F9-86",
        field="payload_count",
        take="value",
        value=60,
        reason="The CSV file lists a single satellite, but a mass of 15,600 kg. Similar launches with this mass "
        "carried 60 satellites.",
        source="the rows of similar launches in the CSV file",
    ),
    *_listed_twice("F9-169", "OneWeb Flight #15"),
    *_listed_twice("F9-177", "OneWeb Flight #16"),
    *_listed_twice("F9-190", "OneWeb Flight #17"),
]
