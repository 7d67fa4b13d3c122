#!/usr/bin/env python3
"""Turn a trained PyTorch, RecBole or NumPy model into a Landscape checkpoint.

    pip install numpy safetensors            (and torch, for .pt and .pth files)
    python3 export_pytorch.py model.pt -o model.bin --dataset gowalla
    python3 export_pytorch.py saved/LightGCN.pth -o lightgcn.bin --recbole-dataset saved/ml-100k-Dataset.pth
    python3 export_pytorch.py users.npy items.npy -o mf.bin
    landscape model.bin --dims 2

Inputs: a state dictionary or a whole nn.Module as torch.save writes it, a RecBole checkpoint, an .npz or .safetensors
file that holds both tables, or two .npy files (users first). From inside Python, `write_checkpoint` does the same.
Pickles are read without running any code of theirs: classes that are not needed stay empty shells.

Which row is which user?  Landscape numbers users and items by their ids: whole numbers ascending, other ids by their
UTF-8 bytes; LightGCN text files hold row numbers already. If your rows follow another order, give it with --user-tokens
and --item-tokens: one id per row, as a text file (one a line) or .npy; the rows are then sorted. RecBole numbers ids in
the order they appear and keeps row 0 for [PAD]: call `dataset.save()` after training and give the file it writes with
--recbole-dataset; the padding rows are dropped and the rest is sorted. The ids, row by row, go to OUTPUT.ids.tsv:
compare them with the ids.tsv of a Landscape run on your data if RecBole filtered users or items.
"""

import argparse
import collections
import json
import os
import pickle
import re
import sys

import numpy as np

USER_TABLE, ITEM_TABLE = "user_embedding.weight", "item_embedding.weight"

# Names of the two tables in public code, one pair per code base.
TABLES = [
    ("user_embedding.weight", "item_embedding.weight"),
    ("user_embedding", "item_embedding"),
    ("user_embeddings.weight", "item_embeddings.weight"),
    ("user_embeddings", "item_embeddings"),
    ("user_emb.weight", "item_emb.weight"),
    ("user_emb", "item_emb"),
    ("user_embeds.weight", "item_embeds.weight"),
    ("user_embeds", "item_embeds"),
    ("user_embed", "item_embed"),
    ("user_embed.weight", "item_embed.weight"),
    ("embedding_user.weight", "embedding_item.weight"),
    ("embed_user.weight", "embed_item.weight"),
    ("embedding_dict.user_emb", "embedding_dict.item_emb"),
    ("user_factors.weight", "item_factors.weight"),
    ("user_factors", "item_factors"),
    ("u_factors", "i_factors"),
    ("users.weight", "items.weight"),
    ("users", "items"),
    ("user.weight", "item.weight"),
    ("user", "item"),
    ("U", "V"),
    ("P", "Q"),
]
PREFIXES = ("module.", "model.", "_orig_mod.")  # DataParallel, Lightning, torch.compile
RECBOLE_BACKBONES = {"BPR": "mf", "LightGCN": "lightgcn"}
RECBOLE_HYPERPARAMETERS = (
    "embedding_size", "n_layers", "reg_weight", "learner", "learning_rate", "weight_decay", "train_batch_size",
)


class Problem(Exception):
    """Something that the user can mend."""


# Reading pickles ------------------------------------------------------------------------------------------------------


class Shell:
    """What stands in for an object of an unknown class: its attributes, none of its code."""

    def __init__(self, *arguments, **named):
        self.arguments = arguments

    def __setstate__(self, state):
        for part in state if isinstance(state, tuple) else (state,):
            if isinstance(part, dict):
                self.__dict__.update(part)

    def __setitem__(self, key, value):
        pass

    def append(self, value):
        pass

    def extend(self, values):
        pass


NUMPY_CLASSES = {("numpy", "ndarray"), ("numpy", "dtype")} | {
    (f"numpy.{core}.multiarray", name) for core in ("core", "_core") for name in ("_reconstruct", "scalar")
}
PLAIN_CLASSES = {("collections", "OrderedDict"), ("builtins", "set"), ("builtins", "frozenset"), ("builtins", "slice"),
                 ("builtins", "complex"), ("builtins", "bytearray")}
TORCH_CLASSES = re.compile(
    r"torch\.(Size|device|\w+Storage|BFloat16Tensor|_utils\._rebuild_(tensor|tensor_v2|parameter)"
    r"|storage\.(Untyped|Typed)Storage|serialization\._get_layout|float\d+|bfloat16|int\d+|uint8|bool)")


