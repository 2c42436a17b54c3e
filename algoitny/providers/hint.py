"""The offline hint provider: always there, deterministic, asks nobody.

It reads code and verdicts and never runs anything. It looks at neither the reference solution nor
what a program wrote on a hidden test, so it cannot give either away.
"""

from __future__ import annotations

from algoitny.domain.ports import HintRequest
from algoitny.providers.hints import Evidence, advise, compose


class OfflineHintProvider:
    """Writes hints by rules over the verdicts and the text of the code."""

    prompt_version = 1
    """Goes up when the rules' words change enough to make a stored hint worth asking for anew."""

    def write(self, request: HintRequest) -> str:
        """80 to 160 words for any code, however broken."""
        evidence = Evidence.of(request)
        return compose(evidence, advise(evidence), request.level)
