"""Cites counts from the command line, with the URL of a site where one is named."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from urllib.parse import urlencode

import click

from archive.export.citations.count import CitedTotals, CountCitation
from gongkai.cli.options import OptionError
from indexer.answers.count_citation import cite_count
from indexer.answers.engine import Answer, Engine
from indexer.query.request import Request

site_option = click.option(
    "--site", metavar="URL", help="网站地址，写进引文 · The address of a site, for the URL of the citation."
)


def cited(engine: Engine, request: Request, site: str | None) -> tuple[Answer, CountCitation]:
    """Returns the totals of a request and their citation.

    Raises:
        OptionError: if the site is not a URL.
    """
    if site is not None and not site.startswith(("http://", "https://")):
        raise OptionError(
            f"--site 应是以 http:// 或 https:// 开头的地址，不是 {site}。",
            f"--site is an address that begins with http:// or https://, not {site}.",
        )
    return cite_count(engine, request, date.today(), _address_on(site, request))


def _address_on(site: str | None, request: Request) -> Callable[[CitedTotals], str | None]:
    def address(totals: CitedTotals) -> str | None:
        if site is None:
            return None
        arguments = {"q": request.query, **request.filters, "cited": str(totals)}
        asked = urlencode({name: value for name, value in arguments.items() if value}, doseq=True, safe=":")
        return f"{site.rstrip('/')}/search?{asked}"

    return address
