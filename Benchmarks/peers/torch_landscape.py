"""The loss landscape in PyTorch: surfaces, gradient, Hessian–vector product and what is quickly made of it.

The loss is the mean BPR loss, without L2, of the fixed triplets: the same function in every row.
"""

import torch
import torch.nn.functional as F

from arrays import Arrays

arrays = Arrays()


def load(number=0):
    """The tables (0) or a normalised direction (1, 2)."""
    return [torch.from_numpy(table) for table in (arrays.direction(number) if number else arrays.tables())]


def load_triplets():
    return [torch.from_numpy(index).long() for index in arrays.triplets()]


def split(triplets, size):
    return zip(*(index.split(size) for index in triplets))


def full_loss(users, items, triplets):
    u, i, j = (table.index_select(0, at) for table, at in zip((users, items, items), triplets))
    return F.softplus(-(u * (i - j)).sum(1)).mean()


@torch.no_grad()
def loss_at(users, items, triplets, size=2048):
    """The loss without derivatives, in pieces that stay in the cache."""
    total = 0.0
    for u, i, j in split(triplets, size):
        difference = items.index_select(0, j).sub_(items.index_select(0, i))
        total += F.softplus((users.index_select(0, u) * difference).sum(1)).sum(dtype=torch.float64)
    return float(total) / len(triplets[0])


def surface_points():
    """Perturb the tables for every point and evaluate: three points timed, the middle one last."""
    base, first, second, triplets = load(0), load(1), load(2), load_triplets()
    axis = arrays["axis"]
    middle, points = len(axis) // 2, len(axis) ** 2
    timed = [(0, 0), (middle, len(axis) - 1), (middle, middle)]

    def work():
        for a, b in timed:
            at = [
                torch.add(table, d, alpha=float(axis[a])).add_(e, alpha=float(axis[b]))
                for table, d, e in zip(base, first, second)
            ]
            value = loss_at(*at, triplets)
        return lambda: {"value": value, "extrapolated_from": len(timed), "of": points}

    return work


def quadratic(vectors, triplets, size=4096):
    """(6, n): coefficients of 1, a, b, a², ab, b² in every margin. vectors: tables and two directions."""
    users, items = (torch.stack(tables, 1) for tables in zip(*vectors))  # (rows, 3, d)
    pieces = []
    for u, i, j in split(triplets, size):
        products = torch.bmm(users[u], (items[i] - items[j]).transpose(1, 2))  # (size, 3, 3)
        p = (products + products.transpose(1, 2)).permute(1, 2, 0)
        pieces.append(torch.stack((p[0, 0] / 2, p[0, 1], p[0, 2], p[1, 1] / 2, p[1, 2], p[2, 2] / 2)))
    return torch.cat(pieces, 1)


def surface_quadratic(size=2048):
    """Every margin as a quadratic form in the coordinates, then the whole grid for a piece of triplets at a time."""
    vectors, triplets = [load(number) for number in range(3)], load_triplets()
    axis = torch.from_numpy(arrays["axis"])

    @torch.no_grad()
    def work():
        coefficients = quadratic(vectors, triplets)
        a, b = (grid.flatten() for grid in torch.meshgrid(axis, axis, indexing="ij"))
        powers = torch.stack((torch.ones_like(a), a, b, a * a, a * b, b * b), 1).neg_()  # (points, 6): gives −x
        # exp and log1p in place are the fastest softplus, and exact, where no margin of the grid can overflow exp.
        bound = float((powers.abs().amax(0) @ coefficients.abs()).max())
        losses, room = torch.zeros(len(a), dtype=torch.float64), torch.empty(len(a) * size)
        for piece in coefficients.split(size, 1):
            x = room[: len(a) * piece.shape[1]].view(len(a), -1)
            torch.mm(powers, piece, out=x)
            losses += (x.exp_().log1p_() if bound < 80 else torch._C._nn.softplus(x, out=x)).sum(1)
        losses /= len(triplets[0])
        return lambda: {"value": float(losses[len(a) // 2]), "note": f"largest margin at most {bound:.0f}"}

    return work


def leaves():
    return [table.requires_grad_() for table in load(0)]


def gradient():
    at, triplets = leaves(), load_triplets()

    def work():
        found = torch.autograd.grad(full_loss(*at, triplets), at)
        return lambda: {"value": norm(found), "note": "value: norm of the gradient"}

    return work


def product():
    """v ↦ Hv by differentiating the gradient twice, whose graph is made once and kept."""
    at = leaves()
    slope = torch.autograd.grad(full_loss(*at, load_triplets()), at, create_graph=True)
    return lambda vector: torch.autograd.grad(slope, at, vector, retain_graph=True)


def norm(parts):
    lengths = [torch.linalg.vector_norm(part, dtype=torch.float64) for part in parts]
    return float(torch.linalg.vector_norm(torch.stack(lengths)))


def hvp():
    hessian, direction = product(), load(1)

    def work():
        found = hessian(direction)
        note = "the gradient's graph is kept, not timed; value: norm of H·direction 1"
        return lambda: {"value": norm(found), "note": note}

    return work


def lambda_max(iterations=20):
    torch.manual_seed(0)
    vector = [torch.randn_like(table) for table in load(0)]

    def work():
        hessian, at = product(), vector
        for _ in range(iterations):
            length = norm(at)
            at = [part / length for part in at]
            found = hessian(at)
            value = float(sum((p * q).sum() for p, q in zip(at, found)))
            at = found
        return lambda: {"value": value, "note": "power iteration"}

    return work


def trace(probes=20):
    torch.manual_seed(0)
    like = load(0)

    def work():
        hessian, total = product(), 0.0
        for _ in range(probes):
            signs = [torch.randint_like(table, 2).mul_(2).sub_(1) for table in like]
            total += float(sum((p * q).sum() for p, q in zip(signs, hessian(signs))))
        return lambda: {"value": total / probes, "note": "Hutchinson, random signs"}

    return work


ROWS = {
    "surface-2d-points": surface_points,
    "surface-2d-quadratic": surface_quadratic,
    "gradient": gradient,
    "hvp": hvp,
    "lambda-max": lambda_max,
    "trace": trace,
}
