#!/usr/bin/env python3
"""deploy.py - what is shipped in deploy/ and the Dockerfile agrees with itself and with the program.

Each check is a relation between numbers that stand in different files: a limit that one of them sets
must leave room for what another asks.  It ends with check's line, which tests/run.sh adds up."""
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
NODE_CPUS, NODE_SYSTEM = 2.0, 0.95  # a small node, and what a cluster's own pods ask of it
MARGIN = 5  # seconds between the end of a drain and a kill

try:
    import yaml
except ImportError:
    print("SKIP deploy: python3-yaml is not installed")
    print("100%: Checks: 0, Failures: 0, Errors: 0")
    sys.exit(0)


def text(path):
    return (ROOT / path).read_text()


def seconds(value):
    number, unit = re.fullmatch(r"(\d+)(ms|s|m|h)?", str(value)).groups()
    return int(number) * {"ms": 0.001, "s": 1, None: 1, "m": 60, "h": 3600}[unit]


def cpus(value):
    return float(value[:-1]) / 1000 if str(value).endswith("m") else float(value)


def size(value):
    number, unit = re.fullmatch(r"(\d+)(Ki|Mi|Gi|k|m|g)?", str(value)).groups()
    return int(number) << {"": 0, "k": 10, "m": 20, "g": 30}[(unit or "")[:1].lower()]


def share(value, of):
    return of * int(value[:-1]) // 100 if str(value).endswith("%") else int(value)


SETTINGS = dict(re.findall(r'SETTING\(\w+,\s*(\w+),\s*"([^"]*)"', text("server/config.def")))
IMAGE = dict(re.findall(r"LOGITD_(\w+)=(\S+)", re.search(r"^ENV .*", text("Dockerfile"), re.M)[0]))
KUBERNETES = {
    document["kind"]: document
    for path in sorted((ROOT / "deploy/kubernetes").glob("*.yaml"))
    for document in yaml.safe_load_all(path.read_text())
}
COMPOSE = yaml.safe_load(text("deploy/compose.yaml"))["services"]["logitd"]
UNIT = dict(re.findall(r"^(\w+)=(.*)$", text("deploy/systemd/logitd.service"), re.M))
DEPLOYMENT = KUBERNETES["Deployment"]["spec"]
POD = DEPLOYMENT["template"]["spec"]
CONTAINER = POD["containers"][0]
POD_SETTINGS = {e["name"].removeprefix("LOGITD_"): e["value"] for e in CONTAINER["env"]}


def setting(name, *layers):
    """The first layer that sets it, else the program's default."""
    for layer in layers:
        if name.upper() in layer:
            return layer[name.upper()]
    return SETTINGS[name]


def stopping(*layers):
    """How long a program of these settings takes to stop, at most."""
    return seconds(setting("drain_delay", *layers)) + seconds(setting("drain_time", *layers))


def noticed(probe):
    return probe.get("periodSeconds", 10) * probe.get("failureThreshold", 3)


def rolling(replicas):
    """The pods that an update of so many needs room for, and how many may be missing meanwhile."""
    update = DEPLOYMENT["strategy"]["rollingUpdate"]
    return replicas + share(update["maxSurge"], replicas), share(update["maxUnavailable"], replicas)


def let_in(labels, namespace_too):
    """Whether the network policy lets in pods of such labels, from any namespace or from its own."""
    for rule in KUBERNETES["NetworkPolicy"]["spec"]["ingress"]:
        for peer in rule["from"]:
            wanted = peer.get("podSelector", {}).get("matchLabels", {})
            if wanted.items() <= labels.items() and ("namespaceSelector" in peer or not namespace_too):
                return "http" in [port["port"] for port in rule["ports"]]
    return False


def room(limit, *layers):
    """Whether requests may hold at most half of the limit, which is what the program itself takes of it."""
    held = size(setting("max_memory", *layers).replace("iB", "i"))
    return limit is not None and held <= size(limit) // 2  # 0: it follows the limit


def builds_in_image():
    """Whether make finds everything it needs among what the Dockerfile's first stage copies."""
    first = text("Dockerfile").split("\nFROM ")[1]
    with tempfile.TemporaryDirectory() as folder:
        for line in re.findall(r"^COPY (.*)$", first, re.M):
            *sources, target = line.split()
            for source in sources:
                pathlib.Path(folder, target).parent.mkdir(parents=True, exist_ok=True)
                copy = shutil.copytree if (ROOT / source).is_dir() else shutil.copy
                copy(ROOT / source, pathlib.Path(folder, target))
        made = subprocess.run(["make", "-n", "-C", folder], stdout=subprocess.DEVNULL)
    return made.returncode == 0


REQUEST = cpus(CONTAINER["resources"]["requests"]["cpu"])
SCALER = KUBERNETES["HorizontalPodAutoscaler"]["spec"]
BUDGET = KUBERNETES["PodDisruptionBudget"]["spec"]
LEAST = min(DEPLOYMENT["replicas"], SCALER["minReplicas"])

CHECKS = [
    ("the program builds from what the Dockerfile copies", builds_in_image()),
    ("every variable that is set is a setting of the program",
     {name.lower() for name in {**IMAGE, **POD_SETTINGS}} <= set(SETTINGS)),
    ("the image waits for balancers before it refuses connections",
     seconds(setting("drain_delay", IMAGE)) >= 5),
    ("a pod waits until its readiness probe has failed",
     noticed(CONTAINER["readinessProbe"]) < seconds(setting("drain_delay", POD_SETTINGS, IMAGE))),
    ("Kubernetes kills no pod that drains",
     POD["terminationGracePeriodSeconds"] >= stopping(POD_SETTINGS, IMAGE) + MARGIN),
    ("compose kills no container that drains",
     seconds(COMPOSE["stop_grace_period"]) >= stopping(IMAGE) + MARGIN),
    ("systemd kills no process that drains", seconds(UNIT["TimeoutStopSec"]) >= stopping({}) + MARGIN),
    ("an update of the fewest pods fits on a small node",
     rolling(LEAST)[0] * REQUEST + NODE_SYSTEM <= NODE_CPUS),
    ("an update of the most pods ends where no further pod fits",
     rolling(SCALER["maxReplicas"])[1] >= 1),
    ("the most pods fit on a small node", SCALER["maxReplicas"] * REQUEST + NODE_SYSTEM <= NODE_CPUS),
    ("an update of the fewest pods keeps one that answers", rolling(LEAST)[1] < LEAST),
    ("requests fit in a pod's memory",
     room(CONTAINER["resources"]["limits"].get("memory"), POD_SETTINGS, IMAGE)),
    ("requests fit in compose's memory", room(COMPOSE.get("mem_limit"), IMAGE)),
    ("a node can be drained", BUDGET.get("maxUnavailable", LEAST - BUDGET.get("minAvailable", 0)) >= 1),
    ("a scaler that counts CPU does not count in shares of a small request",
     SCALER["metrics"][0]["resource"]["target"]["type"] == "AverageValue"),
    ("Prometheus in another namespace may scrape",
     let_in({"app.kubernetes.io/name": "prometheus"}, True)),
    ("a labelled client may ask", let_in({"logitd-client": "true"}, False)),
    ("nobody else may", not let_in({"app.kubernetes.io/name": "other"}, False)),
]

failures = [name for name, holds in CHECKS if not holds]
for name in failures:
    print(f"FAIL {name}")
print(f"{100 * (len(CHECKS) - len(failures)) // len(CHECKS)}%: Checks: {len(CHECKS)}, "
      f"Failures: {len(failures)}, Errors: 0")
sys.exit(1 if failures else 0)
