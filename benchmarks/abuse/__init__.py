"""What the watch over callers is worth: honest populations, thieves, and what a stolen copy is good for."""
