"""Sample cities: real where they can be, simulated where they say so."""

from data.samples.loading import SAMPLES, SampleLoad, load_sample
from data.samples.publishing import published_beside_rows
from data.samples.steps import Progress, Step, Steps

__all__ = [
    "SAMPLES",
    "Progress",
    "SampleLoad",
    "Step",
    "Steps",
    "load_sample",
    "published_beside_rows",
]
