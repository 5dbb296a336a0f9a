"""Performance status: ECOG from Karnofsky by the stated mapping."""

from __future__ import annotations

from peritia.knowledge.scoring.definition import ScoreError, definition, on_scale, table_of


def ecog_from_karnofsky(karnofsky: int) -> int:
    """ECOG by the mapping on file; the two scales correspond only about. Values between the tens are refused."""
    score = definition("karnofsky")
    on_scale(score, karnofsky, "a Karnofsky index")
    band = table_of(score, "ecog").band_of(karnofsky)
    if band is None or karnofsky % 10:
        raise ScoreError(f"the Karnofsky index has no step {karnofsky}", "0, 10, 20 ... 100")
    return int(band.id)
