"""The constants of detection in one pinned value, so that a run can say by which it was made."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Calibration:
    """Seconds unless said otherwise. A run stores `version`; a change of any figure is a new version."""

    version: int = 3

    # Smoothing: a Gaussian cut off at `reach` standard deviations. Picture and sound are sharp, chat answers over
    # several seconds, and over more of them where its lag is uncertain.
    media_sigma: float = 2.0
    chat_sigma: float = 4.0
    chat_sigma_most: float = 7.0
    reach: float = 2.0
    chat_ahead: float = 0.6  # a crowd swells at once and calms down slowly: what follows counts over a narrower stretch
    prior_messages: float = 3.0  # a second's share of messages counts as if so many ordinary ones stood beside it

    # Baselines: quantiles of a window, anew at every step.
    live_window: int = 1800
    live_warm_up: int = 300
    live_doubt: float = 300.0
    recorded_window: int = 3600
    live_step: int = 60
    recorded_step: int = 120
    stride: int = 2  # smoothed series say little new every second: every second value is enough for a quantile
    least_seconds: int = 10  # a window with fewer figures has no baseline of its own
    z_least: float = -1.0
    z_most: float = 6.0

    # Reaction lag (prior: Gaussian, from real broadcasts with a delay between picture and chat).
    lag_prior: float = 16.0
    lag_prior_sigma: float = 7.0
    lag_most: int = 40
    lag_window: int = 3600
    lag_checkpoints: tuple[int, ...] = (180, 300, 600)  # on live streams, then every 600 s

    # Dimensions: x -> x^2 / (x^2 + h^2) for x > 0, with x in robust standard deviations.
    half_score_at: float = 4.0
    agrees_from: float = 0.5
    consensus_share: float = 0.7

    # Peaks and boundaries, as shares of the peak's height.
    peak_radius: int = 5
    least_prominence: float = 0.3
    prominence_window: int = 60
    edge_share: float = 0.5
    snap_ms: int = 1_500

    # Confidence: a logistic of the score, fitted to whether editors of recaps kept the moment, on streams with chat alone,
    # where 0.4 of the profile's weight had evidence; with more of it the log-odds rise.
    even_score: float = 0.37
    score_spread: float = 0.16
    measured_coverage: float = 0.4
    evidence_weight: float = 1.5


DEFAULT_CALIBRATION = Calibration()
