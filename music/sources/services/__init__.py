"""Services that show playlists: one client a module, which gets its transport."""
