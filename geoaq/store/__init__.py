"""What must be remembered: screening folders and what people wrote beside them."""
