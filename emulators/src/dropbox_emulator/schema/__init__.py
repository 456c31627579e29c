"""The routes and types of the API as data: argument validation and reply checking."""

from .arguments import BadArgument, Tag
from .table import Route, Table, load_table

__all__ = ["BadArgument", "Route", "Table", "Tag", "load_table"]
