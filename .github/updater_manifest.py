"""Prints the manifest that Tauri's updater reads, from packages and the signatures beside them.

usage: updater_manifest.py FOLDER OWNER/REPOSITORY TAG

FOLDER holds a folder per target, such as linux-x86_64. A package without a signature is left out: no updater would take
it.
"""

import json
import pathlib
import sys
from datetime import datetime, timezone

# One kind of package per target: an updater installs one file.
KINDS = {"linux-x86_64": ".deb", "windows-x86_64": ".exe", "darwin-aarch64": ".dmg"}


def platforms(folder, address):
    found = {}
    for target, kind in KINDS.items():
        for package in sorted((folder / target).glob("*" + kind)):
            signature = package.with_name(package.name + ".sig")
            if signature.is_file():
                found[target] = {"url": f"{address}/{package.name}", "signature": signature.read_text().strip()}
    return found


def main(folder, repository, tag):
    address = f"https://github.com/{repository}/releases/download/{tag}"
    manifest = {
        "version": tag.removeprefix("v"),
        "pub_date": datetime.now(timezone.utc).isoformat(timespec="seconds"),
        "platforms": platforms(pathlib.Path(folder), address),
    }
    print(json.dumps(manifest, indent=2))


if __name__ == "__main__":
    main(*sys.argv[1:])
