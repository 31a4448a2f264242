"""The one blueprint of the staff pages; the view modules hang their pages on it."""

from flask import Blueprint

staff = Blueprint("staff", __name__, url_prefix="/staff")
