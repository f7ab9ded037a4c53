"""Record where a result comes from: package versions, the machine, and an estimate of its emissions."""

import os
import platform
from importlib.metadata import version
from pathlib import Path

WATTS_PER_CORE = 10.0
GRAMS_PER_KWH = 475.0


def versions(packages: list[str]) -> dict[str, str]:
    """Return the Python version and that of each installed package."""
    return {"python": platform.python_version()} | {name: version(name) for name in packages}


def hardware() -> dict[str, str | int | float]:
    """Return the processor's name, the cores and memory (GiB) of this machine, and its system."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return {
        "processor": _processor(),
        "cores": os.cpu_count() or 1,
        "memory_gib": round(memory, 1),
        "system": f"{platform.system()} {platform.machine()}",
    }


def emissions(seconds: float, *, cores: int) -> dict[str, float | str]:
    """Estimate the energy (kWh) and CO2-equivalent (kg) of a run on `cores` busy processor cores.

    This is an estimate, because a virtual machine has no power meter: 10 W per core, and the world
    average of 475 g per kWh (IEA, Global Energy and CO2 Status Report 2019).
    """
    energy = seconds / 3600 * cores * WATTS_PER_CORE / 1000
    return {
        "energy_kwh": round(energy, 6),
        "co2eq_kg": round(energy * GRAMS_PER_KWH / 1000, 6),
        "method": f"estimate; cores: {cores}, {WATTS_PER_CORE:.0f} W per core, {GRAMS_PER_KWH:.0f} g CO2eq "
        "per kWh",
    }


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()
