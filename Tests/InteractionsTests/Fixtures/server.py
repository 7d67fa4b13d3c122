"""A server on 127.0.0.1 that can break connections: /cut/NAME always, /flaky/NAME on the first request only.

Prints its port, serves the folder given as its argument, and ends when its standard input is closed.
"""

import http.server
import os
import pathlib
import sys
import threading

folder = pathlib.Path(sys.argv[1])
served = set()


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        kind, name = self.path.strip("/").split("/", 1)
        path = folder / name
        if not path.is_file():
            self.send_error(404)
            return
        content = path.read_bytes()
        start = 0
        asked = self.headers.get("Range")
        if asked and kind == "flaky":
            start = int(asked.split("=")[1].rstrip("-"))
            self.send_response(206)
            self.send_header("Content-Range", f"bytes {start}-{len(content) - 1}/{len(content)}")
        else:
            self.send_response(200)
        self.send_header("Content-Length", str(len(content) - start))
        self.end_headers()
        cut = kind == "cut" or (kind == "flaky" and name not in served)
        served.add(name)
        self.wfile.write(content[start : len(content) // 2] if cut else content[start:])
        self.wfile.flush()
        if cut:
            self.connection.close()

    def log_message(self, *arguments):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()
print(server.server_address[1], flush=True)
sys.stdin.read()
os._exit(0)
