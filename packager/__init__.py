"""The host side: from a Hugging Face model to a verified bundle."""
