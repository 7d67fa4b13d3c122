"""RecBole: its BPR model, trained by its trainer and ranked by its evaluator."""

import logging
import os
import tempfile

from protocol import THREADS, require, serve
from arrays import Arrays, mean_loss, np, ranking_note

for name in ("float_", "complex_", "unicode_"):  # RecBole 1.2.1 names types as NumPy 1 did
    if not hasattr(np, name):
        setattr(np, name, {"float_": np.float64, "complex_": np.complex128, "unicode_": np.str_}[name])

torch = require("torch")
recbole = require("recbole")
Config = require("recbole.config").Config
data = require("recbole.data")
BPR = require("recbole.model.general_recommender").BPR
Trainer = require("recbole.trainer").Trainer
torch.set_num_threads(THREADS)
arrays = Arrays()
folder = tempfile.TemporaryDirectory()


def write(name, users, items):
    """A file of interactions as RecBole reads them."""
    lines = (f"{user}\t{item}\n" for user, item in zip(users, items))
    with open(os.path.join(folder.name, "arrays", f"arrays.{name}.inter"), "w") as file:
        file.write("user_id:token\titem_id:token\n")
        file.writelines(lines)


def load():
    """RecBole's configuration, data set and its parts. Its validation part is our test split: train alone is masked."""
    os.mkdir(os.path.join(folder.name, "arrays"))
    test = arrays.pairs("test")
    write("train", *arrays.pairs("train"))
    write("valid", *test)
    write("test", test[0][:1], test[1][:1])
    users, items = arrays.tables()
    config = Config(
        model="BPR",
        dataset="arrays",
        config_dict={
            "data_path": folder.name,
            "checkpoint_dir": folder.name,
            "benchmark_filename": ["train", "valid", "test"],
            "load_col": {"inter": ["user_id", "item_id"]},
            "embedding_size": users.shape[1],
            "train_batch_size": int(arrays.settings["batch"]),
            "learning_rate": arrays.settings["learning_rate"],
            "eval_batch_size": 512 * len(items),  # 512 users at a time
            "eval_args": {"group_by": "user", "order": "RO", "split": {"RS": [8, 1, 1]}, "mode": "full"},
            "metrics": ["Recall", "NDCG"],
            "topk": [10, 20],
            "valid_metric": "Recall@20",
            "use_gpu": False,
            "show_progress": False,
            "state": "ERROR",
        },
    )
    dataset = data.create_dataset(config)
    return config, dataset, data.data_preparation(config, dataset)


try:
    logging.disable(logging.INFO)
    config, dataset, (train, test, _) = load()
except Exception as error:
    from protocol import skip

    skip(f"RecBole {recbole.__version__} does not run with these versions: {type(error).__name__}: {error}")

# RecBole numbers users and items anew, from 1; row 0 is padding.
ROWS = [dataset.field2id_token[field][1:].astype(np.int64) for field in ("user_id", "item_id")]


def trained():
    """RecBole's model at the given tables, and its trainer."""
    model = BPR(config, train.dataset)
    for embedding, table, rows in zip((model.user_embedding, model.item_embedding), arrays.tables(), ROWS):
        embedding.weight.data[1:] = torch.from_numpy(table[rows])
    return model, Trainer(config, model)


def epoch():
    model, trainer = trained()

    def work():
        trainer._train_epoch(train, 0, show_progress=False)

        def rest():
            found = arrays.tables()
            for table, embedding, rows in zip(found, (model.user_embedding, model.item_embedding), ROWS):
                table[rows] = embedding.weight.data[1:].numpy()
            return {"value": mean_loss(*found, arrays.triplets()), "note": "no L2; known positives rejected"}

        return rest

    return work


def evaluate():
    _, trainer = trained()

    def work():
        metrics = trainer.evaluate(test, load_best_model=False, show_progress=False)
        return lambda: {"value": float(metrics["recall@20"]), "note": ranking_note(metrics)}

    return work


serve("recbole", recbole.__version__, {"bpr-adam": epoch, "evaluate": evaluate})
