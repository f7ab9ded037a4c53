"""Define the codes of the table, and map the terms of the two sources to them."""

import re

SITES = {
    "CCSFS SLC 40": "CCSFS SLC-40",
    "KSC LC 39A": "KSC LC-39A",
    "VAFB SLC 4E": "VSFB SLC-4E",
}

# VLEO is a kind of LEO, which the API uses for some Starlink flights only. The API also gives TLI for DART
# and KPLO, which left for the Sun and the Moon by other routes. The terms in the CSV file are exact.
ORBITS = {
    "VLEO": "LEO",
    "Polar LEO": "PO",
    "Polar orbit LEO": "PO",
    "Retrograde LEO": "LEO",
    "LEO (ISS)": "ISS",
    "HEO for P/2 orbit": "HEO",
    "Sun-Earth L1 insertion": "ES-L1",
    "Heliocentric": "HCO",
    "Ballistic lunar transfer (BLT)": "BLT",
    "Sub-orbital": "SO",
}

ORBIT_MEANINGS = {
    "LEO": "low Earth orbit",
    "ISS": "orbit of the International Space Station",
    "SSO": "Sun-synchronous orbit",
    "PO": "polar orbit",
    "GTO": "geostationary transfer orbit",
    "MEO": "medium Earth orbit",
    "GEO": "geostationary orbit",
    "HEO": "highly elliptical orbit",
    "ES-L1": "Sun-Earth Lagrange point L1",
    "HCO": "orbit around the Sun",
    "BLT": "ballistic lunar transfer",
    "TLI": "trans-lunar injection",
    "SO": "suborbital",
}

LANDING_TYPES = {
    "Drone Ship": "ASDS",
    "Ground Pad": "RTLS",
    "Landing Zone": "RTLS",
    "Ocean": "Ocean",
    "Parachute": "Parachute",
    "No Landing": None,
}

LANDING_OUTCOMES = {
    "Success": "success",
    "Controlled": "success",
    "Failure": "failure",
    "Uncontrolled": "failure",
    "Precluded": "precluded",
    "No Attempt": "no attempt",
}

BLOCKS = {"F9 v1.0": 1, "F9 v1.1": 1, "F9 FT": None, "F9 B4": 4, "F9 B5": 5}

_STRAY = str.maketrans({"º": "°", "’": "'"})
_ADDED = re.compile(r" ?\((?:v\d\.\d|Smallsat Rideshare|V2 Mini satellites)\)| v1\.0$")


def tidy(text: str) -> str:
    """Strip and collapse whitespace, and correct the two stray characters of the sources."""
    return " ".join(text.translate(_STRAY).split())


def tidy_name(text: str) -> str:
    """Give a launch or payload the same name for both sources.

    >>> tidy_name("SpaceX CRS-26"), tidy_name("Starlink Group 4-37"), tidy_name("Starlink 4-36 (v1.5)")
    ('CRS-26', 'Starlink 4-37', 'Starlink 4-36')
    """
    name = _ADDED.sub("", tidy(text)).replace("Starlink Group", "Starlink")
    return re.sub(r"^SpaceX (?=CRS|COTS)", "", name)


def customer_key(customer: str) -> str:
    """Reduce a customer to the common part of its spellings, to compare the two sources.

    >>> customer_key("NASA(COTS)") == customer_key("NASA (COTS)") == customer_key("NASA")
    True
    """
    return re.sub(r"[^a-z0-9]", "", re.sub(r"\(.*?\)", "", customer).lower())
