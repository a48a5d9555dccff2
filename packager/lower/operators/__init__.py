"""One module for each family of ATen operators; `packager.lower.registry` imports them all."""
