"""What `benchmarks/quantise_ablation.py` measures with."""
