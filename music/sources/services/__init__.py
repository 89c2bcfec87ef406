"""Read playlists of services: one client a module, which is given its transport."""
