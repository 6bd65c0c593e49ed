"""Every departure of a definition, on inputs where it holds."""

from __future__ import annotations

from known_departures import keras, sklearn, tf_keras, torchmetrics
from known_departures.entry import Known

KNOWN: tuple[Known, ...] = (*torchmetrics.KNOWN, *keras.KNOWN, *tf_keras.KNOWN, *sklearn.KNOWN)
