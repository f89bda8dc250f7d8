#!/usr/bin/env python3
"""P1: the C is the same whatever the place, the time and the user."""

import hashlib
import os
import shutil
import subprocess

from common import QUICK, RNNC, NOTEBOOK, finish, in_parallel, models, \
    workspace

PLACES = [("C", "UTC", 0o022), ("de_DE.UTF-8", "Asia/Tokyo", 0o077),
          ("tr_TR.UTF-8", "America/New_York", 0o000), ("", "", 0o027),
          ("POSIX", "UTC-14", 0o022), ("ja_JP.UTF-8", "UTC+12", 0o002),
          ("fr_FR", "Europe/Paris", 0o022)]


def digests(job):
    path, folder = job
    found = set()
    for k, (locale, zone, mask) in enumerate(PLACES):
        place = os.path.join(folder, "%d of %s" % (
            k, os.path.basename(path)), "x" * k)
        os.makedirs(place)
        local = os.path.join(place, "m.json")
        shutil.copy(path, local)
        done = subprocess.run(
            [RNNC, "m.json" if k % 2 else local, "-n", "m", "-o", "m.c"],
            cwd=place, umask=mask, stderr=subprocess.DEVNULL,
            env={"LC_ALL": locale, "TZ": zone, "HOME": place, "N": "x" * k})
        if done.returncode:
            return {"exit status"}
        with open(os.path.join(place, "m.c"), "rb") as f:
            found.add(hashlib.sha256(f.read()).hexdigest())
    return found


def main():
    paths = [NOTEBOOK, *models(3 if QUICK else 30)]
    with workspace() as folder:
        jobs = [(p, folder) for p in paths]
        faults = ["%s: %d texts" % (p, len(found))
                  for p, found in zip(paths, in_parallel(digests, jobs))
                  if len(found) != 1 or "exit status" in found]
    finish(faults, "%d models in %d places, one text each"
           % (len(paths), len(PLACES)))


main()
