"""Prints what CHANGELOG.md says about a release.

usage: release_notes.py CHANGELOG.md TAG
"""

import sys


def notes(lines, version):
    inside, found = False, []
    for line in lines:
        if line.startswith("## "):
            inside = line[3:].split(" ")[0] == version
        elif inside:
            found.append(line)
    return "".join(found).strip()


def main(path, tag):
    version = tag.removeprefix("v")
    with open(path, encoding="utf-8") as file:
        text = notes(file, version)
    if not text:
        sys.exit(f"{path} has no section for {version}")
    print(text)


if __name__ == "__main__":
    main(*sys.argv[1:])
