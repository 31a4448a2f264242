"""What pages are measured against: a bare Flask page with one query, under the same server with as many threads."""

import sys

import sqlalchemy as sa
import waitress
from flask import Flask, render_template_string

PAGE = "<!doctype html><title>{{ name }}</title><h1>{{ name }}</h1><p>{{ email }}</p>"


def bare_app(url: str) -> Flask:
    """An app with one page."""
    app, engine = Flask(__name__), sa.create_engine(url)
    wanted = sa.text("SELECT name, email FROM customer WHERE id = :id")

    @app.get("/")
    def show() -> str:
        with engine.connect() as connection:
            row = connection.execute(wanted, {"id": 7}).one()
        return render_template_string(PAGE, name=row.name, email=row.email)

    return app


if __name__ == "__main__":
    waitress.serve(bare_app(sys.argv[1]), host="127.0.0.1", port=int(sys.argv[2]), threads=8)
