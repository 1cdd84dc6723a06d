# The control plane. Knows no runtime: only its own plane's packages, the two libraries and the example flows.
#
#   docker build -f deploy/docker/control-plane.Dockerfile -t frontdesk-control-plane .
ARG BASE=python:3.14-slim

FROM ${BASE} AS build
COPY requirements/control-plane.txt /build/requirements.txt
RUN python -m venv --without-pip /opt/frontdesk \
    && python -m pip --python /opt/frontdesk/bin/python install --no-cache-dir --no-compile --require-hashes \
        -r /build/requirements.txt
COPY manage.py pyproject.toml /opt/frontdesk/app/
COPY connectors /opt/frontdesk/app/connectors
COPY flow_engine /opt/frontdesk/app/flow_engine
COPY flows /opt/frontdesk/app/flows
COPY platform_admin /opt/frontdesk/app/platform_admin
WORKDIR /opt/frontdesk/app
# Static files are collected under hashed names; the keys are needed to read the settings and are thrown away at once.
RUN PATH=/opt/frontdesk/bin:$PATH && python manage.py init_env \
    && python manage.py collectstatic --noinput --verbosity 0 \
    && rm -rf .env .frontdesk
# The image is read-only when it runs, so bytecode is made here, valid whatever the files' times become.
RUN /opt/frontdesk/bin/python -m compileall -q --invalidation-mode unchecked-hash /opt/frontdesk/lib /opt/frontdesk/app

FROM ${BASE}
ARG BUILD=dev
# The same user id as in the runtime's image: a tenant's secret files are written here and read there.
RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin frontdesk \
    && install -d -o frontdesk -g frontdesk -m 0700 /run/tenant
COPY --from=build /opt/frontdesk /opt/frontdesk
ENV PATH=/opt/frontdesk/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    FRONTDESK_BUILD=${BUILD}
WORKDIR /opt/frontdesk/app
USER frontdesk
EXPOSE 8001
HEALTHCHECK --interval=15s --timeout=3s --start-period=20s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8001/health', timeout=2)"]
CMD ["python", "-m", "uvicorn", "platform_admin.config.asgi:application", "--host", "0.0.0.0", "--port", "8001", "--lifespan", "off"]
