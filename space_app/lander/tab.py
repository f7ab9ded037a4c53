"""The Lander tab: one flight as video with its telemetry, a hundred at once, and one to fly yourself."""

import secrets
from pathlib import Path

import gradio as gr

from space_app.cancel import Cancel
from space_app.endpoints import endpoint
from space_app.html import render
from space_app.lander import api, charts, view
from space_app.lander.film import Film
from space_app.lander.game import panel
from space_app.mistakes import mistake
from space_app.served import flight_jobs as jobs
from space_app.served import flights
from space_app.served.pilots import NOBODY, PILOTS, Aboard, aboard, crew, ready, served
from space_app.tabs import Part, Question, Tab
from space_app.watch import Watch
from space_app.workers import HEAVY_QUEUE
from spacehub.errors import SpaceHubError
from spacehub.serving.lander.conditions import TURBULENCE, WIND, Conditions, check_seed

KNOWN_SEED = 7
CSS = Path(__file__).with_name("lander.css")
# Only the browser knows whether the screen is too narrow for two flights side by side; it is the last
# input.
NARROW = "(...values) => [...values.slice(0, -1), window.innerWidth < 640]"
# Only the browser knows whether the visitor prefers reduced motion.
STILL = NARROW.replace("]", ", matchMedia('(prefers-reduced-motion: reduce)').matches]").replace("-1", "-2")
NEW_SEEDS = 1_000_000
FIRST_SEED = 42


