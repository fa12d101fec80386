#!/bin/sh
# Makes .env from .env.example with strong secrets, and the SFTP server's host key.
# What is there already is kept, empty values and comments too: it is safe to repeat, also after an
# upgrade has brought new names, and to interrupt: .env is replaced in one step.
set -eu
umask 077
cd "$(dirname "$0")/.."
for tool in openssl ssh-keygen; do
  command -v "$tool" >/dev/null || { echo "install $tool first (packages openssl, openssh-client)" >&2; exit 1; }
done

mkdir -p deploy/secrets
key=deploy/secrets/ssh_host_ed25519_key
[ -s "$key" ] || ssh-keygen -q -t ed25519 -N '' -C sverka -f "$key"
[ -s "$key.pub" ] || ssh-keygen -y -f "$key" >"$key.pub"

# What containers read from this folder, other users must be able to read: they are none of ours.
# A clone made under a strict umask is not so.
find include/couriers include/courier_schemas include/posting_schemes deploy/postgres deploy/monitoring \
  \( -type d ! -perm -005 -o -type f ! -perm -004 \) -exec chmod a+rX {} +

secret() {  # name → a value for it; nothing for what is not a secret
  case $1 in
    FERNET_KEY) openssl rand -base64 32 | tr '+/' '-_' ;;
    JWT_SECRET | API_SECRET_KEY) openssl rand -hex 48 ;;
    ADMIN_PASSWORD | *_DB_PASSWORD | POSTGRES_PASSWORD | REDIS_PASSWORD | SFTP_PASSWORD | GRAFANA_PASSWORD | \
      S3_ACCESS_KEY | S3_SECRET_KEY | MOYSKLAD_TOKEN) openssl rand -hex 20 ;;
    SFTP_HOST_KEY) cut -d' ' -f1,2 "$key.pub" ;;
  esac
}

new_names() {  # the lines of the example whose names .env does not have, with what explains them
  block=
  while IFS= read -r line; do
    case $line in
      '#'* | '') block=$block$line$newline ;;
      *)
        grep -q "^${line%%=*}=" "$kept" || printf '%s%s\n' "$block" "$line"
        block=
        ;;
    esac
  done <.env.example
}

newline='
'
kept=$(mktemp ./.env.kept.XXXXXX)
fresh=$(mktemp ./.env.fresh.XXXXXX)
trap 'rm -f "$kept" "$fresh"' EXIT
trap 'exit 1' HUP INT TERM
first=yes
if [ -s .env ]; then
  first=
  # An editor may have left Windows line ends, or a last line without an end.
  awk '{ sub(/\r$/, ""); print }' .env >"$kept"
fi
{ cat "$kept"; new_names; } | while IFS= read -r line; do
  value=
  case $line in '#'*) ;; *=) value=$(secret "${line%=}") ;; esac
  printf '%s%s\n' "$line" "$value"
done >"$fresh"
mv "$fresh" .env
if [ -n "$first" ]; then
  echo ".env is made: user $(sed -n 's/^ADMIN_USER=//p' .env), password $(sed -n 's/^ADMIN_PASSWORD=//p' .env)"
else
  echo ".env is complete; what stood there is kept"
fi
