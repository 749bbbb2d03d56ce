"""Fires: from detections to events with an address; nothing here opens a file or reads a clock."""
