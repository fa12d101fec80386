#!/bin/sh
# deploy/backup.sh FOLDER: books, files and settings into FOLDER/<moment>/, while all of it runs.
#
# What is copied first is older, so the order says who may know more than whom after a restore:
# the journal more than its published heads, the books more than Airflow (a step that is repeated
# finds its work done), the storage more than the books (a book never names a file that is not there).
set -eu
umask 077
into=${1:?usage: deploy/backup.sh FOLDER}
mkdir -p "$into"
into=$(cd "$into" && pwd)
cd "$(dirname "$0")/.."
. deploy/compose.sh
moment=$(date -u +%Y-%m-%dT%H-%M-%SZ)
unfinished=$into/.unfinished-$moment
mkdir "$unfinished"
trap 'rm -rf "$unfinished"' EXIT
trap 'exit 1' HUP INT TERM
databases="airflow sverka"
# The real MoySklad keeps its own copies; the sandbox stands in for it in this very database.
if with_sandbox; then databases="$databases sandbox"; fi
compose exec -T scheduler python -m deploy.storage save reports >"$unfinished/reports.tar"
for database in $databases; do
  compose exec -T postgres pg_dump --username=postgres --format=custom "$database" >"$unfinished/$database.dump"
done
compose exec -T scheduler python -m deploy.storage save others >"$unfinished/storage.tar"
set -- include/couriers include/courier_schemas include/posting_schemes
if [ -f docker-compose.override.yaml ]; then set -- "$@" docker-compose.override.yaml; fi
tar -cf "$unfinished/settings.tar" "$@"
cp .env "$unfinished/env"
cp deploy/secrets/ssh_host_ed25519_key deploy/secrets/ssh_host_ed25519_key.pub "$unfinished/"
(git describe --always --dirty 2>/dev/null || echo unknown) >"$unfinished/version"
(cd "$unfinished" && sha256sum -- * >SHA256SUMS)
mv "$unfinished" "$into/$moment"
trap - EXIT
echo "$into/$moment"
