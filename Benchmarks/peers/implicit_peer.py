"""implicit: BPR with one update per triplet on threads without locks, and the ranking of its own recommend."""

from protocol import THREADS, require, serve
from arrays import Arrays, mean_loss, np, ranking_metrics, ranking_note

bpr = require("implicit.cpu.bpr")
threadpool_limits = require("threadpoolctl").threadpool_limits
arrays = Arrays()


def trained():
    """A model at the given tables. implicit keeps item biases: a last column, of ones in the users' table."""
    users, items = arrays.tables()
    model = bpr.BayesianPersonalizedRanking(
        factors=users.shape[1],
        learning_rate=arrays.settings["learning_rate"],
        regularization=arrays.settings["l2"],
        iterations=1,
        num_threads=THREADS,
        verify_negative_samples=True,
    )
    model.user_factors = np.hstack([users, np.ones((len(users), 1), np.float32)])
    model.item_factors = np.hstack([items, np.zeros((len(items), 1), np.float32)])
    return model


def epoch():
    model, train, passes = trained(), arrays.matrix("train"), []

    def work():
        model.fit(train, show_progress=False, callback=lambda _, seconds, *counts: passes.append(seconds))
        return lambda: {
            "seconds": passes[0],
            "value": mean_loss(model.user_factors, model.item_factors, arrays.triplets()),
            "note": "its own clock of the pass; pairs drawn with replacement, known positives skipped; item biases",
        }

    return work


def evaluate():
    model, train, test = trained(), arrays.matrix("train"), arrays.pairs("test")
    users = np.unique(test[0])

    def work():
        with threadpool_limits(1, "blas"):  # as implicit asks for: it brings its own threads
            ranking, _ = model.recommend(users, train[users], N=20, filter_already_liked_items=True)
        metrics = ranking_metrics(ranking, users, test, train.shape[1])
        return lambda: {"value": metrics["recall@20"], "note": ranking_note(metrics)}

    return work


serve("implicit", require("implicit").__version__, {"bpr-sequential": epoch, "evaluate": evaluate})
