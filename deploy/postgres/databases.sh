#!/bin/bash
# Run once by PostgreSQL's image, on an empty data folder: a database and a role for each program,
# so that neither can touch what is the other's.
set -euo pipefail
psql --username "${POSTGRES_USER:-postgres}" --dbname postgres --set ON_ERROR_STOP=1 \
  --set airflow="$AIRFLOW_DB_PASSWORD" --set sverka="$SVERKA_DB_PASSWORD" <<'SQL'
create role airflow login password :'airflow';
create role sverka login password :'sverka';
create database airflow owner airflow;
create database sverka owner sverka;
create database sandbox owner sverka;
revoke connect on database airflow, sverka, sandbox from public;
SQL
