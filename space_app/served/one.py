"""Load one model outside the app, with the app's own checks."""

from space_app.served import pilots, satellite, titles
from space_app.watch import Served, Watch
from spacehub.serving import landing
from spacehub.serving.satellite import predictor


def load(key: str) -> object:
    """Return the loaded model at its newest usable commit.

    Raises
    ------
    SpaceHubError
        If the model is not published, or cannot be used.
    """
    how = {
        "titles": titles.SERVED[titles.KEY],
        "satellite": satellite.SERVED[satellite.KEY],
        "satellite-uc-merced": Served(files=predictor.FILES, load=predictor.SatellitePredictor),
        "landing": Served(files=landing.FILES, load=landing.LandingPredictor),
        **pilots.served(),
    }
    watch = Watch({key: how[key]})
    watch.look([key])
    return watch.ready(key).served
