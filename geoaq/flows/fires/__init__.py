"""The fire job: detections into the store, and out of it again."""
