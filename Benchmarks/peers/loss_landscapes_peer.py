"""loss-landscapes: a filter-normalised random plane, its tables moved from point to point."""

import time

from protocol import THREADS, require, serve
from arrays import Arrays

torch = require("torch")
library = require("loss_landscapes")
Metric = require("loss_landscapes.metrics.metric").Metric
version = require("importlib.metadata").version("loss-landscapes")
torch.set_num_threads(THREADS)

from torch_landscape import load, load_triplets, loss_at  # noqa: E402

arrays = Arrays()


class Tables(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.users, self.items = (torch.nn.Parameter(table) for table in load())


class Loss(Metric):
    """The loss of the fixed triplets; remembers when it was asked for the first and the last time."""

    def __init__(self, triplets):
        super().__init__()
        self.triplets, self.ends = triplets, []

    def __call__(self, wrapper):
        value = loss_at(*wrapper.get_module_parameters(), self.triplets)
        self.ends.append(time.perf_counter())
        return value


def surface_points():
    """A grid of 2 × 2, whose last corner but one is the minimum itself; three steps between its points are timed."""
    model, metric = Tables(), Loss(load_triplets())
    points = len(arrays["axis"]) ** 2

    def work():
        start = time.perf_counter()
        plane = library.random_plane(model, metric, distance=1, steps=2, normalization="filter")
        steps = len(metric.ends) - 1
        step = (metric.ends[-1] - metric.ends[0]) / steps
        directions = metric.ends[0] - start - step
        return lambda: {
            "seconds": directions + points * step,
            "value": float(plane[1][1]),
            "extrapolated_from": steps,
            "of": points,
            "note": f"{directions:.1f} s of it to draw and normalise two directions of its own",
        }

    return work


serve("loss-landscapes", version, {"surface-2d-points": surface_points})
