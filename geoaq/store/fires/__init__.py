"""Fire detections: immutable files, one for a satellite's day and level, and a manifest that names them.

State is a function of the set of rows that ever came: any order and any repetition of lists ends in the same
files. `geoaq.store.fires.store` is the door.
"""
