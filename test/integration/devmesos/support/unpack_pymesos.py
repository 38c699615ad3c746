"""Unpacks what pip downloaded into a folder for PYTHONPATH: wheels whole, of archives of sources their package."""

import sys
import tarfile
import zipfile
from pathlib import Path

downloads, target = Path(sys.argv[1]), Path(sys.argv[2])
for file in downloads.iterdir():
    if file.suffix == ".whl":
        zipfile.ZipFile(file).extractall(target)
        continue
    with tarfile.open(file) as archive:
        for member in archive.getmembers():
            top, _, rest = member.name.partition("/")
            package = rest.partition("/")[0]
            # `http-parser-0.9.0/http_parser/…`: of its other folders none is imported.
            if package and top.replace("-", "_").startswith(package + "_") and member.isfile():
                member.name = rest
                archive.extract(member, target)
