# One tenant's runtime. No Django in it: only its own plane's packages and its own plane's code.
#
#   docker build -f deploy/docker/runtime.Dockerfile -t frontdesk-runtime --build-arg BUILD=$(git rev-parse --short=12 HEAD) .
#
# BASE is any image with Python 3.12 or newer, its venv and pip as `python`, and a Debian-like useradd.
ARG BASE=python:3.14-slim

FROM ${BASE} AS build
COPY requirements/runtime.txt /build/requirements.txt
# The image is read-only when it runs, so bytecode is made here, valid whatever the files' times become.
RUN python -m venv --without-pip /opt/frontdesk/venv \
    && python -m pip --python /opt/frontdesk/venv/bin/python install \
        --no-cache-dir --no-compile --only-binary :all: --require-hashes -r /build/requirements.txt \
    && PYTHONNODEBUGRANGES=1 python -m compileall -q -o 2 --invalidation-mode unchecked-hash /opt/frontdesk/venv/lib
COPY deploy/docker/sbom.py /build/sbom.py
RUN /opt/frontdesk/venv/bin/python -I /build/sbom.py /opt/frontdesk/venv/sbom.cdx.json frontdesk-runtime
ARG BUILD=dev
COPY pyproject.toml /opt/frontdesk/app/
COPY connectors /opt/frontdesk/app/connectors
COPY flow_engine /opt/frontdesk/app/flow_engine
COPY flows /opt/frontdesk/app/flows
COPY runtime /opt/frontdesk/app/runtime
RUN echo "${BUILD}" > /opt/frontdesk/app/runtime/BUILD \
    && PYTHONNODEBUGRANGES=1 python -m compileall -q -o 2 --invalidation-mode unchecked-hash /opt/frontdesk/app

FROM ${BASE}
# Python's official images ship the standard library without bytecode; without it every start would compile it anew.
RUN groupadd --gid 10001 frontdesk \
    && useradd --uid 10001 --gid 10001 --no-create-home --no-log-init --shell /usr/sbin/nologin frontdesk \
    && install -d -o frontdesk -g frontdesk -m 0700 /var/lib/frontdesk /run/tenant \
    && PYTHONNODEBUGRANGES=1 python -m compileall -q -o 2 --invalidation-mode unchecked-hash -x '/(site|dist)-packages/|/idlelib/|/ensurepip/' \
        "$(python -c 'import sysconfig; print(sysconfig.get_path("stdlib"))')"
# Two layers: the packages stay the same from release to release and are fetched once.
COPY --from=build /opt/frontdesk/venv /opt/frontdesk/venv
COPY --from=build /opt/frontdesk/app /opt/frontdesk/app
ENV PATH=/opt/frontdesk/venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    PYTHONOPTIMIZE=2 \
    PYTHONNODEBUGRANGES=1 \
    MALLOC_ARENA_MAX=1 \
    STATE_DIR=/var/lib/frontdesk \
    HOST=0.0.0.0 \
    PORT=8002
WORKDIR /opt/frontdesk/app
# A number: an orchestrator that demands "not root" cannot look names up.
USER 10001:10001
VOLUME /var/lib/frontdesk
EXPOSE 8002
HEALTHCHECK --interval=15s --timeout=3s --start-period=20s \
    CMD ["python", "-c", "import os, urllib.request; urllib.request.urlopen(f'http://127.0.0.1:{os.environ[\"PORT\"]}/health', timeout=2)"]
CMD ["python", "-m", "runtime"]