class SafeUnpickler(pickle.Unpickler):
    torch = False

    def find_class(self, module, name):
        if module == "__builtin__":
            module = "builtins"
        if (module, name) in PLAIN_CLASSES or (module, name) in NUMPY_CLASSES:
            return super().find_class(module, name)
        if self.torch and TORCH_CLASSES.fullmatch(f"{module}.{name}"):
            return super().find_class(module, name)
        return type(name, (Shell,), {"__module__": module})


class TorchUnpickler(SafeUnpickler):
    torch = True


class TorchPickle:
    """What torch.load needs of a pickle module."""

    __name__ = "pickle"
    Unpickler = TorchUnpickler
    UnpicklingError = pickle.UnpicklingError

    @staticmethod
    def load(file, **named):
        return TorchUnpickler(file, **named).load()


def load_torch(path):
    try:
        import torch
    except ImportError:
        raise Problem(f"{path}: reading it takes PyTorch (pip install torch)")
    try:
        return torch.load(path, map_location="cpu", pickle_module=TorchPickle, weights_only=False)
    except Exception as error:
        raise Problem(f"{path}: cannot be read as a PyTorch file: {error}")


def state_of(value, prefix=""):
    """The state dictionary in whatever torch.save was given: a dictionary, a module, a checkpoint with one inside."""
    if hasattr(value, "_modules") and hasattr(value, "_parameters"):
        skipped = getattr(value, "_non_persistent_buffers_set", set())
        buffers = {name: tensor for name, tensor in value._buffers.items() if name not in skipped}
        own = {**value._parameters, **buffers}
        state = {prefix + name: tensor for name, tensor in own.items() if tensor is not None}
        for name, module in value._modules.items():
            if module is not None:
                state.update(state_of(module, f"{prefix}{name}."))
        return state
    if isinstance(value, dict):
        for key in ("state_dict", "model_state_dict", "model"):
            if key in value and (isinstance(value[key], dict) or hasattr(value[key], "_modules")):
                return state_of(value[key], prefix)
        return {str(name): tensor for name, tensor in value.items() if hasattr(tensor, "shape")}
    raise Problem("the file holds neither a state dictionary nor a module")


# Tables ---------------------------------------------------------------------------------------------------------------


def canonical_name(name):
    for user, item in TABLES:
        if name in (user, item):
            return USER_TABLE if name == user else ITEM_TABLE
    for prefix in PREFIXES:
        if name.startswith(prefix):
            return canonical_name(name[len(prefix):])
    return name


def float_table(name, tensor):
    if hasattr(tensor, "detach"):
        tensor = tensor.detach().to("cpu")
        tensor = (tensor.float() if str(tensor.dtype) == "torch.bfloat16" else tensor).numpy()
    array = np.asarray(tensor)
    if array.ndim != 2 or array.size == 0 or array.dtype.kind != "f":
        raise Problem(f"{name}: shape {array.shape} of {array.dtype} is no table (rows, width) of fractions")
    with np.errstate(over="ignore"):
        table = np.ascontiguousarray(array, dtype=np.float32)
    if not np.isfinite(table).all():
        raise Problem(f"{name}: holds NaN, an infinity, or a number beyond the range of float32")
    return table


def pick_tables(state, users=None, items=None, ignored=()):
    """The user and the item table of a state dictionary; tensors that are neither must be named in `ignored`."""
    named = {name: table for name, table in ((users, USER_TABLE), (items, ITEM_TABLE)) if name}
    for name in named:
        if name not in state:
            raise Problem(f"there is no tensor {name}; there are {', '.join(sorted(state))}")
    found = {}
    for name, tensor in state.items():
        canonical = named.get(name) or canonical_name(name)
        if name in ignored or (name not in named and canonical in named.values()):
            continue
        if canonical not in (USER_TABLE, ITEM_TABLE):
            raise Problem(f"tensor {name} is no embedding table; name the tables with --users and --items, "
                          f"or leave it out with --ignore-tensor {name}")
        if canonical in found:
            raise Problem(f"tensor {name} is a second {canonical}; leave one out with --ignore-tensor")
        found[canonical] = float_table(name, tensor)
    for canonical, option in ((USER_TABLE, "--users"), (ITEM_TABLE, "--items")):
        if canonical not in found:
            raise Problem(f"no {canonical} among {', '.join(sorted(state)) or 'no tensors'}; name it with {option}")
    if found[USER_TABLE].shape[1] != found[ITEM_TABLE].shape[1]:
        raise Problem(f"the tables have widths {found[USER_TABLE].shape[1]} and {found[ITEM_TABLE].shape[1]}")
    return found[USER_TABLE], found[ITEM_TABLE]


