"""Quantisation for Paddle Lite: static int8 by Paddle's post-training quantisation, weights and halves by `opt`.

What can be run here and what cannot: Lite's int8 kernels for x86 saturate and are never shipped, so static int8 exists
for `arm` alone; its numbers are those of the quantised program in Paddle, and of a stand-in that runs on x86. Weights
as integers are floats again when a model is loaded: they run here. Half precision exists for `arm` only.
"""
