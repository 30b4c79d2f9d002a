"""What every benchmark shares: its environment, its builds, its rounds, its rows and its bars."""
