# One tenant's runtime. No Django in it: only its own plane's packages and its own plane's code.
#
#   docker build -f deploy/docker/runtime.Dockerfile -t frontdesk-runtime --build-arg BUILD=$(git rev-parse --short HEAD) .
ARG BASE=python:3.14-slim

FROM ${BASE} AS build
ARG BUILD=dev
COPY requirements/runtime.txt /build/requirements.txt
RUN python -m venv --without-pip /opt/frontdesk \
    && python -m pip --python /opt/frontdesk/bin/python install --no-cache-dir --no-compile --require-hashes \
        -r /build/requirements.txt
COPY pyproject.toml /opt/frontdesk/app/
COPY connectors /opt/frontdesk/app/connectors
COPY flow_engine /opt/frontdesk/app/flow_engine
COPY flows /opt/frontdesk/app/flows
COPY runtime /opt/frontdesk/app/runtime
# The image is read-only when it runs, so bytecode is made here, valid whatever the files' times become.
RUN echo "${BUILD}" > /opt/frontdesk/app/runtime/BUILD \
    && /opt/frontdesk/bin/python -m compileall -q --invalidation-mode unchecked-hash /opt/frontdesk/lib /opt/frontdesk/app

FROM ${BASE}
RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin frontdesk \
    && install -d -o frontdesk -g frontdesk -m 0700 /var/lib/frontdesk
COPY --from=build /opt/frontdesk /opt/frontdesk
ENV PATH=/opt/frontdesk/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    STATE_DIR=/var/lib/frontdesk \
    HOST=0.0.0.0 \
    PORT=8002
WORKDIR /opt/frontdesk/app
USER frontdesk
VOLUME /var/lib/frontdesk
EXPOSE 8002
HEALTHCHECK --interval=15s --timeout=3s --start-period=20s \
    CMD ["python", "-c", "import os, urllib.request; urllib.request.urlopen(f'http://127.0.0.1:{os.environ[\"PORT\"]}/health', timeout=2)"]
CMD ["python", "-m", "runtime"]
