#!/bin/sh
# Makes .env from .env.example with strong secrets, and the SFTP server's host key.
# What is there already is kept: it is safe to repeat, also after an upgrade has brought new names.
set -eu
umask 077
cd "$(dirname "$0")/.."
for tool in openssl ssh-keygen; do
  command -v "$tool" >/dev/null || { echo "install $tool first (packages openssl, openssh-client)" >&2; exit 1; }
done

mkdir -p deploy/secrets
key=deploy/secrets/ssh_host_ed25519_key
[ -f "$key" ] || ssh-keygen -q -t ed25519 -N '' -C sverka -f "$key"

secret() {  # name → a value for it; nothing for what is not a secret
  case $1 in
    FERNET_KEY) openssl rand -base64 32 | tr '+/' '-_' ;;
    JWT_SECRET | API_SECRET_KEY) openssl rand -hex 48 ;;
    ADMIN_PASSWORD | *_DB_PASSWORD | POSTGRES_PASSWORD | REDIS_PASSWORD | SFTP_PASSWORD | GRAFANA_PASSWORD | \
      S3_ACCESS_KEY | S3_SECRET_KEY | MOYSKLAD_TOKEN) openssl rand -hex 20 ;;
    SFTP_HOST_KEY) cut -d' ' -f1,2 "$key.pub" ;;
  esac
}

touch .env
fresh=$(mktemp)
trap 'rm -f "$fresh"' EXIT
while IFS= read -r line || [ -n "$line" ]; do
  name=${line%%=*}
  case $line in
    '#'* | '') echo "$line" ;;
    *)
      kept=$(sed -n "s/^$name=//p" .env | tail -n 1)
      value=${kept:-${line#*=}}
      echo "$name=${value:-$(secret "$name")}"
      ;;
  esac
done <.env.example >"$fresh"
# A name that only this installation knows stays.
grep -v '^#' .env | while IFS= read -r line; do
  [ -z "$line" ] || grep -q "^${line%%=*}=" "$fresh" || echo "$line" >>"$fresh"
done
cat "$fresh" >.env
chmod 600 .env
echo ".env is complete: user $(sed -n 's/^ADMIN_USER=//p' .env), password $(sed -n 's/^ADMIN_PASSWORD=//p' .env)"
