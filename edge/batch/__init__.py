"""Many inputs through one bundle: worker processes, a journal that survives a power cut, one record for each input."""
