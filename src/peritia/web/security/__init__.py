"""What stands between a browser and the pages: sessions, tokens, headers, bounds, the access journal."""
