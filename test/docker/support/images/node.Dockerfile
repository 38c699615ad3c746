# The official image's Node stands at /usr/local/bin as well.
FROM mesos-airflow-test/python:bookworm
COPY node /usr/local/bin/node
CMD ["node"]
