"""Container images for arm64: locked, built without a daemon, the same bytes everywhere."""
