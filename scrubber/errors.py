"""The one family of errors that scrubber raises; each message says what to do next."""


class ScrubberError(Exception):
    """Base of every error that scrubber raises on purpose."""


class BinaryInput(ScrubberError):
    """The content is a binary format (PDF, image, archive ...), not text."""


class InputTooLarge(ScrubberError):
    """The content is over a documented limit."""


class BadContainer(ScrubberError):
    """A WARC or MHTML file is damaged, or does not hold exactly one page."""


class PluginError(ScrubberError):
    """A plugin could not be loaded; names the file, the place and the nearest valid name."""
