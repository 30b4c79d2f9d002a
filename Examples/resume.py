"""A long program of Dana's is killed in the middle, and another process goes on with it: no step is done twice.

Run it without arguments: it starts the program in a process, kills that with SIGKILL, and goes on in a second one.
"""

import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from opendxa.dana import DanaRuntime

KEY = b"a key that only the service knows"
PROGRAM = """
done = []
for number in range(1, 6):
    step(number)
    done.append(number)
done
"""


def work(folder: Path, *, resumes: bool) -> None:
    """Runs the program, or goes on with it; before each step the state is saved."""
    runtime = DanaRuntime()
    saved = folder / "state"

    @runtime.function
    def step(number: int) -> None:
        fresh = folder / "state.new"
        fresh.write_bytes(context.save(KEY))
        os.replace(fresh, saved)
        if number == 3 and not resumes:
            os.kill(os.getpid(), signal.SIGKILL)
        with (folder / "log").open("a") as log:
            log.write(f"step {number} in process {'two' if resumes else 'one'}\n")

    if resumes:
        with runtime.resume(saved.read_bytes(), KEY) as context:
            print("all steps:", context.go_on())
    else:
        with runtime.create_context() as context:
            context.eval_dana(PROGRAM)


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        first = subprocess.run([sys.executable, __file__, "begin", name], check=False)
        print("the first process ended with", signal.Signals(-first.returncode).name)
        subprocess.run([sys.executable, __file__, "resume", name], check=True)
        print(Path(name, "log").read_text(encoding="utf-8"), end="")


if __name__ == "__main__":
    if len(sys.argv) == 3:
        work(Path(sys.argv[2]), resumes=sys.argv[1] == "resume")
    else:
        main()
