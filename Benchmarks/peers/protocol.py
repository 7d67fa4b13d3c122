"""What every peer script does first and last: threads, the standard output, and the loop that answers the program.

A peer is started as `python <peer>.py <arrays file> <threads>`. Import this module before any other, so that the
number of threads is set before a numerical library reads it and nothing but answers reaches the standard output.
"""

import gc
import importlib
import json
import os
import sys
import time

if len(sys.argv) != 3:
    sys.exit(f"usage: {sys.argv[0]} <arrays file> <threads>")
ARRAYS, THREADS = sys.argv[1], int(sys.argv[2])
for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ[name] = str(THREADS)

# Libraries print to the standard output, from C too: keep it for the answers, and give them the standard error.
_answers = os.fdopen(os.dup(1), "w", buffering=1)
os.dup2(2, 1)


def say(answer):
    print(json.dumps(answer), file=_answers)


def skip(reason):
    """Tell the benchmark program why this peer takes no part, and end."""
    say({"skip": reason})
    sys.exit(0)


def require(module):
    """The module, or a skip that says why it cannot be imported."""
    try:
        return importlib.import_module(module)
    except Exception as error:  # a library that does not fit its dependencies raises anything
        skip(f"{module.split('.')[0]} cannot be imported: {type(error).__name__}: {error}")


def serve(peer, version, rows):
    """Answer the benchmark program until it says quit.

    `rows[name]()` prepares outside the clock and returns `work`. `work()` is timed; what it returns is called outside
    the clock and gives the rest of the answer, whose own "seconds", if any, win over the clock's. With
    "extrapolated_from" and "of" in it, the clock's are scaled up from so many points to all.
    """
    say({"peer": peer, "version": version, "rows": list(rows)})
    for line in sys.stdin:
        name = line.strip()
        if name == "quit":
            break
        try:
            work = rows[name]()
            gc.collect()
            start = time.perf_counter()
            rest = work()
            seconds = time.perf_counter() - start
            answer = rest()
            seconds *= answer.get("of", 1) / answer.get("extrapolated_from", 1)
            say({"row": name, "seconds": seconds, **answer})
        except Exception as error:
            say({"row": name, "error": f"{type(error).__name__}: {error}"})
        work = rest = answer = None  # frees the row's memory before the next
