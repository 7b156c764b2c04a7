"""Learns the topic classifier: python -m benchmarks.train_topics PATH-TO-LABELLED-DATA

Writes feeds/reading/topics/model/topics.npz. Learned numbers go in, and the topics and terms that they
belong to; no text does.
"""

import argparse
from pathlib import Path

import numpy as np

from benchmarks.labelled_insights import labelled_insights
from benchmarks.topics.surroundings import chapters, fit_weights, held_out, stray_chapters
from benchmarks.topics.training import (
    all_examples,
    anchor_vectors,
    stray_examples,
    strays,
    train,
    written_examples,
)
from feeds.reading.embeddings import LocalEmbedder, embedding_text
from feeds.reading.topics.learned import MODEL, Classifier


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--models", type=Path, default=Path("var/models"), help="where the embedder's graph is kept")
    args = parser.parse_args()
    embedder = LocalEmbedder(directory=args.models, threads=1)
    insights = labelled_insights(args.data)
    sets, always, never = all_examples(insights, embedder), written_examples(embedder), strays(args.data)
    fixed, labels = anchor_vectors(embedder), sets["written"].labels
    written = [embedding_text(insight.headline, insight.text) for insight in insights]
    spoken = [insight.passage for insight in insights]
    found = [one for texts in (written, spoken) for one in chapters(args.data, insights, texts, labels)]
    seen = held_out(
        [*found, *stray_chapters(args.data, insights, never)],
        sets=list(sets.values()),
        shows=np.array([insight.show for insight in insights]),
        always=always,
        never=never,
        fixed=fixed,
        embedder=embedder,
    )
    reads = train([*sets.values(), always, stray_examples(never, embedder)], fixed)
    store(Classifier(reads, fit_weights(seen)))
    print(f"{len(insights)} insights; {MODEL.stat().st_size / 1e6:.1f} MB in {MODEL.name}")


def store(classifier: Classifier) -> None:
    MODEL.parent.mkdir(exist_ok=True)
    model, vocabulary = classifier.reads, classifier.vocabulary
    halves = {
        "descriptions": model.anchors.descriptions,
        "terms": model.anchors.terms,
        "vector_weights": model.vector_weights,
    }
    np.savez_compressed(
        MODEL,
        allow_pickle=False,
        embedder=np.array(model.embedder),
        topics=np.array([topic.slug for topic in vocabulary.topics]),
        term_topics=np.array([term.slug for term in vocabulary.terms]),
        term_texts=np.array([term.text for term in vocabulary.terms]),
        rarity=model.anchors.rarity,
        evidence_mean=model.evidence_mean,
        evidence_scale=model.evidence_scale,
        evidence_weights=model.evidence_weights,
        topic_bias=model.topic_bias,
        reading_weights=classifier.weights,
        **{name: array.astype(np.float16) for name, array in halves.items()},
    )


if __name__ == "__main__":
    main()