# Ids ------------------------------------------------------------------------------------------------------------------


def landscape_order(tokens):
    """The order in which Landscape numbers ids: whole numbers ascending, other ids by their UTF-8 bytes."""
    if len(set(tokens)) != len(tokens):
        raise Problem(f"the id {collections.Counter(tokens).most_common(1)[0][0]!r} stands twice")
    if all(re.fullmatch("0|[1-9][0-9]*", token) for token in tokens):
        return sorted(range(len(tokens)), key=lambda row: int(tokens[row]))
    return sorted(range(len(tokens)), key=lambda row: tokens[row].encode())


def sort_rows(table, tokens, kind):
    """The table without a padding row and in Landscape's order, and its ids in that order."""
    tokens = [str(token) for token in tokens]
    if len(tokens) != len(table):
        raise Problem(f"{len(tokens)} {kind} ids were given for {len(table)} rows")
    if tokens and tokens[0] == "[PAD]":
        tokens, table = tokens[1:], table[1:]
    order = landscape_order(tokens)
    return np.ascontiguousarray(table[order]), [tokens[row] for row in order]


def read_tokens(path):
    if path.endswith(".npy"):
        return np.load(path, allow_pickle=False).tolist()
    with open(path, encoding="utf-8", newline="\n") as file:
        return file.read().split("\n")[:-1]


def recbole_tokens(path):
    """The ids of users and items in a file that RecBole's `dataset.save()` wrote."""
    try:
        with open(path, "rb") as file:
            dataset = SafeUnpickler(file).load()
        return tuple(dataset.field2id_token[field].tolist() for field in (dataset.uid_field, dataset.iid_field))
    except (pickle.UnpicklingError, EOFError, AttributeError, KeyError, TypeError, ValueError) as error:
        raise Problem(f"{path}: is not what RecBole's dataset.save() writes: {error!r}")


def write_ids(path, users, items):
    escapes = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
    with open(path, "w", encoding="utf-8", newline="\n") as file:
        file.write("landscape.ids\t1\n")
        for kind, tokens in (("user", users), ("item", items)):
            for row, token in enumerate(tokens):
                file.write(f"{kind}\t{row}\t{token.translate(escapes)}\n")


# Checkpoints ----------------------------------------------------------------------------------------------------------


def write_checkpoint(path, users, items, backbone="mf", objective="unknown", hyperparameters=None, dataset=None,
                     epoch=0, seeds=None, metrics=None):
    """Write a Landscape checkpoint. users: (users, d) and items: (items, d), NumPy arrays or tensors."""
    from safetensors.numpy import save_file

    def encoded(value):
        return json.dumps(value or {}, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)

    tables = {USER_TABLE: float_table("users", users), ITEM_TABLE: float_table("items", items)}
    metadata = {
        "landscape.format": "1", "landscape.backbone": backbone, "landscape.objective": objective,
        "landscape.hyperparameters": encoded(hyperparameters), "landscape.split": "{}",
        "landscape.seeds": encoded(seeds), "landscape.epoch": str(epoch), "landscape.metrics": encoded(metrics),
        "landscape.version": "export_pytorch.py 1",
    }
    if dataset:
        metadata["landscape.dataset"] = dataset
    temporary = f"{path}.{os.getpid()}.tmp"
    try:
        save_file(tables, temporary, metadata=metadata)
        mask = os.umask(0)
        os.umask(mask)
        os.chmod(temporary, 0o666 & ~mask)
        os.replace(temporary, path)
    finally:
        if os.path.exists(temporary):
            os.remove(temporary)


def recbole_metadata(checkpoint):
    """What a RecBole checkpoint says about its model, as arguments of `write_checkpoint`."""
    config = getattr(checkpoint["config"], "final_config_dict", {})
    result = {
        "backbone": RECBOLE_BACKBONES.get(config.get("model")), "objective": "bpr", "dataset": config.get("dataset"),
        "epoch": int(checkpoint.get("epoch", -1)) + 1,
        "hyperparameters": {key: config[key] for key in RECBOLE_HYPERPARAMETERS
                            if isinstance(config.get(key), (int, float, str))},
        "metrics": {}, "seeds": {},
    }
    if isinstance(config.get("seed"), int):
        result["seeds"] = {"recbole": config["seed"]}
    score, metric = checkpoint.get("best_valid_score"), config.get("valid_metric")
    if metric and score is not None and np.isfinite(float(score)):
        result["metrics"] = {f"validation {metric.lower()}": float(score)}
    return result


