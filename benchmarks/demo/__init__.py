"""`make demo`: models on their whole way, from the files that someone published to answers and times."""
