#!/bin/sh
# deploy/backup.sh FOLDER: both databases and the storage into FOLDER/<moment>/, while all of it runs.
#
# The databases come first: what is archived after that moment is in the storage and not in the
# books, which harms nobody; a book that names a file which is not there would.
set -eu
umask 077
into=${1:?usage: deploy/backup.sh FOLDER}
cd "$(dirname "$0")/.."
. deploy/compose.sh
moment=$(date -u +%Y-%m-%dT%H-%M-%SZ)
mkdir -p "$into"
into=$(cd "$into" && pwd)
unfinished=$into/.unfinished-$moment
mkdir "$unfinished"
trap 'rm -rf "$unfinished"' EXIT
databases="sverka airflow"
# The real MoySklad keeps its own copies; the sandbox stands in for it in this very database.
case $(sed -n 's/^COMPOSE_PROFILES=//p' .env) in *sandbox*) databases="$databases sandbox" ;; esac
for database in $databases; do
  compose exec -T postgres pg_dump --username=postgres --format=custom "$database" >"$unfinished/$database.dump"
done
compose exec -T scheduler python -m deploy.storage save >"$unfinished/storage.tar"
cp .env "$unfinished/env"
cp deploy/secrets/ssh_host_ed25519_key "$unfinished/"
(cd "$unfinished" && sha256sum -- * >SHA256SUMS)
mv "$unfinished" "$into/$moment"
trap - EXIT
echo "$into/$moment"
