"""Tests that the files of deploy/cluster agree with each other and with the program; containers are not run."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from archive.store.blobs import location

FOLDER = Path(__file__).parents[1] / "deploy" / "cluster"
TEXT = (FOLDER / "compose.yaml").read_text("utf-8")
PREPARE = (FOLDER / "prepare.sh").read_text("utf-8")
COMPOSE: dict[str, Any] = yaml.safe_load(TEXT)
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]


@pytest.mark.parametrize("name", SERVICES)
def test_what_a_service_names_is_defined(name: str) -> None:
    service = SERVICES[name]
    assert set(service.get("depends_on", ())) <= set(SERVICES)
    assert set(service.get("networks", ())) <= set(COMPOSE["networks"])
    sources = [volume.split(":")[0] for volume in service.get("volumes", ()) if not volume.startswith("${")]
    assert {source for source in sources if not source.startswith(".")} <= set(COMPOSE["volumes"])
    written = ("./certificates/", "./s3.json", "./snapshots", "./opensearch/internal_users.yml")
    for source in sources:
        assert not source.startswith(".") or source.startswith(written) or (FOLDER / source).is_file(), source


@pytest.mark.parametrize("name", [name for name, service in SERVICES.items() if "profiles" not in service])
def test_a_service_is_watched_and_has_a_version(name: str) -> None:
    service = SERVICES[name]
    assert service["healthcheck"]["test"] and service["restart"] == "unless-stopped"
    assert "build" in service or re.fullmatch(r"[\w./-]+:\d[\w.]*", service["image"])


def test_only_the_site_is_reached_from_outside() -> None:
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["site"]
    assert COMPOSE["networks"]["inside"] == {"internal": True}


def test_prepare_writes_every_required_variable() -> None:
    required = set(re.findall(r"\$\{(\w+):\?", TEXT))
    assert required and required <= set(re.findall(r"^(\w+)=\$", PREPARE, re.MULTILINE))


def test_the_program_reads_the_settings() -> None:
    environment = SERVICES["site"]["environment"]
    assert environment[location.SETTING].startswith("s3://")
    assert set(SERVICES["tools"]["environment"].items()) == set(environment.items())


def test_each_node_has_a_certificate() -> None:
    names = re.search(r"for name in (.*); do", PREPARE)
    assert names is not None
    mounted = set(re.findall(r"\./certificates/([\w-]+):", TEXT))
    assert mounted == set(names[1].split()) - {"opensearch-admin"}
    settings = yaml.safe_load((FOLDER / "opensearch" / "opensearch.yml").read_text("utf-8"))
    nodes = [name for name in SERVICES if name.startswith("opensearch")]
    assert [f"CN={name}" for name in nodes] == settings["plugins.security.nodes_dn"]
    for name in nodes:
        environment = SERVICES[name]["environment"]
        assert environment["network.publish_host"] == name, "the others compare it with the certificate"


def test_what_contains_passwords_is_ignored_by_git() -> None:
    ignored = (FOLDER / ".gitignore").read_text("utf-8").split()
    assert {".env", "certificates/", "s3.json", "snapshots/", "opensearch/internal_users.yml"} <= set(ignored)
    left_out = (FOLDER / "Dockerfile.dockerignore").read_text("utf-8").split()
    assert "deploy/cluster/" in left_out, "a layer of the image would keep them"


def test_users_have_roles() -> None:
    folder = FOLDER / "opensearch"
    roles = yaml.safe_load((folder / "roles.yml").read_text("utf-8"))
    mapping = yaml.safe_load((folder / "roles_mapping.yml").read_text("utf-8"))
    users = set(re.findall(r"^(\w+): \{hash:", PREPARE, re.MULTILINE))
    assert {user for name, role in mapping.items() if name != "_meta" for user in role["users"]} == users
    assert set(mapping) == set(roles)


def test_prepare_is_valid_shell() -> None:
    sh = shutil.which("sh")
    assert sh is not None
    assert subprocess.run([sh, "-n", FOLDER / "prepare.sh"], check=False).returncode == 0  # noqa: S603
