"""The warehouse."""

from flask import Flask

app = Flask(__name__)
stock = {}


@app.get("/stock")
def everything():
    """Send the whole stock."""
    return {"items": [{"sku": sku, "count": count} for sku, count in stock.items()]}


@app.get("/stock/<sku>")
def one(sku):
    """Send the stock of one article."""
    return {"sku": sku, "count": stock[sku]}
