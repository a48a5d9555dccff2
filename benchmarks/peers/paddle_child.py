"""Paddle's own predictor as a child that answers feeds with outputs, in the frames that Paddle Lite's child speaks."""

from __future__ import annotations

import sys

from paddle import inference

from edge.child import private_stdout
from edge.engines.frames import read_frame, write_frame


def main() -> None:
    """The first message names the folder and the threads; every other one is a set of feeds."""
    with private_stdout() as replies:
        header, _ = read_frame(sys.stdin.buffer)
        config = inference.Config(f"{header['folder']}/inference.pdmodel", f"{header['folder']}/inference.pdiparams")
        config.disable_gpu()
        config.disable_glog_info()
        config.set_cpu_math_library_num_threads(header["threads"])
        predictor = inference.create_predictor(config)
        write_frame(replies, {}, {})
        while True:
            try:
                _, feeds = read_frame(sys.stdin.buffer)
            except EOFError:
                return
            for name, array in feeds.items():
                predictor.get_input_handle(name).copy_from_cpu(array)
            predictor.run()
            names = predictor.get_output_names()
            write_frame(replies, {}, {name: predictor.get_output_handle(name).copy_to_cpu() for name in names})


if __name__ == "__main__":
    main()
