"""Read what a single entry of any list says: names, addresses, numbers, titles of videos."""
