"""The whole site: which address serves what, with one watch on the Hub."""

import functools
from pathlib import Path

from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from space_app import page, server
from space_app.course import routes as course
from space_app.feedback.routes import Feedback
from space_app.gradio_fixes import scripts
from space_app.lab import first, plot
from space_app.lab import page as lab_page
from space_app.lab.experiments import EXPERIMENTS
from space_app.lab.tab import CSS as LAB_CSS
from space_app.lander.seats import Seats
from space_app.limits import Allowance
from space_app.monitoring.routes import Monitoring
from space_app.rest import gates
from space_app.rest import routes as rest
from space_app.rollout.trial import Trials
from space_app.satellite import pictures
from space_app.served import flight_jobs
from space_app.watch import Watch

THUMBNAILS = Path(__file__).with_name("lab") / "thumbnails" / "pictures"


def site(trials: Trials) -> Starlette:
    """Watch the Hub, and return the app that serves the front page, the experiments' pages and plain routes."""
    watch = Watch(page.SERVED, trials)
    watch.start()
    feedback = Feedback()
    front = server.PageApp(
        functools.partial(page.build, watch), "/", css=page.CSS, pause=server.SHORT_PAUSE_SECONDS
    )
    experiments = {
        listing.path: server.PageApp(
            functools.partial(lab_page.build, listing, watch), listing.path, css=[LAB_CSS]
        )
        for listing in EXPERIMENTS
    }
    routes = [
        *Seats(watch).routes(),
        *course.routes(),
        rest.routes(watch, Allowance(rest.AT_ONCE, rest.AN_HOUR)),
        *feedback.routes(),
        pictures.route(watch),
        *plot.routes(),
        *scripts.routes(),
        first.route(watch),
        Mount("/lab/static", StaticFiles(directory=THUMBNAILS)),
    ]
    pages = [front, *experiments.values()]
    monitoring = Monitoring(watch, lambda: gates.waiting() + sum(one.waiting for one in pages))
    return server.application(front, experiments, routes, flight_jobs.warm_up, monitoring, feedback)
