"""What leaves the house: findings as tables, workbook, spatial files and a summary.

Every writer is deterministic: the same frames give the same bytes, in any process, on any day. None of them
reads the clock, a path or the name of the machine.
"""
