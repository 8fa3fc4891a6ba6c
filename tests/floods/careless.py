"""A server that breaks every promise of the comment form in turn: planted faults, for what looks on from outside."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import cycle

ANSWERS: tuple[tuple[int, dict[str, str]] | None, ...] = (
    (500, {}),
    (503, {}),
    (503, {"Retry-After": "5"}),
    (201, {}),
    None,
)


@contextmanager
def careless() -> Iterator[int]:
    """Such a server; yields its port."""
    answers, guard = cycle(ANSWERS), threading.Lock()

    class Careless(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            with guard:
                answer = next(answers)
            if answer is None:
                self.close_connection = True
                return
            self.send_response(answer[0])
            for name, text in answer[1].items():
                self.send_header(name, text)
            self.end_headers()
            self.wfile.write("您的意见没有收到".encode())

        def do_GET(self) -> None:
            self.send_error(502)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Careless)
    serving = threading.Thread(target=server.serve_forever)
    serving.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        serving.join()
        server.server_close()
