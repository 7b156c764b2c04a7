"""The extractor that asks a language model and believes nothing that the transcript does not bear out."""

from feeds.library.llm.extractor import LlmExtractor as LlmExtractor
