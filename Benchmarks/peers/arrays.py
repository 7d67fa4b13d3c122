"""The arrays that the benchmark program wrote, and the two measures that show that a row did its work."""

import json
import struct

from protocol import ARRAYS, require

np = require("numpy")


class Arrays:
    """Tensors by name, read when asked for, and settings: a safetensors file."""

    _types = {"F32": "<f4", "I32": "<i4", "I64": "<i8"}

    def __init__(self, path=ARRAYS):
        self._path = path
        with open(path, "rb") as file:
            (length,) = struct.unpack("<Q", file.read(8))
            self._header = json.loads(file.read(length))
        self._start = 8 + length
        self.settings = {name: float(text) for name, text in self._header.pop("__metadata__", {}).items()}

    def __getitem__(self, name):
        entry = self._header[name]
        begin, end = entry["data_offsets"]
        kind = np.dtype(self._types[entry["dtype"]])
        values = np.fromfile(self._path, kind, (end - begin) // kind.itemsize, offset=self._start + begin)
        return values.reshape(entry["shape"])

    def tables(self):
        """The trained embeddings, (users, d) and (items, d)."""
        return self["user_embedding.weight"], self["item_embedding.weight"]

    def direction(self, number):
        """Normalised direction 1 or 2, shaped as the tables."""
        return self[f"direction{number}.user"], self[f"direction{number}.item"]

    def triplets(self):
        """User, positive and negative of the fixed loss, each (n)."""
        return tuple(self["triplets." + name] for name in ("user", "positive", "negative"))

    def pairs(self, split):
        """User and item of every interaction of a split, each (n), sorted."""
        counts = np.diff(self[split + ".row_offsets"])
        return np.repeat(np.arange(len(counts), dtype=np.int32), counts), self[split + ".columns"]

    def matrix(self, split):
        """The interactions of a split as ones in a scipy CSR matrix, (users, items)."""
        columns, offsets = self[split + ".columns"], self[split + ".row_offsets"].astype(np.int32)
        shape = tuple(len(table) for table in self.tables())
        return require("scipy.sparse").csr_matrix((np.ones(len(columns), np.float32), columns, offsets), shape)


def mean_loss(users, items, triplets, chunk=65536):
    """Mean BPR loss of the triplets, softplus(−x), summed in double precision."""
    total = 0.0
    for start in range(0, len(triplets[0]), chunk):
        u, i, j = (index[start : start + chunk] for index in triplets)
        margins = np.einsum("nd,nd->n", users[u], items[i] - items[j])
        total += np.logaddexp(0, -margins, dtype=np.float64).sum()
    return total / len(triplets[0])


def ranking_metrics(ranking, users, test, items, cutoffs=(10, 20)):
    """Recall@K and NDCG@K by name, averaged over users; the ideal of NDCG has min(K, |T_u|) ones.

    ranking: (len(users), max K) item ids, best first. test: users and items of the test split, sorted by both.
    """
    known = test[0].astype(np.int64) * items + test[1]
    asked = users[:, None].astype(np.int64) * items + ranking
    hits = known[np.minimum(np.searchsorted(known, asked), len(known) - 1)] == asked
    relevant = np.bincount(test[0], minlength=users.max() + 1)[users]
    discounts = 1 / np.log2(np.arange(2, max(cutoffs) + 2))
    ideal = np.cumsum(discounts)
    result = {}
    for k in cutoffs:
        gain = (hits[:, :k] * discounts[:k]).sum(1)
        result[f"recall@{k}"] = float((hits[:, :k].sum(1) / relevant).mean())
        result[f"ndcg@{k}"] = float((gain / ideal[np.minimum(k, relevant) - 1]).mean())
    return result


def ranking_note(metrics):
    return ", ".join(f"{name} {value:.5f}" for name, value in metrics.items())
