import pytest

from outagewatch import assets
from outagewatch.errors import ConfigurationError
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
        ("text\nx\n", "own.csv: expected the columns text and label, got text"),
        ("text;label\nça marche plus;9\n", "got 0 and 0"),
        ("text,label\nx,1\nx,0\n", "own.csv: 'x' is labelled both acute and other"),
        ("text,label\nx,maybe\n", "own.csv:2: expected a label of acute"),
        ("text,label\nx,1\n", "expected at least 20 labelled posts"),
    ],
)
def test_labels_that_cannot_be_used_are_named(run, tmp_path, table, message):
    (tmp_path / "own.csv").write_text(table)
    found = run("train", "own.csv")
    assert found.returncode == 1 and message in found.stderr.decode()


@pytest.mark.parametrize("damage", ["cut", "empty", "other", "list"])
def test_a_damaged_model_is_told_in_one_line(run, tmp_path, monkeypatch, damage):
    folder = tmp_path / "data" / "outagewatch" / "models"
    folder.mkdir(parents=True)
    shipped = assets.asset("models", "complaint.npz").parent
    arrays = (shipped / "complaint.npz").read_bytes()
    card = (shipped / "complaint.json").read_text()
    (folder / "complaint.npz").write_bytes({"cut": arrays[:9000], "empty": b""}.get(damage, arrays))
    card = {"other": card.replace('"digest": "', '"digest": "0'), "list": "[]"}.get(damage, card)
    (folder / "complaint.json").write_text(card)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    assets.complaint_arrays.cache_clear()
    with pytest.raises(ConfigurationError, match="damaged, or not of one model"):
        assets.complaint_arrays()
    assets.complaint_arrays.cache_clear()


def test_a_folder_that_cannot_be_written_is_told_before_fitting(run, few, tmp_path):
    own_labels(few, tmp_path)
    found = run("train", "own.tsv", "--into", "own.tsv/m")
    assert found.returncode == 1 and b"own.tsv/m: cannot be written to" in found.stderr
