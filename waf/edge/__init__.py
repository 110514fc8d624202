"""HTTP in and out: the only room, with `admin`, that imports aiohttp."""
