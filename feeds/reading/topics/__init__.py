"""The topics, and which of them a text is about."""

from feeds.reading.topics.catalogue import TOPICS, TopicSpec
from feeds.reading.topics.classifier import BRIEF_FLOOR, TopicScore, classify, classify_in_context
from feeds.reading.topics.context import Surroundings

__all__ = ["BRIEF_FLOOR", "TOPICS", "Surroundings", "TopicScore", "TopicSpec", "classify", "classify_in_context"]
