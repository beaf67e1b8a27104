"""The commands that read with several workers; `gongkai add --queue` is in `gongkai.cli.read_and_add`."""
