# Sourced by the scripts beside it: `compose …` is Compose v2 where there is one, else docker-compose.
compose() {
  if docker compose version >/dev/null 2>&1; then docker compose "$@"; else docker-compose "$@"; fi
}
