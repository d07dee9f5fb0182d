"""The house itself: what is promised of locks, image, command line start and tracked files."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent
LOCKS = ("requirements.lock", "requirements-runtime.lock", "requirements-bench.lock")
EXTRAS = {"requirements.lock": {"dev"}, "requirements-bench.lock": {"dev", "compiled", "cluster", "bench"}}


def canonical(name: str) -> str:
    """The name of a distribution as indexes compare it (PEP 503), extras and bounds cut off."""
    found = re.match(r"[A-Za-z0-9._-]+", name)
    assert found, name
    return re.sub(r"[-_.]+", "-", found.group()).lower()


def project() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


def locked(lock: str) -> dict[str, list[str]]:
    """Each requirement of a lock (name==version) with its hashes."""
    requirements: dict[str, list[str]] = {}
    current = ""
    for line in (ROOT / lock).read_text("utf-8").splitlines():
        if re.match(r"[A-Za-z0-9]", line):
            current = line.split(";")[0].rstrip(" \\")
            requirements[current] = []
        elif "--hash=" in line:
            requirements[current].append(line.strip(" \\"))
    return requirements


def docker_stages() -> list[list[str]]:
    """The instructions of each stage, continued lines joined, comments left out."""
    text = re.sub(r"\\\n\s*", " ", (ROOT / "Dockerfile").read_text("utf-8"))
    stages: list[list[str]] = []
    for line in text.splitlines():
        if line.startswith("FROM "):
            stages.append([])
        if line and not line.startswith("#"):
            stages[-1].append(line)
    return stages


def tracked_files() -> list[str]:
    if shutil.which("git") is None or not (ROOT / ".git").exists():
        pytest.skip("only git tells which files are the project's, and an unpacked archive has none")
    listing = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, text=True)
    return [name for name in listing.stdout.split("\0") if name and (ROOT / name).is_file()]


def modules_loaded_by(statement: str) -> set[str]:
    """The modules in memory after a statement in a fresh interpreter."""
    program = f"{statement}\nimport json, sys\nprint(json.dumps(sorted(sys.modules)))"
    answer = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True, text=True)
    return set(json.loads(answer.stdout))


# ---------------------------------------------------------------------------------------------------------------- locks


@pytest.mark.parametrize("lock", LOCKS)
def test_every_locked_requirement_is_one_version_with_hashes(lock: str) -> None:
    requirements = locked(lock)
    assert requirements
    for requirement, hashes in requirements.items():
        assert re.fullmatch(r"[a-z0-9-]+==[\w.!+]+", requirement), requirement
        assert hashes, f"{requirement} has no hash"
        assert all(re.fullmatch(r"--hash=sha256:[0-9a-f]{64}", one) for one in hashes), requirement


@pytest.mark.parametrize("lock", LOCKS)
def test_no_lock_names_an_address(lock: str) -> None:
    text = (ROOT / lock).read_text("utf-8")
    assert "://" not in text
    assert "index-url" not in text
    assert " @ " not in text


@pytest.mark.parametrize("lock", LOCKS)
def test_every_direct_dependency_stands_in_the_lock(lock: str) -> None:
    wanted = [*project()["project"]["dependencies"]]
    wanted += [name for extra in EXTRAS.get(lock, ()) for name in project()["project"]["optional-dependencies"][extra]]
    if lock in EXTRAS:
        wanted += project()["build-system"]["requires"]
    names = {canonical(requirement) for requirement in locked(lock)}
    assert {canonical(name) for name in wanted} <= names


def test_every_extra_is_locked_somewhere() -> None:
    assert set().union(*EXTRAS.values()) == set(project()["project"]["optional-dependencies"])


def test_the_lock_is_a_part_of_what_benchmarks_run_on() -> None:
    everything = locked("requirements-bench.lock")
    lock = locked("requirements.lock")
    assert {name: everything.get(name) for name in lock} == lock


def test_the_runtime_lock_is_a_part_of_the_lock() -> None:
    everything = locked("requirements.lock")
    runtime = locked("requirements-runtime.lock")
    assert {name: everything.get(name) for name in runtime} == runtime
    assert "pytest" not in {canonical(name) for name in runtime}


def test_every_runtime_dependency_has_a_lower_bound() -> None:
    for requirement in project()["project"]["dependencies"]:
        assert ">=" in requirement, requirement


# ---------------------------------------------------------------------------------------------------------------- image


def test_the_image_is_built_in_two_stages() -> None:
    assert len(docker_stages()) == 2


def test_the_image_does_not_run_as_root() -> None:
    users = [line.split()[1] for line in docker_stages()[-1] if line.startswith("USER ")]
    assert users
    assert users[-1] not in {"root", "0"}


def test_the_image_installs_what_is_locked_and_nothing_else() -> None:
    installs = [line for stage in docker_stages() for line in stage if "pip install" in line or "pip wheel" in line]
    assert len(installs) == 4
    assert all("--require-hashes -r" in line or "--no-deps" in line for line in installs)


def test_the_image_starts_the_service_and_asks_for_its_health() -> None:
    final = docker_stages()[-1]
    command = next(json.loads(line.removeprefix("CMD ")) for line in final if line.startswith("CMD "))
    health = next(line for line in final if line.startswith("HEALTHCHECK "))
    assert command == ["gamecore", "serve", "--host", "0.0.0.0", "--port", "8000"]
    assert "/healthz" in health
    compile(json.loads(health.split(" CMD ")[1])[2], "HEALTHCHECK", "exec")


def test_the_image_has_every_file_that_the_build_reads() -> None:
    copied = {name for line in docker_stages()[0] if line.startswith("COPY ") for name in line.split()[1:-1]}
    wanted = {*project()["project"]["license-files"], "pyproject.toml", "gamecore", "api"}
    readme = project()["project"].get("readme")
    assert wanted | ({readme} if readme else set()) <= copied


def test_everything_the_image_copies_exists_and_reaches_the_builder() -> None:
    allowed = {
        line.removeprefix("!")
        for line in (ROOT / ".dockerignore").read_text("utf-8").splitlines()
        if line.startswith("!")
    }
    for stage in docker_stages():
        for line in stage:
            if line.startswith("COPY ") and "--from=" not in line:
                for source in line.split()[1:-1]:
                    assert (ROOT / source).exists(), f"Dockerfile copies {source}, which is missing"
                    assert source in allowed, f".dockerignore keeps {source} from the builder"


# ------------------------------------------------------------------------------------------------------------- start-up


def test_importing_the_package_loads_no_service_and_no_heavy_library() -> None:
    heavy = {"api", "fastapi", "starlette", "uvicorn", "sqlalchemy", "nashpy", "scipy", "numpy", "networkx", "pydantic"}
    assert not heavy & modules_loaded_by("import gamecore")


def test_importing_the_command_line_loads_no_solver_and_no_service() -> None:
    heavy = {"api", "fastapi", "starlette", "uvicorn", "sqlalchemy", "nashpy", "scipy.optimize"}
    assert not heavy & modules_loaded_by("import gamecore.cli")


def test_every_room_says_what_it_is_for() -> None:
    for room in sorted(path.parent for path in (ROOT / "gamecore").glob("*/__init__.py")):
        text = (room / "__init__.py").read_text("utf-8")
        assert text.startswith('"""'), f"{room.name} has no docstring"