class Lander:
    """The parts of the tab that the app's timer refreshes.

    Parameters
    ----------
    watch : Watch
        Provides the newest agents.
    tab : gr.Tab
        The tab; the first flight starts when it is opened.
    """

    def __init__(self, watch: Watch, tab: gr.Tab):
        self._watch = watch
        self.waiting = gr.HTML(elem_id="lander-waiting")
        self.ready = gr.State(())
        with gr.Row(elem_id="lander"):
            with gr.Column(scale=4, min_width=300, elem_id="lander-form"):
                form = self._form()
            with gr.Column(scale=6, min_width=300, elem_id="lander-answer"):
                video = Film("lander-video")
                verdict = gr.HTML(elem_id="lander-said")
                with gr.Row(visible=False, elem_id="lander-files") as files:
                    mp4 = gr.DownloadButton("Video (MP4)", size="sm")
                    csv = gr.DownloadButton("Telemetry (CSV)", size="sm")
        plot = gr.Plot(show_label=False, container=False, elem_id="lander-charts")
        shown = [video, verdict, files, mp4, csv, plot]
        quiet = {"api_visibility": "private", "show_progress_on": video, **HEAVY_QUEUE}
        opened, narrow, still = gr.State(False), gr.Checkbox(visible=False), gr.Checkbox(visible=False)
        given = [opened, *form, narrow, still]
        first = tab.select(self._first, given, [opened, *shown], js=STILL, **quiet)
        go = [self._go.click, self._seed.submit]
        self._cancel.show_on(go)
        filmed = gr.on(go, self._fly, [*form, narrow], shown, js=NARROW, cancels=first, **quiet)
        self._cancel.stop([filmed])
        self._many(form)
        panel(form)
        names, hidden = form[:2], {"api_visibility": "private", "show_progress": "hidden"}
        self.ready.change(self._choices, [self.ready, *names], names, **hidden)

    def status(self) -> tuple[str, tuple[str, ...]]:
        """Return the note about agents that are not available yet, and the keys of those that can fly."""
        return view.waiting(self._watch), tuple(ready(self._watch))

    def _form(self) -> list[gr.Dropdown | gr.Number | gr.Slider]:
        gr.HTML("<h3>The flight</h3>")
        agent = gr.Dropdown([], label="Agent", elem_id="lander-agent", interactive=True)
        beside = gr.Dropdown([], label="Compare with (same seed)", elem_id="lander-beside", interactive=True)
        with gr.Row(equal_height=True, elem_id="lander-seed"):
            self._seed = gr.Number(
                FIRST_SEED,
                label="Seed",
                info="The seed determines the terrain, the initial push and the wind.",
                min_width=120,
                interactive=True,
            )
            new = gr.Button("New seed", size="sm", min_width=90)
        new.click(
            lambda: secrets.randbelow(NEW_SEEDS),
            None,
            self._seed,
            api_visibility="private",
            show_progress="hidden",
        )
        gravity = gr.Slider(
            -11.9,
            -0.1,
            -10,
            step=0.1,
            label="Gravity (m/s²)",
            info="The agents were trained with a gravity of −10.",
            interactive=True,
        )
        wind = gr.Slider(
            *WIND, 0, step=0.5, label="Wind (N)", info="A value of 15 means a strong wind.", interactive=True
        )
        turbulence = gr.Slider(
            *TURBULENCE,
            0,
            step=0.1,
            label="Turbulence (N m)",
            info="A value of 1.5 means strong turbulence.",
            interactive=True,
        )
        self._go = gr.Button("Fly", variant="primary", elem_id="lander-fly")
        self._cancel = Cancel("lander-film-cancel")
        return [agent, beside, self._seed, gravity, wind, turbulence]

    def _many(self, form: list) -> None:
        with gr.Column(elem_id="lander-many"):
            gr.HTML(render("lander/hundred.html"))
            with gr.Row():
                button = gr.Button("Fly a hundred", size="md", elem_id="lander-hundred")
                cancel = Cancel("lander-cancel", size="md")
            table = gr.HTML()
            histogram = gr.Plot(show_label=False, container=False, elem_id="lander-histogram", visible=False)
        cancel.show_on([button.click])
        flown = button.click(
            self._hundred,
            form,
            [table, histogram],
            api_visibility="private",
            show_progress_on=table,
            **HEAVY_QUEUE,
        )
        cancel.stop([flown])

    async def _first(self, opened: bool, agent: str | None, beside: str | None, *given):
        """Fly once as soon as the tab is opened, so that the tab is not empty."""
        *conditions, still = given
        if opened or still:
            return gr.skip()
        # A visitor may open the tab before the lists of agents are filled.
        return True, *await self._fly(agent or ready(self._watch)[0], beside or NOBODY, *conditions)

    async def _fly(self, agent, beside, seed, gravity, wind, turbulence, narrow):
        try:
            given = {
                "seed": check_seed(seed),
                "conditions": Conditions(gravity=gravity, wind_power=wind, turbulence_power=turbulence),
            }
            flown, film, sheet = await jobs.film(crew(self._watch, agent, beside), narrow=narrow, **given)
        except SpaceHubError as error:
            return None, mistake(error), gr.update(visible=False), None, None, None
        words, drawn = view.verdict(flown), charts.over_time(flown)
        return film, words, gr.update(visible=True), str(film), str(sheet), drawn

    async def _hundred(self, agent, beside, seed, gravity, wind, turbulence, bar=gr.Progress()):  # noqa: B008
        try:
            conditions = Conditions(gravity=gravity, wind_power=wind, turbulence_power=turbulence)
            results = []
            for who in crew(self._watch, agent, beside):

                def progress(done: int, total: int, who: Aboard = who) -> None:
                    if done % 10 == 0:
                        bar((done, total), desc=f"{who.pilot.title} flies", unit="flights")

                results.append(
                    await jobs.fly_many(
                        who,
                        first_seed=seed,
                        flights=flights.MOST_FLIGHTS,
                        conditions=conditions,
                        progress=progress,
                    )
                )
        except SpaceHubError as error:
            return mistake(error), gr.update(visible=False)
        return view.many(results), gr.Plot(charts.returns(results), visible=True)

    def _choices(self, keys: tuple[str, ...], agent: str | None, beside: str | None):
        """Offer the agents that can fly; the first one that became available is chosen until the visitor chooses."""
        named = [(PILOTS[key].title, key) for key in keys]
        chosen = agent if agent in keys else keys[0]
        other = beside if beside in keys else NOBODY
        return gr.Dropdown(named, value=chosen), gr.Dropdown([("nobody", NOBODY), *named], value=other)


def build(watch: Watch, opened: gr.Tab) -> Part:
    """Lay out the tab."""
    tab = Lander(watch, opened)
    for function, queue in api.ENDPOINTS.items():
        endpoint(function, watch, **queue)
    return Part(outputs=[tab.waiting, tab.ready], status=tab.status)


def known_flight(watch: Watch) -> dict:
    """Fly the flight of the tab's self-check in this process."""
    conditions = Conditions()
    flight = flights.fly(aboard(watch, "heuristic"), seed=KNOWN_SEED, conditions=conditions).flight
    return {"outcome": flight.outcome, "total_reward": flight.total_reward}


TAB = Tab(
    key="lander",
    title="Lander",
    build=build,
    served=served(),
    css=[CSS],
    question=Question(
        function=api.fly_lander,
        arguments={"agent": "heuristic", "seed": KNOWN_SEED},
        compare=("outcome", "total_reward"),
        answer=known_flight,
    ),
)
