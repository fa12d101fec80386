#!/bin/sh
# deploy/restore.sh FOLDER/<moment>: an installation as it was at that moment.
#
# For a machine that has nothing yet, or after everything is lost. It refuses to write over an
# installation that is there: say `docker compose down --volumes` first, if you mean that. What was
# interrupted goes on when it is said again; until it has ended, nothing may be started by hand.
set -eu
from=${1:?usage: deploy/restore.sh FOLDER/MOMENT}
from=$(cd "$from" && pwd)
cd "$(dirname "$0")/.."
. deploy/compose.sh
umask 077

refuse() {
  echo "$1; nothing was touched" >&2
  exit 1
}

tables() {  # database → how many tables it has
  compose exec -T postgres psql --username=postgres --dbname="$1" --tuples-only --no-align \
    --command="select count(*) from pg_tables where schemaname = 'public'"
}

(cd "$from" && sha256sum --check --quiet SHA256SUMS)
echo "made by version $(cat "$from/version")"
if [ ! -f .env ]; then
  mkdir -p deploy/secrets
  cp "$from/ssh_host_ed25519_key" "$from/ssh_host_ed25519_key.pub" deploy/secrets/
  tar -xpf "$from/settings.tar"
  cp "$from/env" .env.restored
  mv .env.restored .env
elif [ "$(setting FERNET_KEY .env)" != "$(setting FERNET_KEY "$from/env")" ]; then
  refuse ".env is another installation's than the backup: move it and deploy/secrets away"
fi

# The storage before the books: a book must never name a file that is not there.
compose run --rm -T init python -m deploy.init --buckets
if [ ! -f .restoring ]; then
  for database in airflow sverka; do
    found=$(tables "$database")
    [ "$found" = 0 ] || refuse "there is an installation here already ($found tables in $database)"
  done
elif [ "$(cat .restoring)" != "$from" ]; then
  refuse "the restore of $(cat .restoring) is not finished; end it, or empty all (docker compose \
down --volumes) and remove the file .restoring"
fi
echo "$from" >.restoring
trap 'echo "NOT FINISHED: do not start anything. Without the reason above, say the same again: it goes on." >&2' EXIT
trap 'exit 1' HUP INT TERM
for part in storage reports; do
  compose run --rm -T --no-deps init python -m deploy.storage load <"$from/$part.tar"
done
for dump in "$from"/*.dump; do
  database=$(basename "$dump" .dump)
  found=$(tables "$database")
  if [ "$found" = 0 ]; then  # else loaded before the interruption: as a whole or not at all
    compose exec -T postgres pg_restore --username=postgres --dbname="$database" \
      --single-transaction --exit-on-error <"$dump"
  fi
done
compose run --rm -T --no-deps init
verified=0
compose run --rm -T --no-deps init sverka verify || verified=$?
case $verified in
  0) ;;
  5) echo "The journal does not hold, see above and docs/trace.md; the restore goes on." >&2 ;;
  *) exit 1 ;;
esac

# What was booked in MoySklad after that moment is known there and not here. So before anything is
# posted, MoySklad is read anew, and what is not sent yet will be looked up before it is.
if with_sandbox; then
  compose up -d sandbox
  tries=60
  until compose exec -T sandbox python -m deploy.healthy; do
    tries=$((tries - 1))
    [ "$tries" -gt 0 ] || exit 1
    sleep 2
  done
fi
compose run --rm -T --no-deps init sverka restored
rm .restoring
trap - EXIT
compose up -d
echo "restored as of $(basename "$from")"
