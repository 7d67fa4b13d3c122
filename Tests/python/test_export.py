"""Tests of Docs/export_pytorch.py: python3 Tests/python/test_export.py

NumPy and safetensors are needed; what takes PyTorch or RecBole is skipped visibly without them. `--record` writes the
fixtures that the Swift tests read (Tests/RecommendersTests/Fixtures/exported-*.bin).
"""

import collections
import contextlib
import importlib.util
import io
import json
import os
import pickle
import sys
import tempfile
import unittest

try:
    import numpy as np
    from safetensors import safe_open
except ImportError as missing:
    print(f"skipped: {missing} (pip install numpy safetensors)")
    sys.exit(0)
try:
    import torch
except ImportError:
    torch = None
try:
    import recbole
except ImportError:
    recbole = None

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
FIXTURES = os.path.join(HERE, "..", "RecommendersTests", "Fixtures")
SCRIPT = os.path.join(HERE, "..", "..", "Docs", "export_pytorch.py")
specification = importlib.util.spec_from_file_location("export_pytorch", SCRIPT)
export_pytorch = importlib.util.module_from_spec(specification)
specification.loader.exec_module(export_pytorch)

USERS = np.arange(12, dtype=np.float32).reshape(3, 4) / 8
ITEMS = -np.arange(20, dtype=np.float32).reshape(5, 4) / 16
# RecBole's order of appearance, row 0 for padding, and the order Landscape wants.
USER_TOKENS, ITEM_TOKENS = ["[PAD]", "10", "9", "100"], ["[PAD]", "b", "é", "a", "B", "ab"]
USER_ROWS, ITEM_ROWS = [2, 1, 3], [4, 3, 5, 1, 2]


def padded(table):
    return np.concatenate([np.full((1, table.shape[1]), 77, dtype=np.float32), table])


def contents(path):
    with safe_open(path, framework="np") as file:
        return {name: file.get_tensor(name) for name in file.keys()}, file.metadata()


class SavedDataset:
    """The attributes of RecBole's Dataset that matter, and one that must not be needed."""

    def __init__(self):
        self.uid_field, self.iid_field = "user_id", "item_id"
        self.field2id_token = {"user_id": np.array(USER_TOKENS), "item_id": np.array(ITEM_TOKENS)}
        self.inter_feat = collections.Counter()


