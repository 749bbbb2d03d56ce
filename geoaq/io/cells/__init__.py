"""Reads single cells as people type them: text, numbers, angles, capacities, words."""
