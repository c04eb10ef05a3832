import pytest

from outagewatch import assets
from outagewatch.train import read_all


@pytest.fixture
def few(monkeypatch, tmp_path):
    """Let a few of the posts that ship stand for all of them: fitting to all takes a minute."""
    every = read_all([assets.asset("models", "training")])
    folder = tmp_path / "shipped"
    folder.mkdir()
    rows = zip(every.labels[::25], every.texts[::25], strict=True)
    table = "".join(f"{label}\t{text}\n" for label, text in rows)
    (folder / "few.tsv").write_text("label\ttext\n" + table)
    real = assets.asset
    monkeypatch.setattr(
        assets, "asset", lambda *p: folder if p == ("models", "training") else real(*p)
    )
    return every


def own_labels(every, tmp_path, flip=False):
    rows = ["label\ttext"]
    for label, text in zip(every.labels[7::60], every.texts[7::60], strict=True):
        wrong = "other" if label == "acute" else "acute"
        rows.append(f"{wrong if flip else label}\t{text}")
    (tmp_path / "own.tsv").write_text("\n".join(rows) + "\n")


def test_a_model_that_is_no_better_is_refused_and_nothing_is_written(run, few, tmp_path):
    own_labels(few, tmp_path)  # the model that ships has seen these very posts
    found = run("train", "own.tsv", "--into", "m")
    assert found.returncode == 1
    assert b"no better on your posts" in found.stderr and b"as it is" in found.stdout
    assert not (tmp_path / "m").exists()


def test_a_better_model_is_kept_and_the_old_one_beside_it(run, few, tmp_path):
    own_labels(few, tmp_path, flip=True)  # an operator whose labels mean something else
    for _ in range(2):
        found = run("train", "own.tsv", "--into", "m")
        assert found.returncode == 0, found.stderr
    names = sorted(path.name for path in (tmp_path / "m").iterdir())
    assert names == ["complaint.json", "complaint.json.old", "complaint.npz", "complaint.npz.old"]


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ("text\nx\n", "expected a column 'label'"),
        ("text,label\nx,maybe\n", "own.csv:2: expected a label of acute"),
        ("text,label\nx,1\n", "expected at least 20 labelled posts"),
    ],
)
def test_labels_that_cannot_be_used_are_named(run, tmp_path, table, message):
    (tmp_path / "own.csv").write_text(table)
    found = run("train", "own.csv")
    assert found.returncode == 1 and message in found.stderr.decode()
