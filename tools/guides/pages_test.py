"""Blocks of shell, and the outputs that pages promise."""

import pytest

from tools.guides.pages import Block, blocks, fits

_PAGE = """\
# Page

```sh
echo one
echo two
```

```text
one
two
```

- in a list:

  ```sh
  true
  ```

and

```text
not its output
```

```python
print("not run")
```
"""


def test_blocks_have_lines_commands_and_outputs() -> None:
    assert blocks(_PAGE) == [
        Block(3, "echo one\necho two\n", "one\ntwo\n"),
        Block(15, "true\n", None),
    ]


@pytest.mark.parametrize(
    ("expected", "output", "fit"),
    [
        ("a\n", "a\n", True),
        ("a\n", "a\nb\n", False),
        ("...\nb\n", "a\na\nb\n", True),
        ("...\nb\n", "b\n", True),
        ("a\n...\n", "a\n", True),
        ("port ...\n", "port 12\n", True),
        ("port ...\n", "port 12\nmore\n", False),
        ("a.b\n", "axb\n", False),
    ],
)
def test_outputs_fit(expected: str, output: str, fit: bool) -> None:
    assert fits(expected, output) is fit