def read_inputs(paths):
    """A state dictionary, and the RecBole checkpoint it came from or None."""
    for path in paths:
        if not os.path.isfile(path):
            raise Problem(f"{path}: no such file")
    if len(paths) == 2:
        if not all(path.endswith(".npy") for path in paths):
            raise Problem("two inputs must be .npy files: users, then items")
        return dict(zip((USER_TABLE, ITEM_TABLE), (np.load(path, allow_pickle=False) for path in paths))), None
    if len(paths) > 2:
        raise Problem("give one file that holds both tables, or two .npy files")
    path = paths[0]
    if path.endswith(".npz"):
        with np.load(path, allow_pickle=False) as arrays:
            return dict(arrays), None
    if path.endswith(".safetensors"):
        from safetensors.numpy import load_file
        return load_file(path), None
    content = load_torch(path)
    is_recbole = isinstance(content, dict) and {"config", "state_dict", "other_parameter"} <= set(content)
    return state_of(content), content if is_recbole else None


def ordered(tables, options, is_recbole):
    """The tables in Landscape's order with the ids of their rows, or as they are and None where no ids are given."""
    if options.recbole_dataset:
        tokens = recbole_tokens(options.recbole_dataset)
    elif options.user_tokens and options.item_tokens:
        tokens = read_tokens(options.user_tokens), read_tokens(options.item_tokens)
    elif options.user_tokens or options.item_tokens:
        raise Problem("give --user-tokens and --item-tokens together")
    elif is_recbole and options.keep_order:
        return tuple(table[1:] for table in tables), None
    elif is_recbole:
        raise Problem("RecBole numbers ids in its own order: save them with dataset.save() and give that file with "
                      "--recbole-dataset (or --user-tokens and --item-tokens; or --keep-order if it is known to fit)")
    else:
        return tables, None
    users, items = (sort_rows(*each) for each in zip(tables, tokens, ("user", "item")))
    return (users[0], items[0]), (users[1], items[1])


def export(options):
    """Do what the command line asks and return a line that says what was written."""
    state, recbole = read_inputs(options.inputs)
    tables = pick_tables(state, options.users, options.items, options.ignore_tensor)
    details = {"backbone": "mf"}
    if recbole is not None:
        details = recbole_metadata(recbole)
    given = {key: getattr(options, key) for key in ("backbone", "objective", "dataset", "epoch", "hyperparameters")}
    details.update({key: value for key, value in given.items() if value is not None})
    if details["backbone"] is None:
        raise Problem("this RecBole model has no counterpart here; if its scores are dot products of the two tables, "
                      "say --backbone mf")
    tables, ids = ordered(tables, options, recbole is not None)
    write_checkpoint(options.output, *tables, **details)
    if ids:
        write_ids(options.output + ".ids.tsv", *ids)
    shapes = " and ".join(f"{len(table)} {kind}" for table, kind in zip(tables, ("users", "items")))
    return f"{options.output}: {details['backbone']}, {shapes}, width {tables[0].shape[1]}"


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("inputs", nargs="+", metavar="INPUT")
    parser.add_argument("-o", "--output", required=True, help="the checkpoint to write, such as model.bin")
    parser.add_argument("--users", metavar="TENSOR", help="name of the user table, if it is not found")
    parser.add_argument("--items", metavar="TENSOR", help="name of the item table, if it is not found")
    parser.add_argument("--ignore-tensor", action="append", default=[], metavar="TENSOR", help="leave a tensor out")
    parser.add_argument("--backbone", help="mf (default), lightgcn, simgcl, mixgcf")
    parser.add_argument("--objective", help="how it was trained: bpr, apr, sharpcf …")
    parser.add_argument("--dataset", help="name or path by which Landscape finds the data")
    parser.add_argument("--epoch", type=int, help="epochs trained")
    parser.add_argument("--hyperparameters", type=json.loads, metavar="JSON", help='such as \'{"l2": 1e-4}\'')
    parser.add_argument("--user-tokens", metavar="FILE", help="external ids of the user rows")
    parser.add_argument("--item-tokens", metavar="FILE", help="external ids of the item rows")
    parser.add_argument("--recbole-dataset", metavar="FILE", help="what RecBole's dataset.save() wrote")
    parser.add_argument("--keep-order", action="store_true", help="RecBole: only drop the padding rows")
    try:
        print(export(parser.parse_args(arguments)))
    except (Problem, OSError) as problem:
        print(f"error: {problem}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
