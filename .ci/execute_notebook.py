"""Executes the notebook in Deno's kernel. It fails on an error, and if a picture or a table is missing.

    deno jupyter --install
    python .ci/execute_notebook.py NOTEBOOK.ipynb [EXECUTED.ipynb]

The notebook must be in this project's directory or below it. The script needs nbclient from PyPI.
"""

import sys
from pathlib import Path
from queue import Empty

import nbformat
from nbclient import NotebookClient

# What cells must show at least, by media type.
LEAST = {"image/svg+xml": 5, "text/html": 5}
# Time in seconds to wait for what comes after a cell is over: Deno's kernel sends texts on another way than its state.
LATE = 0.5
# Longest time of a cell in seconds; the training takes 15 s on two cores that do nothing else.
TIMEOUT = 900


class PatientClient(NotebookClient):
    """A client that takes what a cell prints also after the cell is over."""

    async def async_execute_cell(self, cell, cell_index, *args, **kwargs):
        executed = await super().async_execute_cell(cell, cell_index, *args, **kwargs)
        while cell.cell_type == "code":
            try:
                message = await self.kc.get_iopub_msg(timeout=LATE)
            except Empty:
                break
            self.process_message(message, cell, cell_index)
        return executed


def execute(path: Path) -> nbformat.NotebookNode:
    """Executes a notebook in its own folder."""
    notebook = nbformat.read(path, as_version=4)
    client = PatientClient(
        notebook,
        timeout=TIMEOUT,
        kernel_name="deno",
        record_timing=False,
        resources={"metadata": {"path": str(path.parent)}},
    )
    client.execute()
    return notebook


def join_streams(notebook: nbformat.NotebookNode) -> None:
    """Joins neighbouring texts of a cell's output, which come line by line."""
    for cell in notebook.cells:
        joined = []
        for output in cell.get("outputs", []):
            last = joined[-1] if joined else None
            is_same = last and output.output_type == last.output_type == "stream"
            if is_same and output.name == last.name:
                last.text += output.text
            else:
                joined.append(output)
        if "outputs" in cell:
            cell.outputs = joined


def find_faults(notebook: nbformat.NotebookNode) -> list[str]:
    """Names cells with an error, media types of which there are too few, and answers that are wrong."""
    outputs = [(i, out) for i, cell in enumerate(notebook.cells) for out in cell.get("outputs", [])]
    faults = [f"cell {i}: {out.ename}: {out.evalue}" for i, out in outputs if out.output_type == "error"]
    faults += [f"cell {i}: {out.text}" for i, out in outputs if out.get("name") == "stderr"]
    for media, least in LEAST.items():
        count = sum(media in out.get("data", {}) for _, out in outputs)
        if count < least:
            faults.append(f"{media}: at least {least} must be shown, but {count} are")
    text = "".join(out.get("text", "") for _, out in outputs)
    html = "".join(out["data"].get("text/html", "") for _, out in outputs if "data" in out)
    faults += [f"the mark {mark} is missing" for mark in "☑☒" if mark not in text]
    faults += [f"the answer {answer} is missing" for answer in ("596", "MCMLXXXIV") if answer not in html]
    return faults


def main() -> int:
    """Executes the notebook, writes it if a second file is named, and says what is wrong."""
    path = Path(sys.argv[1]).resolve()
    notebook = execute(path)
    join_streams(notebook)
    if len(sys.argv) > 2:
        nbformat.write(notebook, sys.argv[2])
    faults = find_faults(notebook)
    for fault in faults:
        print(fault, file=sys.stderr)
    shown = sum(len(cell.get("outputs", [])) for cell in notebook.cells)
    print(f"{path.name}: {len(notebook.cells)} cells, {shown} outputs, {len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
