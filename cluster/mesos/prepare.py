"""
Makes an image of Apache Mesos fit for Airflow's tasks, while our agent's image is built from it: `python prepare.py`.

Run by the runtime's own Python, which is the first proof that it runs there. Adds the user that tasks run as, without
the programs for it, which old and small images lack; and what Python looks for in places of its own distribution, where
the image has nothing there. Nothing that the image has is changed.
"""

from __future__ import annotations

import json
import os
import ssl
import sys
import zoneinfo
from pathlib import Path

ROOT = Path("/opt/mesos-airflow/runtime")
HOME = Path("/var/lib/airflow")
BUNDLES = ("/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/cert.pem")


def main() -> None:
    """Do all that is missing."""
    if not Path("/bin/sh").exists():
        # Mesos starts every command with it.
        sys.exit("The image has no /bin/sh, so no task could be started in it.")
    user = json.loads((ROOT / "share" / "user.json").read_text())
    add_user(user["name"], user["uid"], user["gid"])
    HOME.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.chown(HOME, user["uid"], user["gid"])
    offer_certificates()
    offer_time_zones()


def add_user(name: str, uid: int, gid: int) -> None:
    """Append the user, in place of one of that name; another one of the same number is none the worse for it."""
    passwd, group = Path("/etc/passwd"), Path("/etc/group")
    users = lines_of(passwd)
    if not users:
        users = ["root:x:0:0:root:/root:/bin/sh"]
    kept = [line for line in users if line.split(":")[0] != name]
    passwd.write_text("\n".join([*kept, f"{name}:x:{uid}:{gid}:Airflow:{HOME}:/bin/sh"]) + "\n")
    if not group.exists():
        group.write_text("root:x:0:\n")


def lines_of(file: Path) -> list[str]:
    """Return a file's lines; none where there is no file."""
    return file.read_text().splitlines() if file.exists() else []


def offer_certificates() -> None:
    """Let OpenSSL find certificate authorities: the image's own where it has some, else those of the Airflow image."""
    paths = ssl.get_default_verify_paths()
    hashed = Path(paths.openssl_capath)
    if Path(paths.openssl_cafile).exists() or (hashed.is_dir() and any(hashed.glob("*.[0-9]"))):
        return
    found = next(
        (place for place in BUNDLES if Path(place).exists()), str(ROOT / "share" / "ca-certificates.crt")
    )
    if Path(found).exists():
        link(Path(paths.openssl_cafile), Path(found))


def offer_time_zones() -> None:
    """Let Python find time zones where neither a package nor the image has them."""
    try:
        zoneinfo.ZoneInfo("Europe/Berlin")
    except zoneinfo.ZoneInfoNotFoundError:
        link(Path("/usr/share/zoneinfo"), ROOT / "share" / "zoneinfo")


def link(place: Path, target: Path) -> None:
    """Make a link where nothing is."""
    place.parent.mkdir(parents=True, exist_ok=True)
    if not place.is_symlink():
        place.symlink_to(target)


if __name__ == "__main__":
    main()
