#!/bin/sh
# deploy/restore.sh FOLDER/<moment>: an installation as it was at that moment.
#
# For a machine that has nothing yet, or after everything is lost. It refuses to write over an
# installation that is there: say `docker compose down --volumes` first, if you mean that.
set -eu
from=${1:?usage: deploy/restore.sh FOLDER/MOMENT}
from=$(cd "$from" && pwd)
cd "$(dirname "$0")/.."
. deploy/compose.sh
(cd "$from" && sha256sum --check --quiet SHA256SUMS)
if [ ! -f .env ]; then
  umask 077
  mkdir -p deploy/secrets
  cp "$from/env" .env
  cp "$from/ssh_host_ed25519_key" deploy/secrets/
fi

# The storage before the books: a book must never name a file that is not there.
compose run --rm -T init python -m deploy.init --buckets
tables=$(compose exec -T postgres psql --username=postgres --dbname=sverka --tuples-only --no-align \
  --command="select count(*) from pg_tables where schemaname = 'public'")
if [ "$tables" != 0 ]; then
  echo "there is an installation here already ($tables tables); nothing was touched" >&2
  exit 1
fi
compose run --rm -T --no-deps init python -m deploy.storage load <"$from/storage.tar"
for dump in "$from"/*.dump; do
  compose exec -T postgres pg_restore --username=postgres --dbname="$(basename "$dump" .dump)" \
    --single-transaction --exit-on-error <"$dump"
done
compose run --rm -T --no-deps init
compose run --rm -T --no-deps init sverka verify

# What was booked in MoySklad after that moment is known there and not here. So before anything is
# posted, MoySklad is read anew, and what is not sent yet will be looked up before it is.
case $(sed -n 's/^COMPOSE_PROFILES=//p' .env) in
  *sandbox*)
    compose up -d sandbox
    until compose exec -T sandbox python -m deploy.healthy; do sleep 2; done
    ;;
esac
compose run --rm -T --no-deps init sverka restored
compose up -d
echo "restored as of $(basename "$from")"
