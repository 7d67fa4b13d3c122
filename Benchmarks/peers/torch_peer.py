"""PyTorch: training, evaluation and landscape, each written for speed on the processor."""

from protocol import THREADS, require, serve
from arrays import Arrays, np, ranking_metrics, ranking_note

torch = require("torch")
torch.set_num_threads(THREADS)

import torch_landscape  # noqa: E402
import torch_training  # noqa: E402

arrays = Arrays()


def evaluate(size=1024):
    """Scores of a batch of users by one matrix product, train items masked, the top 20, then the metrics."""
    users, items = (torch.from_numpy(table) for table in arrays.tables())
    offsets, test = arrays["train.row_offsets"], arrays.pairs("test")
    seen = [torch.from_numpy(column).long() for column in arrays.pairs("train")]
    tested = np.unique(test[0])
    room = torch.empty(size, len(items))

    @torch.no_grad()
    def work():
        rankings = []
        for start in range(0, len(users), size):
            end = min(start + size, len(users))
            scores = torch.mm(users[start:end], items.T, out=room[: end - start])
            places = slice(offsets[start], offsets[end])
            scores[seen[0][places] - start, seen[1][places]] = -torch.inf
            rankings.append(scores.topk(20).indices)
        metrics = ranking_metrics(torch.cat(rankings).numpy()[tested], tested, test, len(items))
        return lambda: {"value": metrics["recall@20"], "note": ranking_note(metrics)}

    return work


serve("torch", torch.__version__, {**torch_training.ROWS, "evaluate": evaluate, **torch_landscape.ROWS})
