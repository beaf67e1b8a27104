"""Serves the archive in `GONGKAI_HOME` with any WSGI server: `gunicorn webui.wsgi:app`.

`GONGKAI_TRUSTED_HOSTS`, `GONGKAI_PUBLIC_URL`, `GONGKAI_METRICS` and `GONGKAI_FEEDBACK` are read, see docs/running.md.
"""

from __future__ import annotations

import logging
import os
from pathlib import Path

import platformdirs

from webui.app import create_app
from webui.http.settings import PUBLIC_URL, TRUSTED_HOSTS, SiteSettings
from webui.http.telemetry import log_to_stderr
from webui.http.warmup import warm

log_to_stderr()
_home = Path(os.environ.get("GONGKAI_HOME") or platformdirs.user_data_dir("gongkai"))
_settings = SiteSettings.read(os.environ)
if not (_settings.trusted_hosts or _settings.public_url):
    logging.getLogger("gongkai").warning(
        "Only requests for localhost are answered. Set %s or %s.", PUBLIC_URL, TRUSTED_HOSTS
    )
app = create_app(_home, _settings)
warm(app)
