"""What a single entry of a list says, whatever it came in: names, addresses, numbers, titles of videos."""
