# One image for every component: Airflow, Sverka, and the MoySklad sandbox.
FROM python:3.12-slim-bookworm AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN python -m venv /opt/venv
WORKDIR /opt/sverka
# The lock changes rarely, so its layer is built rarely.
COPY requirements.txt ./
RUN /opt/venv/bin/pip install --quiet --no-deps --require-hashes -r requirements.txt
COPY . .
# A clone of a strict umask is copied with its modes; who runs this image is not who cloned.
RUN /opt/venv/bin/pip install --quiet --no-deps --no-build-isolation --editable . \
 && chmod -R a+rX .

FROM python:3.12-slim-bookworm

ENV PATH=/opt/venv/bin:$PATH \
    PYTHONPATH=/opt/sverka \
    PYTHONUNBUFFERED=1 \
    AIRFLOW_HOME=/opt/airflow \
    AIRFLOW__CORE__DAGS_FOLDER=/opt/sverka/dags \
    AIRFLOW__CORE__PLUGINS_FOLDER=/opt/sverka/plugins \
    AIRFLOW__CORE__LOAD_EXAMPLES=False \
    AIRFLOW__USAGE_DATA_COLLECTION__ENABLED=False \
    GX_ANALYTICS_ENABLED=false
RUN useradd --uid 50000 --no-create-home --home-dir /opt/airflow --shell /usr/sbin/nologin sverka \
 && install --directory --owner=sverka --mode=0750 /opt/airflow
COPY --from=build /opt/venv /opt/venv
COPY --from=build /opt/sverka /opt/sverka
WORKDIR /opt/sverka
USER sverka
EXPOSE 8080
# Which component this is, SVERKA_COMPONENT says; without it, the first process alone counts.
HEALTHCHECK --interval=30s --timeout=20s --start-period=120s --retries=4 \
  CMD ["python", "-m", "deploy.healthy"]
CMD ["airflow", "version"]
