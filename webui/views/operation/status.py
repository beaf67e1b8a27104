"""`/status`: catalogue, index and the queue of files to read, for those who run the site."""

from __future__ import annotations

from flask import Blueprint, render_template

from archive.adding.job_list import JOBS, jobs_json
from archive.errors import IndexMissing
from archive.export.json_types import Count, Json, record, shape
from indexer.answers.data_version import DataVersion
from webui import data_access
from webui.http.hosts import refuse_other_machines
from webui.http.i18n import language, link

status = Blueprint("status", __name__)

CATALOGUE = shape("catalogue_state", database=str, revision=Count, reports=Count)
INDEX = shape("index_state", as_of=DataVersion, is_current=bool)
STATUS = shape(
    "status", catalogue=CATALOGUE, index=INDEX | None, index_problem=str | None, jobs=JOBS | None
)  # fmt: skip


@status.get("/status")
def page() -> str:
    """Shows the state of the archive; its address has no cached answer (`webui.http.http_cache`)."""
    return render_template("status/page.html", status=state(), api=link("api.status"))


def state() -> Json:
    """Returns the document of `/api/status`.

    Raises:
        LocalOnlyError: for a request from another machine, unless the settings allow it.
    """
    refuse_other_machines()
    revision = data_access.revision()
    index, problem = None, None
    try:
        engine = data_access.index()
        index = {"as_of": engine.as_of, "is_current": engine.revision == revision}
    except IndexMissing as error:
        problem = error.message(language())
    jobs = data_access.jobs()
    return record(
        STATUS,
        None,
        catalogue={
            "database": "sqlite" if jobs is None else "postgresql",
            "revision": revision,
            "reports": data_access.report_counts().total,
        },
        index=index,
        index_problem=problem,
        jobs=jobs and jobs_json(jobs, language()),
    )
