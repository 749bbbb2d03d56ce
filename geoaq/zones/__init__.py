"""Where things are and what is within reach of what: each zone draws itself and decides with distances."""
