"""What an analyst asks of a register."""
