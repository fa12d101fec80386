"""What the pages show, read from Sverka's database: typed, page by page, never a whole table."""
