"""Page to lines: flattened text in `text`."""
