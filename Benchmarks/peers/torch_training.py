"""One epoch of training in PyTorch: every interaction once in random order, each with a fresh uniform negative."""

import torch
import torch.nn.functional as F

from arrays import Arrays, mean_loss

arrays = Arrays()
BATCH = int(arrays.settings.get("batch", 2048))
L2 = arrays.settings.get("l2", 1e-4)
RATE = arrays.settings.get("learning_rate", 1e-3)
RHO = arrays.settings.get("rho", 0.5)
ALPHA = arrays.settings.get("alpha", 1)
LAMBDA = arrays.settings.get("lambda", 0.1)


def tables():
    """The trained tables as leaves that autograd follows."""
    return [torch.from_numpy(table).requires_grad_() for table in arrays.tables()]


def bpr(users, items):
    """Mean softplus(−x) + λ₂/2 · mean of ‖e_u‖² + ‖e_i‖² + ‖e_j‖². users: (B, d); items: positives over negatives."""
    positives, negatives = items.chunk(2)
    data = F.softplus(-(users * (positives - negatives)).sum(1)).mean()
    return data + L2 / 2 / len(users) * (users.square().sum() + items.square().sum())


def batches(pairs, items):
    """(places of the pairs in the train split, users (B), positives over negatives (2B)) of one epoch."""
    order = torch.randperm(len(pairs[0]))
    users, positives = pairs[0][order], pairs[1][order]
    negatives = torch.randint(items, (len(order),))
    for places, u, i, j in zip(*(column.split(BATCH) for column in (order, users, positives, negatives))):
        yield places, u, torch.cat((i, j))


def sparse_epoch(users, items, pairs, optimiser):
    """Gradients as sparse tensors, so that the optimiser touches only the rows of the batch."""
    for _, u, ij in batches(pairs, len(items)):
        optimiser.zero_grad()
        bpr(F.embedding(u, users, sparse=True), F.embedding(ij, items, sparse=True)).backward()
        optimiser.step()


def dense_epoch(users, items, pairs, optimiser, gradient):
    """Gradients found on the batch's own rows and laid into a dense one that stays allocated.

    Faster than a dense backward pass, which fills and adds whole tables in every batch (measured: APR 0.75 of its
    time, SAM 0.7, BPR 1.0).
    """
    users.grad, items.grad = torch.zeros_like(users), torch.zeros_like(items)
    for places, u, ij in batches(pairs, len(items)):
        user_rows, u = torch.unique(u, return_inverse=True)
        item_rows, ij = torch.unique(ij, return_inverse=True)
        rows = users.detach()[user_rows], items.detach()[item_rows]
        users.grad[user_rows], items.grad[item_rows] = gradient(rows, u, ij, places)
        optimiser.step()
        users.grad[user_rows], items.grad[item_rows] = 0, 0


def differentiate(loss, rows, u, ij):
    """Gradient of a loss of gathered rows with respect to the two lists of rows."""
    rows = [part.requires_grad_() for part in rows]
    return torch.autograd.grad(loss(rows[0].index_select(0, u), rows[1].index_select(0, ij)), rows)


def bpr_gradient(rows, u, ij, places):
    return differentiate(bpr, rows, u, ij)


def sharpcf_gradient(scores):
    """BPR + λ · mean (ŷ − ŷ of earlier)² over the positives; `scores` (2, n) holds those of earlier and takes new."""
    then, now = scores

    def gradient(rows, u, ij, places):
        def loss(users, items):
            score = (users * items[: len(users)]).sum(1)
            now[places] = score.detach()
            return bpr(users, items) + LAMBDA * (score - then[places]).square().mean()

        return differentiate(loss, rows, u, ij)

    return gradient


def apr_gradient(rows, u, ij, places):
    """L(θ) + α·L(θ + Δ), every row of Δ of norm ρ along the gradient."""
    clean = differentiate(bpr, rows, u, ij)
    moved = [row.detach() + RHO * F.normalize(g, eps=1e-30) for row, g in zip(rows, clean)]
    return [g.add_(h, alpha=ALPHA) for g, h in zip(clean, differentiate(bpr, moved, u, ij))]


def sam_gradient(rows, u, ij, places):
    """∇L(θ + ρ·g/‖g‖), the norm over all parameters: rows outside the batch have none."""
    clean = differentiate(bpr, rows, u, ij)
    scale = RHO / torch.sqrt(sum(g.square().sum() for g in clean))
    return differentiate(bpr, [row.detach() + scale * g for row, g in zip(rows, clean)], u, ij)


def epoch(optimiser, gradient=None):
    """A training row: `optimiser` makes one for the tables, `gradient` the rule of a dense epoch."""

    def prepare():
        torch.manual_seed(0)
        users, items = tables()
        pairs = [torch.from_numpy(column).long() for column in arrays.pairs("train")]
        made = optimiser([users, items])
        rule = gradient and gradient(users, items, pairs)

        def work():
            if rule:
                dense_epoch(users, items, pairs, made, rule)
            else:
                sparse_epoch(users, items, pairs, made)
            return lambda: {
                "value": mean_loss(users.detach().numpy(), items.detach().numpy(), arrays.triplets()),
                "note": "uniform negatives, known positives not rejected",
            }

        return work

    return prepare


def adam(parameters):
    return torch.optim.Adam(parameters, lr=RATE, fused=True)


def earlier_scores(users, items, pairs, chunk=65536):
    """(2, n): the scores of the train pairs at the tables, and room for those of this epoch."""
    parts = zip(*(column.split(chunk) for column in pairs))
    with torch.no_grad():
        scores = torch.cat([(users[u] * items[i]).sum(1) for u, i in parts])
    return torch.stack((scores, torch.full_like(scores, torch.nan)))


ROWS = {
    "bpr-sgd": epoch(lambda parameters: torch.optim.SGD(parameters, lr=RATE)),
    "bpr-lazy-adam": epoch(lambda parameters: torch.optim.SparseAdam(parameters, lr=RATE)),
    "bpr-adam": epoch(adam, lambda *_: bpr_gradient),
    "sharpcf-adam": epoch(adam, lambda *at: sharpcf_gradient(earlier_scores(*at))),
    "apr-adam": epoch(adam, lambda *_: apr_gradient),
    "sam-adam": epoch(adam, lambda *_: sam_gradient),
}