# -------------------------------------------------------------------------------------------------------- tracked files

# Put together here, so that this file does not name what it looks for.
UNWANTED = re.compile(
    "|".join(
        [
            r"(?<![\w.])/" + r"(?:work|root)/\w",
            r"/home/" + r"(?!gamecore\b)\w",
            r"/tmp/" + r"bash",
            "pypi" + r"\.org",
            "python" + "hosted",
            "registry" + r"\.npmjs",
            "deb" + r"\.debian",
        ]
    )
)


def test_tracked_files_name_no_machine_and_no_registry() -> None:
    found = []
    for name in tracked_files():
        try:
            text = (ROOT / name).read_text("utf-8")
        except UnicodeDecodeError:
            continue
        found += [f"{name}: {hit.group()}" for hit in UNWANTED.finditer(text)]
    assert not found


def test_nothing_that_was_made_is_tracked() -> None:
    made = re.compile(r"(^|/)(__pycache__|\.venv|build|dist|out|\.\w+_cache|\.hypothesis)/|\.pyc$|\.egg-info/")
    assert not [name for name in tracked_files() if made.search(name)]


def test_the_continuous_check_is_a_program_that_runs_tests_and_checks() -> None:
    script = ROOT / ".ci" / "run"
    text = script.read_text("utf-8")
    assert script.stat().st_mode & 0o111
    assert "set -euo pipefail" in text
    assert "make test" in text
    assert "make check" in text
