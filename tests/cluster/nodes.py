"""Builds and starts OpenSearch nodes as processes on loopback, for tests of a cluster.

The libraries come from Maven Central into a cache folder. A node ends when its standard input is closed, so that none
outlives the tests, however these end.
"""

from __future__ import annotations

import functools
import hashlib
import http.client
import json
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from platformdirs import user_cache_path

HERE = Path(__file__).parent
SOURCES = (HERE / "pom.xml", HERE / "TestNode.java")
LEAST_JAVA = 21
START_SECONDS = 300
HEAP = os.environ.get("GONGKAI_CLUSTER_HEAP", "512m")


@dataclass
class Nodes:
    """Nodes of one cluster; node `i` is `processes[i]` and answers at `ports[i]`."""

    folder: Path
    ports: Sequence[int]
    transport: Sequence[int]
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @classmethod
    def start(cls, count: int, folder: Path) -> Nodes:
        ports = _free_ports(2 * count)
        nodes = cls(folder, ports[:count], ports[count:])
        nodes.processes = [nodes.run(number) for number in range(count)]
        return nodes

    @property
    def hosts(self) -> str:
        """The nodes as in `GONGKAI_INDEX`."""
        return ",".join(f"127.0.0.1:{port}" for port in self.ports)

    def run(self, number: int) -> subprocess.Popen[bytes]:
        """Starts the process of a node on its own folder and ports."""
        home = self.folder / f"node-{number}"
        home.mkdir(parents=True, exist_ok=True)
        names = ",".join(f"node-{each}" for each in range(len(self.ports)))
        settings = {
            "cluster.name": f"gongkai-test-{self.transport[0]}",
            "node.name": f"node-{number}",
            "network.host": "127.0.0.1",
            "http.port": self.ports[number],
            "transport.port": self.transport[number],
            "discovery.seed_hosts": ",".join(f"127.0.0.1:{port}" for port in self.transport),
            "cluster.initial_cluster_manager_nodes": names,
            "cluster.routing.allocation.disk.threshold_enabled": "false",  # disks of test machines are nearly full
            "action.auto_create_index": "false",
        }
        built = build()
        with (home / "log").open("ab") as log:
            return subprocess.Popen(  # noqa: S603 (no shell)
                [
                    str(java()),
                    f"-Xms{HEAP}",
                    f"-Xmx{HEAP}",
                    "-XX:+UseSerialGC",
                    "-XX:TieredStopAtLevel=1",
                    "-Dlog4j2.disable.jmx=true",
                    "--enable-native-access=ALL-UNNAMED",
                    "--add-modules=jdk.incubator.vector",
                    "-cp",
                    f"{built / 'classes'}:{built / 'lib'}/*",
                    "TestNode",
                    str(home),
                    *[f"{name}={value}" for name, value in settings.items()],
                ],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
            )

    def wait(self) -> None:
        """Waits until every node has joined.

        Raises:
            RuntimeError: a node ended, or they did not join in time; with the end of its log.
        """
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until and all(process.poll() is None for process in self.processes):
            if self._joined() == len(self.processes):
                return
            time.sleep(0.2)
        ended = [number for number, process in enumerate(self.processes) if process.poll() is not None]
        log = (self.folder / f"node-{(ended or [0])[0]}" / "log").read_text("utf-8", "replace")
        raise RuntimeError(f"the cluster did not start; ended nodes: {ended}\n{log[-4000:]}")

    def _joined(self) -> int:
        """Returns the number of nodes that the first one sees."""
        connection = http.client.HTTPConnection("127.0.0.1", self.ports[0], timeout=5)
        try:
            connection.request("GET", "/_cluster/health")
            return int(json.loads(connection.getresponse().read())["number_of_nodes"])
        except (OSError, http.client.HTTPException, ValueError, KeyError):
            return 0
        finally:
            connection.close()

    def kill(self, number: int) -> None:
        process = self.processes[number]
        process.kill()
        process.wait()
        if process.stdin:
            process.stdin.close()

    def restart(self, number: int) -> None:
        """Starts a node again unless it runs."""
        if self.processes[number].poll() is not None:
            self.processes[number] = self.run(number)

    def stop(self) -> None:
        for number in range(len(self.processes)):
            self.kill(number)


@functools.cache
def java() -> Path:
    """Returns the newest Java of this machine; skips the test if it is too old or there is none."""
    homes = [Path(os.environ["JAVA_HOME"])] if "JAVA_HOME" in os.environ else []
    homes += Path("/usr/lib/jvm").glob("*")
    found = [path for home in homes if (path := home / "bin" / "java").exists() and (home / "bin" / "javac").exists()]
    versions = {path: _version(path) for path in found}
    best = max(versions, key=lambda path: versions[path], default=None)
    if best is None or versions[best] < LEAST_JAVA:
        newest = f"the newest here is {versions[best]}" if best else "there is none here"
        pytest.skip(f"a cluster needs a JDK of Java {LEAST_JAVA} or later; {newest}")
    return best


def _version(path: Path) -> int:
    shown = subprocess.run([path, "-version"], capture_output=True, text=True, check=False).stderr  # noqa: S603
    number = shown.partition('version "')[2].partition(".")[0].strip('"\n ')
    return int(number) if number.isdigit() else 0


@functools.cache
def build() -> Path:
    """Returns the folder with the libraries and the compiled node; downloads and compiles them once."""
    content = b"".join(path.read_bytes() for path in SOURCES) + str(java()).encode()
    folder = user_cache_path("gongkai-cluster") / hashlib.sha256(content).hexdigest()[:16]
    if (folder / "complete").exists():
        return folder
    maven = shutil.which("mvn")
    if maven is None:
        pytest.skip("a cluster needs Maven (mvn), which downloads OpenSearch")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    shutil.copy(HERE / "pom.xml", folder)
    copy = [maven, "-B", "-q", "dependency:copy-dependencies", "-DoutputDirectory=lib", "-DincludeScope=runtime"]
    copied = subprocess.run(copy, cwd=folder, capture_output=True, text=True, check=False)  # noqa: S603
    if copied.returncode:
        pytest.skip(f"Maven could not download OpenSearch: {copied.stdout[-300:]}")
    compiler = java().with_name("javac")
    classes = ["-nowarn", "-cp", f"{folder / 'lib'}/*", "-d", str(folder / "classes"), str(HERE / "TestNode.java")]
    subprocess.run([compiler, *classes], check=True)  # noqa: S603
    (folder / "complete").touch()
    return folder


def _free_ports(count: int) -> list[int]:
    """Returns ports that are free now; all are held until each is known, so that they differ."""
    sockets = [socket.socket() for _ in range(count)]
    try:
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]
    finally:
        for each in sockets:
            each.close()
