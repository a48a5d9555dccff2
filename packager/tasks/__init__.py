"""What a model folder declares about its inputs and outputs, as steps for the manifest."""
