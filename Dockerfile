# The app alone, and (target "hub") the embedded Hub alone. Build: docker build --tag spacehub .
# Dependabot proposes newer versions of the base (.github/dependabot.yml).
FROM python:3.12.14-slim-bookworm@sha256:0f5b26b9518d002b6173fd61daad821fa340635ebfec5bba471013f9ca114579 AS base

# ---- The app and its packages, without what it never reads ---------------------------------------------------------
FROM base AS packages
ENV UV_NO_CACHE=1 UV_LINK_MODE=copy UV_PYTHON_DOWNLOADS=never
RUN python3 -m pip install --no-cache-dir --root-user-action=ignore uv==0.13.9
COPY space_app/requirements.txt /srv/requirements.txt
RUN uv venv /srv/packages \
    && uv pip install --python /srv/packages/bin/python -r /srv/requirements.txt
COPY .docker/slim.py /srv/slim.py
COPY spacehub/__init__.py spacehub/catalogue.py spacehub/collector.py spacehub/errors.py spacehub/home.py spacehub/ports.py /srv/app/spacehub/
COPY spacehub/lab /srv/app/spacehub/lab
COPY spacehub/serving /srv/app/spacehub/serving
COPY space_app /srv/app/space_app
RUN /srv/packages/bin/python /srv/slim.py "$(echo /srv/packages/lib/python3*/site-packages)" /srv/app

# ---- The embedded Hub: compose.yaml runs it next to the app ------------------------------------------------------
FROM base AS hub
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends git git-lfs \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --uid 1000 --create-home spacehub \
    && install --directory --owner spacehub /data
COPY packages/localhub /srv/source
RUN python3 -m pip install --no-cache-dir --root-user-action=ignore '/srv/source[pages,xet]' \
    && rm -rf /srv/source
USER 1000
VOLUME /data
EXPOSE 7870
HEALTHCHECK --interval=10s --timeout=5s --start-period=20s --retries=3 \
    CMD ["python3", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:7870/healthz', timeout=4)"]
ENTRYPOINT ["localhub", "--root", "/data", "--host", "0.0.0.0"]

# ---- The app -----------------------------------------------------------------------------------------------------
FROM base AS app
LABEL org.opencontainers.image.title="SpaceHub" \
      org.opencontainers.image.source="https://huggingface.co/spaces/spacehub/spacehub" \
      org.opencontainers.image.licenses="Apache-2.0"
RUN useradd --uid 1000 --create-home spacehub \
    && install --directory --owner spacehub /data
COPY --from=packages /srv/packages /srv/packages
COPY --from=packages /srv/app /srv/app
# Everything that the app writes goes to /data and /tmp, so the rest of the file system may be read-only.
ENV PATH=/srv/packages/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    GRADIO_SERVER_NAME=0.0.0.0 \
    GRADIO_SERVER_PORT=7860 \
    SPACEHUB_HOME=/data \
    HF_HOME=/data/huggingface \
    HF_HUB_DISABLE_XET=1
WORKDIR /srv/app
USER 1000
VOLUME /data
EXPOSE 7860
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "-c", "import http.client as h; c = h.HTTPConnection('127.0.0.1', 7860, timeout=4); c.request('GET', '/livez'); raise SystemExit(c.getresponse().status != 200)"]
ENTRYPOINT ["python", "-m", "space_app.app"]
