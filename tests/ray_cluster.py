"""A Ray cluster of several nodes on one machine, which ends with this process, or when its standard input does.

Prints its address, and for each worker node the process of its raylet. The head has no processor.
"""

from __future__ import annotations

import json
import sys

from ray.cluster_utils import Cluster

QUICK = {
    "health_check_initial_delay_ms": 1000,
    "health_check_period_ms": 1000,
    "health_check_timeout_ms": 5000,
    "health_check_failure_threshold": 3,
}
"""A node that is gone is known to be after seconds."""


def main(count: int) -> None:
    """Start as many worker nodes, and wait."""
    head = {"num_cpus": 0, "include_dashboard": False, "_system_config": QUICK}
    cluster = Cluster(initialize_head=True, head_node_args=head)
    nodes = [cluster.add_node(num_cpus=1) for _ in range(count)]
    raylets = [node.all_processes["raylet"][0].process.pid for node in nodes]
    print(json.dumps({"address": cluster.address, "raylets": raylets}), flush=True)
    sys.stdin.read()
    cluster.shutdown()


if __name__ == "__main__":
    main(int(sys.argv[1]))
