"""One deletion in a process of its own; prints the most memory it held, in MB."""

import os
import sys

from privacy_center.center import Center
from tests.bench.cost import peak_memory
from tests.bench.product import Spent, delete_here

if __name__ == "__main__":
    center = Center.open(sys.argv[1])
    delete_here(center, int(sys.argv[2]), Spent())
    center.close()
    print(peak_memory(os.getpid()))
