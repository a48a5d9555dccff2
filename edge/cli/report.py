"""`edge report`: records of measurements as a page, as Markdown or as lines."""

from __future__ import annotations

from pathlib import Path

import click

from edge.cli.printer import show


@click.command(epilog="Example: edge report fp32.json int8.json -o pi5.html")
@click.argument("records", metavar="RECORD...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Write a page (.html) or Markdown (.md).")
@click.option("--json", "as_json", is_flag=True, help="Print verdicts and statistics as JSON.")
def report(records: tuple[Path, ...], output: Path | None, as_json: bool) -> None:
    """Judge records of `edge bench -o` again, and report them together.

    A RECORD may be a folder, as edge sweep writes it, or a pattern. Several become one page with an overview: medians,
    runs of one thing in one row, and accuracy against latency where the records hold accuracy.
    """
    from edge.bench.report.judged import judged
    from edge.bench.report.read import read_records
    from edge.bench.report.write import check_report, write_report
    from edge.cli.measured import lines, overview_lines

    if output is not None:
        check_report(output)
    all_of = [judged(record) for record in read_records(records)]
    if output is not None:
        write_report(all_of, output)
    data = [{"summary": one.summary.to_json(), "judgement": one.judgement.to_json()} for one in all_of]
    show(as_json, {"records": data}, lines(all_of[0]) if len(all_of) == 1 else overview_lines(all_of))
