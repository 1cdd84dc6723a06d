# The control plane. Knows no runtime: only its own plane's packages, the two libraries and the example flows.
#
#   docker build -f deploy/docker/control-plane.Dockerfile -t frontdesk-control-plane --build-arg BUILD=$(git rev-parse --short=12 HEAD) .
#
# BASE is any image with Python 3.12 or newer, its venv and pip as `python`, and a Debian-like useradd.
ARG BASE=python:3.14-slim

FROM ${BASE} AS build
COPY requirements/control-plane.txt /build/requirements.txt
# The image is read-only when it runs, so bytecode is made here, valid whatever the files' times become.
RUN python -m venv --without-pip /opt/frontdesk/venv \
    && python -m pip --python /opt/frontdesk/venv/bin/python install \
        --no-cache-dir --no-compile --only-binary :all: --require-hashes -r /build/requirements.txt \
    && python -m compileall -q --invalidation-mode unchecked-hash /opt/frontdesk/venv/lib
COPY deploy/docker/sbom.py /build/sbom.py
RUN /opt/frontdesk/venv/bin/python -I /build/sbom.py /opt/frontdesk/venv/sbom.cdx.json frontdesk-control-plane
COPY manage.py pyproject.toml /opt/frontdesk/app/
COPY connectors /opt/frontdesk/app/connectors
COPY flow_engine /opt/frontdesk/app/flow_engine
COPY flows /opt/frontdesk/app/flows
COPY platform_admin /opt/frontdesk/app/platform_admin
WORKDIR /opt/frontdesk/app
# Static files are collected under hashed names; the keys are needed to read the settings and are thrown away at once.
RUN export PATH=/opt/frontdesk/venv/bin:$PATH PYTHONDONTWRITEBYTECODE=1 \
    && python manage.py init_env > /dev/null \
    && python manage.py collectstatic --noinput --verbosity 0 \
    && rm -rf .env .frontdesk \
    && python -m compileall -q --invalidation-mode unchecked-hash .

FROM ${BASE}
# The same user id as in the runtime's image: a tenant's secret files are written here and read there.
# Python's official images ship the standard library without bytecode; without it every start would compile it anew.
RUN groupadd --gid 10001 frontdesk \
    && useradd --uid 10001 --gid 10001 --no-create-home --no-log-init --shell /usr/sbin/nologin frontdesk \
    && install -d -o frontdesk -g frontdesk -m 0700 /run/tenants/first /run/tenants/second /run/ingress \
        /var/lib/frontdesk /var/lib/frontdesk/copies \
    && python -m compileall -q --invalidation-mode unchecked-hash -x '/(site|dist)-packages/|/idlelib/|/ensurepip/' \
        "$(python -c 'import sysconfig; print(sysconfig.get_path("stdlib"))')"
# Two layers: the packages stay the same from release to release and are fetched once.
COPY --from=build /opt/frontdesk/venv /opt/frontdesk/venv
COPY --from=build /opt/frontdesk/app /opt/frontdesk/app
ARG BUILD=dev
ENV PATH=/opt/frontdesk/venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    FRONTDESK_BUILD=${BUILD}
WORKDIR /opt/frontdesk/app
# A number: an orchestrator that demands "not root" cannot look names up.
USER 10001:10001
EXPOSE 8001
HEALTHCHECK --interval=15s --timeout=3s --start-period=20s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8001/health', timeout=2)"]
CMD ["python", "-m", "uvicorn", "platform_admin.config.asgi:application", "--host", "0.0.0.0", "--port", "8001", "--lifespan", "off"]