class ExportTests(unittest.TestCase):
    def setUp(self):
        self.scratch = tempfile.TemporaryDirectory()
        self.output = self.path("out.bin")

    def tearDown(self):
        self.scratch.cleanup()

    def path(self, name):
        return os.path.join(self.scratch.name, name)

    def run_script(self, *arguments):
        """Exit status and what was printed on stderr."""
        errors = io.StringIO()
        with contextlib.redirect_stderr(errors), contextlib.redirect_stdout(io.StringIO()):
            status = export_pytorch.main([*arguments, "-o", self.output])
        return status, errors.getvalue()

    def exported(self, *arguments):
        status, errors = self.run_script(*arguments)
        self.assertEqual((status, errors), (0, ""))
        return contents(self.output)

    def refused(self, *arguments):
        status, errors = self.run_script(*arguments)
        self.assertEqual(status, 2)
        self.assertFalse(os.path.exists(self.output))
        self.assertEqual(errors.count("\n"), 1, errors)
        return errors

    def assert_tables(self, tensors, users=USERS, items=ITEMS):
        self.assertEqual(sorted(tensors), ["item_embedding.weight", "user_embedding.weight"])
        for name, table in (("user_embedding.weight", users), ("item_embedding.weight", items)):
            self.assertEqual(tensors[name].dtype, np.float32)
            np.testing.assert_array_equal(tensors[name], table)

    # NumPy

    def test_arrays(self):
        np.save(self.path("u.npy"), USERS.astype(np.float64))
        np.save(self.path("i.npy"), np.asfortranarray(ITEMS))
        tensors, metadata = self.exported(self.path("u.npy"), self.path("i.npy"), "--dataset", "gowalla",
                                          "--epoch", "7", "--hyperparameters", '{"l2": 1e-4, "dim": 4}',
                                          "--objective", "bpr")
        self.assert_tables(tensors)
        self.assertEqual(metadata, {
            "landscape.format": "1", "landscape.backbone": "mf", "landscape.objective": "bpr",
            "landscape.hyperparameters": '{"dim":4,"l2":0.0001}', "landscape.dataset": "gowalla",
            "landscape.epoch": "7", "landscape.split": "{}", "landscape.seeds": "{}", "landscape.metrics": "{}",
            "landscape.version": "export_pytorch.py 1"})
        self.assertEqual(sorted(os.listdir(self.scratch.name)), ["i.npy", "out.bin", "u.npy"])

    def test_archives_and_tokens(self):
        np.savez(self.path("m.npz"), user_factors=USERS, item_factors=ITEMS)
        with open(self.path("u.txt"), "w", encoding="utf-8") as file:
            file.write("10\n9\n100\n")
        np.save(self.path("i.npy"), np.array(ITEM_TOKENS[1:]))
        tensors, _ = self.exported(self.path("m.npz"), "--user-tokens", self.path("u.txt"),
                                   "--item-tokens", self.path("i.npy"))
        self.assert_tables(tensors, USERS[[1, 0, 2]], ITEMS[[3, 2, 4, 0, 1]])
        with open(self.output + ".ids.tsv", encoding="utf-8") as file:
            self.assertEqual(file.read(), "landscape.ids\t1\nuser\t0\t9\nuser\t1\t10\nuser\t2\t100\n"
                             "item\t0\tB\nitem\t1\ta\nitem\t2\tab\nitem\t3\tb\nitem\t4\té\n")

    def test_the_order_of_ids(self):
        def order(*tokens):
            return [tokens[row] for row in export_pytorch.landscape_order(list(tokens))]
        self.assertEqual(order("10", "9", "0", "123456789012345678901"), ["0", "9", "10", "123456789012345678901"])
        self.assertEqual(order("10", "9", "01"), ["01", "10", "9"])  # 01 is text, and so are then all
        self.assertEqual(order("z", "é", "\U0001F600", "\uFFFD", "Z"), ["Z", "z", "é", "\uFFFD", "\U0001F600"])
        self.assertRaises(export_pytorch.Problem, order, "a", "b", "a")

    def test_what_is_refused(self):
        def archive(**arrays):
            np.savez(self.path("m.npz"), **arrays)
            return self.path("m.npz")
        self.assertIn("no such file", self.refused(self.path("none.npz")))
        self.assertIn("--items", self.refused(archive(user_factors=USERS)))
        self.assertIn("--ignore-tensor bias", self.refused(archive(users=USERS, items=ITEMS, bias=USERS)))
        self.assertIn("second", self.refused(archive(users=USERS, items=ITEMS, U=USERS)))
        self.assertIn("widths", self.refused(archive(users=USERS, items=ITEMS[:, :3])))
        self.assertIn("NaN", self.refused(archive(users=USERS * np.nan, items=ITEMS)))
        self.assertIn("range of float32", self.refused(archive(users=USERS.astype(float) * 1e300, items=ITEMS)))
        self.assertIn("is no table", self.refused(archive(users=USERS.astype(int), items=ITEMS)))
        self.assertIn("is no table", self.refused(archive(users=USERS[0], items=ITEMS)))
        self.assertIn("no tensor x", self.refused(archive(users=USERS, items=ITEMS), "--users", "x"))
        self.assertIn("together", self.refused(archive(users=USERS, items=ITEMS), "--user-tokens", "x"))

    def test_named_tables(self):
        np.savez(self.path("m.npz"), users=ITEMS, a=USERS, b=ITEMS, c=USERS)
        tensors, _ = self.exported(self.path("m.npz"), "--users", "a", "--items", "b", "--ignore-tensor", "c")
        self.assert_tables(tensors)

    # PyTorch

    @unittest.skipIf(torch is None, "PyTorch is not installed")
    def test_modules_and_state_dictionaries(self):
        class Model(torch.nn.Module):
            def __init__(self):
                super().__init__()
                self.embedding_user = torch.nn.Embedding.from_pretrained(torch.tensor(USERS), freeze=False)
                self.embedding_item = torch.nn.Embedding.from_pretrained(torch.tensor(ITEMS).double())

        globals()["Model"] = Model
        Model.__qualname__ = "Model"
        model = Model()
        wrapped = {"epoch": 3, "state_dict": {"module." + name: value for name, value in model.state_dict().items()}}
        for saved in (model, model.state_dict(), wrapped, {"model": model}):
            torch.save(saved, self.path("m.pt"))
            tensors, metadata = self.exported(self.path("m.pt"))
            self.assert_tables(tensors)
            self.assertEqual(metadata["landscape.objective"], "unknown")
        torch.save(model.state_dict(), self.path("m.pt"), _use_new_zipfile_serialization=False)
        self.assert_tables(self.exported(self.path("m.pt"))[0])

    @unittest.skipIf(torch is None, "PyTorch is not installed")
    def test_half_precision_and_views(self):
        both = torch.cat([torch.tensor(USERS), torch.tensor(ITEMS)]).to(torch.bfloat16)
        torch.save({"users": both[:3], "items": both[3:]}, self.path("m.pt"))
        self.assert_tables(self.exported(self.path("m.pt"))[0])

    @unittest.skipIf(torch is None, "PyTorch is not installed")
    def test_pickles_run_no_code(self):
        class Evil:
            def __reduce__(self):
                return os.mkdir, (victim,)
        victim = self.path("victim")
        for arguments in ({}, {"_use_new_zipfile_serialization": False}):
            torch.save({"users": torch.tensor(USERS), "items": torch.tensor(ITEMS), "evil": Evil()}, self.path("m.pt"),
                       **arguments)
            self.assert_tables(self.exported(self.path("m.pt"))[0])
            self.assertFalse(os.path.exists(victim))
        with open(self.path("d.pth"), "wb") as file:
            pickle.dump(Evil(), file)
        os.remove(self.output)
        self.assertIn("dataset.save()", self.refused(self.path("m.pt"), "--recbole-dataset", self.path("d.pth")))
        self.assertFalse(os.path.exists(victim))

    @unittest.skipIf(torch is None, "PyTorch is not installed")
    def test_damaged_files(self):
        with open(self.path("m.pt"), "wb") as file:
            file.write(b"PK\x03\x04 no zip")
        self.assertIn("cannot be read", self.refused(self.path("m.pt")))
        torch.save([1, 2], self.path("m.pt"))
        self.assertIn("neither", self.refused(self.path("m.pt")))

    # RecBole

    def recbole_checkpoint(self, config):
        """A checkpoint as recbole.trainer.Trainer._save_checkpoint lays it out."""
        model = {"user_embedding.weight": torch.tensor(padded(USERS)),
                 "item_embedding.weight": torch.tensor(padded(ITEMS))}
        torch.save({"config": config, "epoch": 41, "cur_step": 0, "best_valid_score": np.float64(0.25),
                    "state_dict": collections.OrderedDict(model), "other_parameter": None,
                    "optimizer": {"state": {}, "param_groups": [{"lr": 0.001, "params": [0, 1]}]}},
                   self.path("r.pth"), pickle_protocol=4)
        return self.path("r.pth")

    def recbole_config(self):
        config = export_pytorch.Shell()
        config.final_config_dict = {
            "model": "LightGCN", "dataset": "ml-100k", "embedding_size": 4, "n_layers": 2, "reg_weight": 1e-5,
            "learning_rate": 0.001, "seed": 2020, "valid_metric": "MRR@10", "device": torch.device("cpu")}
        return config

    def check_recbole(self, checkpoint, dataset):
        tensors, metadata = self.exported(checkpoint, "--recbole-dataset", dataset)
        self.assert_tables(tensors, padded(USERS)[USER_ROWS], padded(ITEMS)[ITEM_ROWS])
        self.assertEqual(metadata["landscape.backbone"], "lightgcn")
        self.assertEqual(metadata["landscape.dataset"], "ml-100k")
        self.assertEqual(metadata["landscape.epoch"], "42")
        self.assertEqual(metadata["landscape.metrics"], '{"validation mrr@10":0.25}')
        self.assertEqual(metadata["landscape.seeds"], '{"recbole":2020}')
        hyperparameters = json.loads(metadata["landscape.hyperparameters"])
        self.assertEqual({key: hyperparameters[key] for key in ("embedding_size", "n_layers")},
                         {"embedding_size": 4, "n_layers": 2})

    @unittest.skipIf(torch is None, "PyTorch is not installed")
    def test_recbole_layout(self):
        export_pytorch.Shell.__module__, sys.modules["export_pytorch"] = "export_pytorch", export_pytorch
        checkpoint = self.recbole_checkpoint(self.recbole_config())
        with open(self.path("d.pth"), "wb") as file:
            pickle.dump(SavedDataset(), file)
        self.assertIn("dataset.save()", self.refused(checkpoint))
        self.check_recbole(checkpoint, self.path("d.pth"))
        tensors, _ = self.exported(checkpoint, "--keep-order", "--backbone", "mf")
        self.assert_tables(tensors)

    @unittest.skipIf(torch is None or recbole is None or np.__version__ >= "2", "RecBole with NumPy 1 is not installed")
    def test_recbole_itself(self):
        """Config, Dataset, model and Trainer of the real package on a tiny data set."""
        from recbole.config import Config
        from recbole.data import create_dataset, data_preparation
        from recbole.trainer import Trainer
        from recbole.utils import get_model

        self.addCleanup(os.chdir, os.getcwd())
        os.chdir(self.scratch.name)  # RecBole leaves logs where it runs
        os.mkdir(self.path("tiny"))
        missing = {("10", "ab"), ("9", "b"), ("100", "é")}  # every user needs a possible negative
        pairs = [(user, item) for user in USER_TOKENS[1:] for item in ITEM_TOKENS[1:] if (user, item) not in missing]
        with open(self.path("tiny/tiny.inter"), "w", encoding="utf-8") as file:
            file.write("user_id:token\titem_id:token\n" + "".join(f"{user}\t{item}\n" for user, item in pairs))
        config = Config(model="BPR", dataset="tiny", config_dict={
            "data_path": self.scratch.name, "state": "ERROR", "checkpoint_dir": self.path("saved"), "embedding_size": 4,
            "epochs": 2, "use_gpu": False, "show_progress": False, "eval_args": {"split": {"RS": [6, 2, 2]}},
            "load_col": {"inter": ["user_id", "item_id"]}, "train_batch_size": 4, "seed": 5, "metrics": ["Recall"],
            "topk": [2], "valid_metric": "Recall@2"})
        dataset = create_dataset(config)
        train, valid, _ = data_preparation(config, dataset)
        model = get_model("BPR")(config, train._dataset)
        trainer = Trainer(config, model)
        trainer.fit(train, valid, verbose=False, saved=True, show_progress=False)
        dataset.save()
        best = torch.load(trainer.saved_model_file, weights_only=False)["state_dict"]
        tensors, metadata = self.exported(
            trainer.saved_model_file, "--recbole-dataset", self.path("saved/tiny-Dataset.pth"))
        self.assert_tables(tensors, best["user_embedding.weight"].numpy()[USER_ROWS],
                           best["item_embedding.weight"].numpy()[ITEM_ROWS])
        self.assertEqual(metadata["landscape.backbone"], "mf")
        self.assertEqual(metadata["landscape.dataset"], "tiny")
        self.assertIn("validation recall@2", metadata["landscape.metrics"])

    # Fixtures of the Swift tests

    def test_fixtures_are_up_to_date(self):
        for name in FIXTURE_NAMES:
            write_fixture(name, self.path(name))
            fresh, recorded = contents(self.path(name)), contents(os.path.join(FIXTURES, name))
            self.assertEqual(fresh[1], recorded[1])
            self.assert_tables(recorded[0], fresh[0]["user_embedding.weight"], fresh[0]["item_embedding.weight"])


FIXTURE_NAMES = ["exported-pytorch.bin", "exported-recbole.bin"]


def write_fixture(name, path):
    if name == "exported-pytorch.bin":
        export_pytorch.write_checkpoint(path, USERS, ITEMS, objective="bpr", dataset="gowalla", epoch=7,
                                        seeds={"torch": 2**63}, metrics={"recall@20": 0.1},
                                        hyperparameters={"l2": 1e-4, "dim": 4, "note": "λ₂"})
    else:
        users, _ = export_pytorch.sort_rows(padded(USERS), USER_TOKENS, "user")
        items, _ = export_pytorch.sort_rows(padded(ITEMS), ITEM_TOKENS, "item")
        export_pytorch.write_checkpoint(path, users, items, backbone="lightgcn")


if __name__ == "__main__":
    if "--record" in sys.argv:
        for fixture in FIXTURE_NAMES:
            write_fixture(fixture, os.path.join(FIXTURES, fixture))
    else:
        unittest.main()
