"""Pages that belong to no screening: the jobs, the rules, where the data come from."""

from __future__ import annotations

from io import BytesIO

from flask import Blueprint, Response, jsonify, make_response, redirect, render_template, send_file, url_for

import geoaq
from geoaq.cards import policies
from geoaq.errors import NotFoundError
from geoaq.maps.figure import MapParts
from web import bundle
from web.delivery import asset
from web.language import reader
from web.views import blank_list, catalog, composed_map, job_page
from web.work import BORDER, HEATING

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def make() -> Blueprint:
    """Return the pages."""
    blueprint = Blueprint("pages", __name__)
    blueprint.add_url_rule("/", "home", home)
    blueprint.add_url_rule("/heating", "heating", heating)
    blueprint.add_url_rule("/border", "border", border)
    blueprint.add_url_rule("/policy", "policy", policy)
    blueprint.add_url_rule("/about", "about", about)
    blueprint.add_url_rule("/healthz", "healthz", healthz)
    blueprint.add_url_rule("/favicon.ico", "mark", mark)
    blueprint.add_url_rule("/map/<view>.js", "map_script", map_script)
    blueprint.add_url_rule("/map/<view>/client.<kind>", "client", client)
    blueprint.add_url_rule("/pages.css", "sheet", sheet)
    blueprint.add_url_rule("/slices.css", "slices", slices)
    blueprint.add_url_rule("/templates/<product>.xlsx", "template", template)
    return blueprint


def home() -> Response:
    """Send the reader to the first job."""
    return make_response(redirect(url_for("pages.heating")))


def heating() -> Response:
    """Show the map with the card that takes a list of boilers in."""
    return make_response(job_page(HEATING))


def border() -> Response:
    """Show the map of the province lines with the card that takes a project, or a list of them, in."""
    return make_response(job_page(BORDER))


def policy() -> Response:
    """Show every rule with its sentence, article and state."""
    return make_response(render_template("policy.html", rules=policies.listed(catalog(), reader())))


def about() -> Response:
    """Show where the data come from and what may be said of them."""
    return make_response(
        render_template(
            "about.html",
            layers=sorted(catalog().layers.values(), key=lambda one: not one.provided),
            version=geoaq.__version__,
        )
    )


def healthz() -> Response:
    """Say that the server answers."""
    return jsonify(status="ok", version=geoaq.__version__)


def mark() -> Response:
    """Send the mark for pages that name none, such as a sheet."""
    return make_response(redirect(asset("pages/mark.svg")))


def map_script(view: str) -> Response:
    """Send the map's own script: what it shows, in the reader's language."""
    response = Response(_parts(view).script, mimetype="text/javascript")
    response.headers["Cache-Control"] = "no-cache"
    response.add_etag()
    return response


def client(view: str, kind: str) -> Response:
    """Send all scripts, or all style sheets, of a map as one file."""
    if kind not in {"js", "css"}:
        raise NotFoundError("no_file")
    return bundle.send(bundle.of_map(_parts(view), kind))


def sheet() -> Response:
    """Send the style sheets of pages without a map as one file."""
    return bundle.send(bundle.of_pages())


def slices() -> Response:
    """Send the style sheet that names the slices of the font."""
    return bundle.send(bundle.of_slices())


def _parts(view: str) -> MapParts:
    if view not in catalog().views:
        raise NotFoundError("no_file")
    return composed_map(view, reader())


def template(product: str) -> Response:
    """Send an empty list to fill in."""
    body = blank_list(product, reader())

    response = send_file(BytesIO(body), mimetype=XLSX, as_attachment=True, download_name=f"{product}.xlsx")
    response.headers["Cache-Control"] = "no-cache"
    return response
