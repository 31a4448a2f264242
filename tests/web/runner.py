"""A small runner for looking at the pages while working on them: `python -m tests.web.runner DIR [PORT]`."""

import sys
from pathlib import Path

from privacy_center import clock
from privacy_center.center import Center
from privacy_center.demo.build import prepare_demo
from privacy_center.web.app import build_app

if __name__ == "__main__":
    home = Path(sys.argv[1])
    prepare_demo(home, clock.now())
    center = Center.open(home)
    center.settings.secure_cookies = False
    build_app(center).run(port=int(sys.argv[2]) if len(sys.argv) > 2 else 8799, threaded=True)
