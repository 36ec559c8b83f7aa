"""A server of one page, on this machine alone."""

import threading
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

HOST = "127.0.0.1"


class PageServer(ThreadingHTTPServer):
    """Serves one HTML page at ``/`` on the loopback interface and nothing else.

    Args:
        html: The page.
        port: 0 takes a free one.
    Raises:
        OSError: The port is taken.
    """

    daemon_threads = True
    allow_reuse_address = False

    def __init__(self, html: str, port: int = 0) -> None:
        self.body = html.encode()
        super().__init__((HOST, port), _Handler)

    @property
    def address(self) -> str:
        """``http://127.0.0.1:PORT/``."""
        return f"http://{HOST}:{self.server_address[1]}/"

    def start(self) -> threading.Thread:
        """Serve in a thread, until `shutdown`."""
        thread = threading.Thread(target=self.serve_forever, name="samscape explore", daemon=True)
        thread.start()
        return thread


class _Handler(BaseHTTPRequestHandler):
    server: PageServer  # pyright: ignore[reportIncompatibleVariableOverride]
    server_version, sys_version = "samscape", ""

    def do_GET(self) -> None:
        self._answer(with_body=True)

    def do_HEAD(self) -> None:
        self._answer(with_body=False)

    def _answer(self, with_body: bool) -> None:
        port = self.server.server_address[1]
        # a name of another site that resolves to this machine must not read from here
        if self.headers.get("Host") not in {f"{HOST}:{port}", f"localhost:{port}"}:
            self.send_error(HTTPStatus.MISDIRECTED_REQUEST)
            return
        if self.path.partition("?")[0] != "/":
            self.send_error(HTTPStatus.NOT_FOUND)
            return
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(self.server.body)))
        self.send_header("Cache-Control", "no-store")
        self.send_header("X-Content-Type-Options", "nosniff")
        self.end_headers()
        if with_body:
            self.wfile.write(self.server.body)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing is logged: the terminal is the reader's."""
