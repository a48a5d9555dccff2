"""Programs to the files of the engines."""
