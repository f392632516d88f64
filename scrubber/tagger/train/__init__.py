"""Training of the tagger: data, flattening, alignment, folds, scores. Needs the extra `[train]`."""

from scrubber.tagger.train.folds import FOLDS, fold_of, folds

__all__ = ["FOLDS", "fold_of", "folds"]
