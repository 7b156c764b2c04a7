"""The topics, and which of them a text is about."""

from feeds.topics.catalogue import TOPICS, TopicSpec
from feeds.topics.classifier import BRIEF_FLOOR, TopicScore, classify

__all__ = ["BRIEF_FLOOR", "TOPICS", "TopicScore", "TopicSpec", "classify"]
