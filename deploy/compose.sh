# Sourced by the scripts beside it, in the folder of docker-compose.yaml.

compose() {  # Compose v2 where there is one, else docker-compose
  if docker compose version >/dev/null 2>&1; then docker compose "$@"; else docker-compose "$@"; fi
}

setting() {  # name, file → the value that Compose reads there, without its quotes
  sed -n "s/^$1=//p" "$2" | tail -n 1 | tr -d "\"'\r"
}

with_sandbox() {
  case ",${COMPOSE_PROFILES-$(setting COMPOSE_PROFILES .env)}," in *,sandbox,*) ;; *) return 1 ;; esac
}
