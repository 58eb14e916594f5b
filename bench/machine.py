"""machine.py - what the numbers were measured on."""
import datetime
import os
import platform
import re
import subprocess
import sys

import calm

GROUPS = {"build", "bench"}  # of packages.txt


def output(*command):
    try:
        return subprocess.run(command, text=True, capture_output=True, check=False).stdout.strip()
    except OSError:
        return ""


def find(path, pattern):
    with open(path) as file:
        found = re.search(pattern, file.read(), re.M)
    return found.group(1) if found else "unknown"


def vectors():
    flags = find("/proc/cpuinfo", r"^(?:flags|Features)\s*:(.*)$").split()
    named = ["asimd", "avx2", "fma", "avx512f", "avx512bw", "avx512_vbmi2", "avx512_bitalg"]
    return " ".join(name for name in named if name in flags) or "none"


def packages():
    """The packages that were asked for and what they are made of, with their versions."""
    with open("packages.txt") as file:
        lines = [line.split() for line in file if not line.startswith("#")]
    names = {name for group, choice in lines if group in GROUPS for name in choice.split("|")}
    listed = output("dpkg-query", "-W", "-f", "${db:Status-Abbrev} ${Package} ${Version}\n", *sorted(names))
    installed = [line.split()[1:] for line in listed.split("\n") if line.startswith("ii ")]
    return ", ".join(" ".join(words) for words in installed)


def torch():
    code = (
        "import torch, re;"
        "print('default threads', torch.get_num_threads(),"
        " *re.findall('CPU capability usage: .*', torch.__config__.show()))"
    )
    return output(sys.executable, "-c", code) or "not here"


def describe():
    memory = int(find("/proc/meminfo", r"^MemTotal:\s+(\d+) kB$")) * 1024
    return {
        "date": datetime.date.today().isoformat(),
        "commit": output("git", "describe", "--always", "--dirty") or "unknown",
        "CPU": find("/proc/cpuinfo", r"^model name\s*:\s*(.*)$"),
        "instructions": vectors(),
        "cores": str(calm.CORES),
        "memory": f"{memory / 1e9:.1f} GB",
        "system": f"{find('/etc/os-release', 'PRETTY_NAME=.(.*).$')}, Linux {platform.release()}",
        "compiler": output("cc", "--version").split("\n")[0],
        "packages": packages(),
        "PyTorch": torch(),
        "load before": f"{os.getloadavg()[0]:.2f}",
    }
