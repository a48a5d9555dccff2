"""Which of transformers' architectures go the whole road, with proof: a small network of each is built and measured."""
