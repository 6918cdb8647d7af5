"""The API's description: a module for each of `web.api`, with the schemas and operations of its routes."""
