# The image that Airflow's components of a cluster run in, and tasks in containers of their own: the one of Dockerfile, or a
# person's own, with the workspace's requirements and our package.
ARG BASE

# Thrown away, with all that is needed to reach the package index.
FROM ${BASE} AS requirements
USER root
WORKDIR /build
COPY install.py ./
COPY locks/ locks/
COPY network/ network/
COPY requirements/ requirements/
ARG PYTHON
RUN "$PYTHON" install.py requirements

FROM ${BASE}
USER root
COPY --from=requirements /added/ /
# Whoever runs DAGs is not root; on Linux it has the person's own number, and may read what the person may.
ARG AIRFLOW_UID=50000
RUN id airflow > /dev/null 2>&1 \
 || if command -v useradd > /dev/null; \
    then useradd --non-unique --uid "$AIRFLOW_UID" --gid 0 --create-home --shell /bin/sh airflow; \
    else adduser -D -u "$AIRFLOW_UID" -G root -s /bin/sh airflow; fi
RUN install -d -m 0700 -o airflow -g 0 /var/lib/airflow
COPY airflow_mesos/ /opt/mesos-airflow/python/airflow_mesos/
ARG PYTHON
RUN "$PYTHON" -m compileall -q /opt/mesos-airflow/python
ENV AIRFLOW_HOME=/var/lib/airflow \
    MESOS_AIRFLOW_PYTHON=$PYTHON \
    PYTHONDONTWRITEBYTECODE= \
    PYTHONPATH=/opt/mesos-airflow/python \
    PYTHONUNBUFFERED=1 \
    PYTHONUTF8=1
USER airflow
WORKDIR /var/lib/airflow
HEALTHCHECK --interval=30s --timeout=15s --start-period=180s --retries=3 \
    CMD exec "$MESOS_AIRFLOW_PYTHON" -m airflow_mesos.health
ENTRYPOINT []
CMD ["airflow", "info"]
