"""What the machine was and did while it was measured: sensors, a sampler, the conditions of a record."""
