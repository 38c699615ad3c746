#!/bin/sh
# Makes airflow-3.txt, postgres.txt, debug.txt, dev.txt and uv.txt anew from their .in files (README.md). Needs uv: https://docs.astral.sh/uv/
set -eu
cd "$(dirname "$0")"

lock() {
  uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
    --no-header --no-emit-index-url --no-annotate --no-config "$@"
}

lock --constraints airflow-3.constraints.txt --output-file airflow-3.txt airflow-3.in
lock --constraints airflow-3.txt --output-file postgres.txt postgres.in
lock --constraints airflow-3.txt --output-file debug.txt debug.in
lock --constraints airflow-3.txt --output-file dev.txt dev.in
lock --output-file uv.txt uv.in
