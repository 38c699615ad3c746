# Debian's PostgreSQL, to be run as the official image is: user and group 999, server on all addresses, the same
# variables and folders.
FROM mesos-airflow-test/python:bookworm
RUN groupadd --system --gid 999 postgres \
 && useradd --system --gid 999 --uid 999 --home-dir /var/lib/postgresql --shell /bin/bash postgres \
 && apt-get update \
 && apt-get install --yes --no-install-recommends postgresql-common \
 && sed -ri 's/#(create_main_cluster) .*$/\1 = false/' /etc/postgresql-common/createcluster.conf \
 && apt-get install --yes --no-install-recommends postgresql-15 \
 && rm -rf /var/lib/apt/lists/* /var/cache/apt/*.bin \
 && sed -ri "s/^#?(listen_addresses)\s*=.*/\1 = '*'/" /usr/share/postgresql/15/postgresql.conf.sample \
 && install --directory --owner postgres --group postgres --mode 3777 /var/run/postgresql \
 && mkdir /docker-entrypoint-initdb.d
COPY docker-entrypoint.sh /usr/local/bin/
ENV LANG=C.UTF-8 PG_MAJOR=15 PGDATA=/var/lib/postgresql/data
ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/usr/lib/postgresql/15/bin
RUN install --directory --owner postgres --group postgres --mode 1777 "$PGDATA"
VOLUME /var/lib/postgresql/data
ENTRYPOINT ["docker-entrypoint.sh"]
STOPSIGNAL SIGINT
EXPOSE 5432
CMD ["postgres"]
