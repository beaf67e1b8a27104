"""The site for any WSGI server, over the archive in `GONGKAI_HOME`: `gunicorn webui.wsgi:app`."""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs

from webui.app import create_app
from webui.http.telemetry import log_to_stderr
from webui.http.warmup import warm

log_to_stderr()
_home = Path(os.environ.get("GONGKAI_HOME") or platformdirs.user_data_dir("gongkai"))
app = create_app(_home)
warm(app)
