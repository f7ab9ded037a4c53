"""The page: the tabs under one header, and the timer that keeps them up to date."""

from space_app import quick_gradio  # noqa: F401  # isort: skip

import gradio as gr
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware

from space_app import cards, landing_api, mission_control, theme
from space_app.headers import Headers
from space_app.lab import tab as lab
from space_app.lander import pilots
from space_app.lander.seats import Seats
from space_app.lander.tab import CSS, Lander
from space_app.landing import Landing
from space_app.landing_api import KEY
from space_app.satellite import tab as satellite_tab
from space_app.satellite import watching
from space_app.titles import tab as titles_tab
from space_app.titles.watching import SERVED as TITLES
from space_app.watch import Served, Watch
from spacehub.serving.landing import FILES, LandingPredictor
from spacehub.serving.satellite import decode

REFRESH_SECONDS = 2
SWEEP = (600, 3600)


def build(watch: Watch) -> gr.Blocks:
    """Lay out the page over what `watch` knows of the Hub."""
    with gr.Blocks(title="SpaceHub", analytics_enabled=False, delete_cache=SWEEP) as page:
        gr.HTML(theme.HEADER)
        with gr.Tabs(elem_id="tabs") as tabs:
            with gr.Tab("Mission control", id="mission-control"):
                board = mission_control.build(watch)
            with gr.Tab("Landing", id="landing"):
                landing = Landing(watch)
                landing_api.offer(watch)
            with gr.Tab("Satellite", id="satellite"):
                satellite = satellite_tab.Satellite(watch)
            with gr.Tab("Titles", id="titles"):
                titles = titles_tab.Titles(watch)
            with gr.Tab("Lander", id="lander") as tab:
                lander = Lander(watch, tab)
            with gr.Tab("Lab", id="lab"):
                lab.build(watch)
            with gr.Tab("Cards", id="cards"):
                card = cards.build()
        shown = gr.State(None)

        def refresh(before: tuple | None):
            now = (mission_control.board(watch), *landing.status(), *satellite.status())
            now += (*titles.status(), *lander.status())
            if now == before:
                return gr.skip()
            old = before or (None,) * len(now)
            changed = (new if new != was else gr.skip() for new, was in zip(now, old, strict=True))
            return *changed, now

        def open_card(event: gr.EventData):
            return gr.update(selected="cards"), event.card

        # Through the queue: only there does Gradio notice that a state changed, and build the form anew.
        quiet = {"api_visibility": "private", "show_progress": "hidden", "concurrency_limit": None}
        parts = [board, landing.waiting, landing.commit, satellite.waiting, satellite.commits]
        parts += [titles.waiting, titles.commits, lander.waiting, lander.ready, shown]
        page.load(refresh, shown, parts, **quiet)
        gr.Timer(REFRESH_SECONDS).tick(refresh, shown, parts, **quiet)
        board.click(open_card, None, [tabs, card], **quiet)
    return page


def launch(host: str, port: int) -> None:
    """Watch the Hub and serve the page until the process is told to stop."""
    served = {KEY: Served(files=FILES, load=LandingPredictor), **pilots.served(), **lab.SERVED}
    watch = Watch(served | watching.SERVED | TITLES)
    watch.start()
    page = build(watch)
    page.queue(default_concurrency_limit=4, max_size=64)
    page.launch(
        server_name=host,
        server_port=port,
        theme=theme.theme(),
        css_paths=[theme.CSS, CSS, satellite_tab.CSS, titles_tab.CSS],
        footer_links=["api"],
        quiet=True,
        prevent_thread_lock=True,
        enable_monitoring=False,
        run_history=False,
        share=False,
        pwa=False,
        ssr_mode=False,
        mcp_server=False,
        max_file_size=decode.MAX_BYTES,
        # The page is 1.6 MB of text and the library that draws figures 4.8: compressed, a tenth and a third of that.
        app_kwargs={
            "middleware": [
                Middleware(Headers),
                Middleware(GZipMiddleware, compresslevel=4, minimum_size=5_000),
            ],
            "routes": Seats(watch).routes(),
        },
    )
    print(f"SpaceHub answers at http://{host}:{port}", flush=True)
    page.block_thread()
