"""Match the launches of the API with those of the CSV."""

from collections import Counter
from datetime import timedelta

NEAR = timedelta(days=1)


def pair(api: list[dict], missions: list[dict]) -> list[tuple[dict | None, dict | None, str | None]]:
    """Pair the launches of the two sources; a launch without a partner stays single.

    Serial and flight number are used first, where the pair is unique in both sources, because a booster makes a
    given flight only once. The other launches are paired with the nearest remaining launch within a day.
    Launch numbers and names cannot be used (the API counts all SpaceX rockets, the CSV each version of a
    rocket).

    Returns
    -------
    list of (api, csv, how)
        `how` is ``booster``, ``date`` or None; in the CSV's order, then the launches that only the API has.
    """
    by_booster = _unique_boosters(missions)
    partner: dict[str, tuple[dict, str]] = {}
    for booster, launch in _unique_boosters(api).items():
        if booster in by_booster:
            partner[by_booster[booster]["csv_flight_number"]] = (launch, "booster")
    paired = {launch["api_flight_number"] for launch, _ in partner.values()}
    for launch in api:
        if launch["api_flight_number"] in paired:
            continue
        near = [
            (abs(mission["date_utc"] - launch["date_utc"]), mission["csv_flight_number"])
            for mission in missions
            if mission["csv_flight_number"] not in partner and mission["date_utc"] is not None
        ]
        if near and min(near)[0] <= NEAR:
            partner[min(near)[1]] = (launch, "date")
            paired.add(launch["api_flight_number"])
    pairs = []
    for mission in missions:
        launch, how = partner.get(mission["csv_flight_number"], (None, None))
        pairs.append((launch, mission, how))
    return pairs + [(launch, None, None) for launch in api if launch["api_flight_number"] not in paired]


def _unique_boosters(launches: list[dict]) -> dict[tuple[str, int], dict]:
    boosters = [(launch["booster_serial"], launch["booster_flight"]) for launch in launches]
    times = Counter(boosters)
    return {
        booster: launch
        for booster, launch in zip(boosters, launches, strict=True)
        if times[booster] == 1 and booster[0] is not None
    }
