"""What was never seen, with its truth: a year of fire pixels (`year`) and a scene of a satellite (`scene`).

For tests, for benchmarks, and for an agency that tries its own installation; never to be shown as real.
"""
