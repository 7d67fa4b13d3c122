"""PyHessian: Hessian–vector product, largest eigenvalue, trace and density of the full-batch BPR loss."""

from protocol import THREADS, require, serve
from arrays import Arrays, np

torch = require("torch")
pyhessian = require("pyhessian")
hessian_vector_product = require("pyhessian.utils").hessian_vector_product
version = require("importlib.metadata").version("PyHessian")
torch.set_num_threads(THREADS)
arrays = Arrays()


def eig(matrix, eigenvectors):
    """What density asks of torch.eig, which PyTorch no longer has, for its symmetric matrix of 30 × 30."""
    values, vectors = torch.linalg.eigh(matrix)
    return torch.stack((values, torch.zeros_like(values)), 1), vectors


torch.eig = eig


class Margins(torch.nn.Module):
    """Triplets (n, 3) to margins (n)."""

    def __init__(self):
        super().__init__()
        self.users, self.items = (torch.nn.Parameter(torch.from_numpy(table)) for table in arrays.tables())

    def forward(self, triplets):
        u, i, j = triplets.T
        rows = self.users.index_select(0, u)
        return (rows * (self.items.index_select(0, i) - self.items.index_select(0, j))).sum(1)


def softplus(margins, _):
    return torch.nn.functional.softplus(-margins).mean()


def prepare():
    torch.manual_seed(0)
    triplets = torch.from_numpy(np.stack(arrays.triplets(), 1)).long()
    return Margins(), (triplets, torch.empty(0))


def analysis(model, data):
    """PyHessian's object: it makes the graph of the gradient, which every product then uses."""
    return pyhessian.hessian(model, softplus, data=data, cuda=False)


def release(made):
    """Break the cycle of parameters and gradients with a graph, which would stay in memory for ever."""
    for parameter in made.params:
        parameter.grad = None


def hvp():
    made = analysis(*prepare())
    direction = [torch.from_numpy(part) for part in arrays.direction(1)]

    def work():
        found = hessian_vector_product(made.gradsH, made.params, direction)

        def rest():
            release(made)
            value = float(sum(part.double().square().sum() for part in found).sqrt())
            return {"value": value, "note": "the gradient's graph is kept, not timed; value: norm of H·direction 1"}

        return rest

    return work


def whole(compute):
    """A row that makes PyHessian's object and runs one of its methods."""

    def row():
        prepared = prepare()

        def work():
            made = analysis(*prepared)
            value = compute(made)

            def rest():
                release(made)
                return {"value": float(value)}

            return rest

        return work

    return row


# Tolerances that never stop early, so that the number of products is the one asked for.
ROWS = {
    "hvp": hvp,
    "lambda-max": whole(lambda made: made.eigenvalues(maxIter=20, tol=-np.inf)[0][0]),
    "trace": whole(lambda made: np.mean(made.trace(maxIter=20, tol=-np.inf))),
    "density": whole(lambda made: max(made.density(iter=30, n_v=1)[0][0])),
}
serve("pyhessian", version, ROWS)
