"""The web-attack head: how much a value of a request looks like a payload for a web application."""
