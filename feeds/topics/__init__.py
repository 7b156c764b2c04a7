"""The topics, and which of them a text is about."""

from feeds.topics.catalogue import TOPICS, TopicSpec
from feeds.topics.classifier import BRIEF_FLOOR, TopicScore, classify, classify_in_context
from feeds.topics.context import EpisodeContext

__all__ = ["BRIEF_FLOOR", "TOPICS", "EpisodeContext", "TopicScore", "TopicSpec", "classify", "classify_in_context"]
