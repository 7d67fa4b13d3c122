"""Cornac: BPR with one update per triplet on threads without locks, and the ranking of its own evaluation."""

import time

from protocol import THREADS, require, serve
from arrays import Arrays, mean_loss, np, ranking_note

cornac = require("cornac")
ranking_eval = require("cornac.eval_methods.base_method").ranking_eval
arrays = Arrays()


def dataset(split):
    """A split under the ids of the arrays: every user and item is known, also those that the split lacks."""
    users, items = arrays.pairs(split)
    known = tuple({number: number for number in range(len(table))} for table in arrays.tables())
    ratings = (users, items, np.ones(len(users), np.float32))
    return cornac.data.Dataset(len(known[0]), len(known[1]), *known, ratings)


def model(**options):
    """Cornac's model at the given tables."""
    users, items = arrays.tables()
    return cornac.models.BPR(
        k=users.shape[1],
        max_iter=1,
        learning_rate=arrays.settings["learning_rate"],
        lambda_reg=arrays.settings["l2"],
        num_threads=THREADS,
        init_params={"U": users, "V": items},
        **options,
    )


def epoch():
    made, train, seconds = model(), dataset("train"), []
    _ = train.matrix  # made once and kept
    descend = made._fit_sgd

    def timed(*arguments):
        start = time.perf_counter()
        counts = descend(*arguments)
        seconds.append(time.perf_counter() - start)
        return counts

    made._fit_sgd = timed

    def work():
        made.fit(train)
        return lambda: {
            "seconds": seconds[0],
            "value": mean_loss(made.u_factors, made.i_factors, arrays.triplets()),
            "note": "the pass alone; pairs drawn with replacement, known positives skipped; item biases",
        }

    return work


def evaluate():
    made, train, test = model(trainable=False), dataset("train"), dataset("test")
    made.fit(train)
    metrics = [kind(k=k) for k in (10, 20) for kind in (cornac.metrics.Recall, cornac.metrics.NDCG)]

    def work():
        means, _ = ranking_eval(made, metrics, train, test, rating_threshold=1.0)
        named = {metric.name.lower(): float(mean) for metric, mean in zip(metrics, means)}
        return lambda: {"value": named["recall@20"], "note": ranking_note(named)}

    return work


serve("cornac", cornac.__version__, {"bpr-sequential": epoch, "evaluate": evaluate})
