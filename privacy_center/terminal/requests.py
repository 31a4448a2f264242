from argparse import Namespace
def _x(a: Namespace) -> int: raise NotImplementedError
run_submit=run_show=run_list=run_decide=run_execute=run_cancel=run_sweep=run_scan=run_replay=_x
