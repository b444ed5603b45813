"""The seven services."""

from tldr_chat_sentiment.bootstrap import DEFINITION as CHAT_SENTIMENT
from tldr_fusion_detector.bootstrap import DEFINITION as FUSION_DETECTOR
from tldr_gateway.bootstrap import DEFINITION as GATEWAY
from tldr_highlight_store.bootstrap import DEFINITION as HIGHLIGHT_STORE
from tldr_ingest.bootstrap import DEFINITION as INGEST
from tldr_service import Definition
from tldr_video_analysis.bootstrap import DEFINITION as VIDEO_ANALYSIS
from tldr_webhook_dispatcher.bootstrap import DEFINITION as WEBHOOK_DISPATCHER

DEFINITIONS: tuple[Definition, ...] = (
    GATEWAY,
    INGEST,
    VIDEO_ANALYSIS,
    CHAT_SENTIMENT,
    FUSION_DETECTOR,
    HIGHLIGHT_STORE,
    WEBHOOK_DISPATCHER,
)
