"""What was said: feed, episode, transcript, insight, and the topics it touches."""

from feeds.models.episode import Episode as Episode
from feeds.models.episode import EpisodeQuerySet as EpisodeQuerySet
from feeds.models.episode import Transcript as Transcript
from feeds.models.feed import Feed as Feed
from feeds.models.feed import FeedQuerySet as FeedQuerySet
from feeds.models.insight import EarlierWording as EarlierWording
from feeds.models.insight import Insight as Insight
from feeds.models.insight import InsightQuerySet as InsightQuerySet
from feeds.models.insight import InsightReading as InsightReading
from feeds.models.insight import InsightReport as InsightReport
from feeds.models.insight import InsightTopic as InsightTopic
from feeds.models.insight import Topic as Topic
from feeds.models.kept_ways import KeptWays as KeptWays
from feeds.models.llm_call import LlmCall as LlmCall
from feeds.models.llm_call import LlmCallQuerySet as LlmCallQuerySet
from feeds.models.page_change import PageChange as PageChange
from feeds.models.related_stances import RelatedStances as RelatedStances
from feeds.models.related_stances import Stance as Stance
from feeds.models.search_word import SearchWord as SearchWord
