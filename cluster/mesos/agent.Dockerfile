# The dev agent: Airflow's image, in which tasks run, with Node and our Mesos. Built by `mesos-airflow up --engine docker`
# (src/engines/docker/images/), for the classic builder.
ARG AIRFLOW
ARG MESOS
FROM ${MESOS} AS mesos

FROM ${AIRFLOW}
# It starts tasks as the users that they name, and gives them their folders.
USER root
COPY --from=mesos /usr/local/bin/node /usr/local/bin/node
COPY --from=mesos /opt/mesos-airflow/devmesos.cjs /opt/mesos-airflow/terminal.py /opt/mesos-airflow/
# A base that this Node does not run on is found out now.
RUN ["/usr/local/bin/node", "--version"]
WORKDIR /
HEALTHCHECK NONE
ENTRYPOINT ["/usr/local/bin/node", "/opt/mesos-airflow/devmesos.cjs"]
CMD ["agent"]
