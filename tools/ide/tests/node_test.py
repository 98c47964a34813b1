"""The TypeScript compiler, which is its language server, checks the types of all sources by the tsconfig.json."""

import os

from tools.ide.tests.conftest import Editor


def _tsc(editor: Editor) -> tuple[int, str]:
    compiler = editor.workspace / "node_modules/typescript/lib/tsc.js"
    return editor.run([os.environ["NODE"], compiler, "--project", "node", "--pretty", "false"])


def test_every_import_resolves(editor: Editor) -> None:
    assert _tsc(editor) == (0, "")


def test_what_generated_code_does_not_have_is_told(editor: Editor) -> None:
    wrong = editor.workspace / "node/src/wrong.ts"
    wrong.write_text('export { Nothing } from "../stock_grpc/proto/stock.js";\n', "utf-8")
    try:
        code, said = _tsc(editor)
    finally:
        wrong.unlink()
    assert code != 0
    assert "has no exported member 'Nothing'" in said
