"""The server that Prometheus scrapes: `/metrics`, and `/health` for whoever starts it."""

from collections.abc import Iterable
from typing import TYPE_CHECKING
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from prometheus_client import CollectorRegistry, make_wsgi_app
from prometheus_client.exposition import ThreadingWSGIServer

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment


def app(registry: CollectorRegistry) -> "WSGIApplication":
    """`/health` tells that the process lives; what the database does, `sverka_up` tells."""
    metrics: WSGIApplication = make_wsgi_app(registry)

    def answer(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        if path == "/metrics":
            return metrics(environ, start_response)
        status, words = ("200 OK", b"ok\n") if path == "/health" else ("404 Not Found", b"")
        start_response(status, [("Content-Type", "text/plain; charset=utf-8")])
        return [words]

    return answer


def server(registry: CollectorRegistry, host: str, port: int) -> WSGIServer:
    """A server that is bound and does not serve yet; port 0 takes a free one.

    Raises:
        OSError: the address is taken or is not of this machine.
    """
    return make_server(host, port, app(registry), ThreadingWSGIServer, _Handler)


class _Handler(WSGIRequestHandler):
    timeout = 15  # seconds; whoever connects and says nothing does not keep a thread

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name of the library
        """A scrape every half a minute is no news."""
