import threading
from pathlib import Path

import numpy as np
import onnxruntime
import pytest

from feeds.reading.embedding_graph import Branch, build_graph, model_directory, read_safetensors, write_graph
from feeds.reading.embeddings import LocalEmbedder, batches, graph_path, load_tokenizer


@pytest.fixture(scope="session")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("models")


@pytest.fixture(scope="session")
def local(models: Path) -> LocalEmbedder:
    return LocalEmbedder(directory=models, threads=1)


def test_the_published_example_of_the_model_comes_out(local: LocalEmbedder) -> None:
    lovely, sunny, stadium = local.embed(
        ["The weather is lovely today.", "It's so sunny outside!", "He drove to the stadium."]
    )
    assert lovely @ sunny == pytest.approx(0.6660, abs=5e-5)
    assert lovely @ stadium == pytest.approx(0.1046, abs=5e-5)


def test_vectors_are_float32_units_in_the_order_of_the_texts(local: LocalEmbedder) -> None:
    texts = ["A much longer sentence about the price of soybeans in Iowa.", "", "Rust.", "naïve 中国 “quotes” " * 90]
    vectors = local.embed(texts)
    assert vectors.dtype == np.float32
    assert vectors.shape == (4, 384)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-5)
    alone = np.vstack([local.embed([text]) for text in texts])
    assert vectors == pytest.approx(alone, abs=1e-5)


def test_half_a_character_counts_as_a_strange_one(local: LocalEmbedder) -> None:
    assert local.embed(["half \ud83c of it"]) == pytest.approx(local.embed(["half ? of it"]), abs=1e-6)


def test_reading_gives_each_token_its_state_and_the_same_vector(local: LocalEmbedder) -> None:
    texts = ["Robots weld.", "", "A sentence that is a good deal longer than the first one."]
    read = local.read(texts)
    assert [len(states.ids) for states in read] == [4, 0, 13]
    assert all(states.states.shape == (len(states.ids), 384) for states in read)
    assert np.stack([states.vector for states in read]) == pytest.approx(local.embed(texts), abs=1e-6)


def test_no_texts_give_no_vectors(local: LocalEmbedder) -> None:
    assert local.embed([]).shape == (0, 384)


def test_a_short_text_is_not_padded_and_a_long_one_is_cut_at_256_tokens() -> None:
    [(_, short, _)] = batches(load_tokenizer(), ["Two words"])
    [(_, long, _)] = batches(load_tokenizer(), ["word " * 1000])
    assert short.shape == (1, 4)
    assert long.shape == (1, 256)


def test_processes_that_start_at_once_leave_one_whole_graph(tmp_path: Path) -> None:
    starters = [threading.Thread(target=graph_path, args=[tmp_path]) for _ in range(3)]
    for starter in starters:
        starter.start()
    for starter in starters:
        starter.join()
    assert [path.name for path in tmp_path.iterdir()] == ["all-MiniLM-L6-v2-2.onnx"]
    onnxruntime.InferenceSession(str(graph_path(tmp_path)))


def test_a_branch_with_the_same_weights_gives_the_same_vector_and_other_weights_another(tmp_path: Path) -> None:
    weights = read_safetensors(model_directory() / "model.safetensors")
    last = {name: tensor for name, tensor in weights.items() if name.startswith("encoder.layer.5.")}
    other = {name: tensor * np.float32(1.1) for name, tensor in last.items()}
    path = tmp_path / "branched.onnx"
    write_graph(build_graph(weights, [Branch("same", 5, last), Branch("other", 5, other)], tokens=True), path)
    session = onnxruntime.InferenceSession(str(path))
    [(_, token_ids, mask)] = batches(load_tokenizer(), ["Interest rates fell.", "A dog."])
    embedding, same, changed, tokens = session.run(
        ["embedding", "same", "other", "tokens"], {"input_ids": token_ids, "attention_mask": mask}
    )
    assert same == pytest.approx(embedding, abs=1e-6)
    assert np.abs(changed - embedding).max() > 1e-3
    assert tokens.shape == (2, token_ids.shape[1], 384)
