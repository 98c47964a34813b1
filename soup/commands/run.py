"""`stock server`, `stock client`, `stock LANGUAGE server|client`, `stock get` and the like."""

from pathlib import Path
from typing import Final

import click

from soup import tls
from soup.auto_tls import auto_run
from soup.errors import StockError
from soup.group import LanguageType
from soup.launch import become, run
from soup.names import OPERATIONS, unknown
from soup.passing import PassingCommand
from soup.programs import program
from soup.settings import settings

_KEY_TYPES: Final = ("rsa2048", "rsa4096", "p256", "p384", "p521")

_SERVER_HELP: Final = """\
Runs the server of LANGUAGE in this process: signals and exit codes are the server's own.

\b
Flags that go to the server:
  --host H --port N            where it listens (127.0.0.1, 50051; 0 is any free port)
  --cert-file F --key-file F   its identity, for tls, mtls and manual
  --client-ca-file F           roots for clients, for mtls and manual
  --grace-seconds S            what running calls may take when it ends (3)
  --max-receive-bytes N        the largest message it reads (4 MiB)
  --allow-plaintext-network    plaintext beyond loopback
  --conformance --session      for the matrix
  --version

\b
Exit codes: 0 ended by a signal, 2 wrong usage or files, 3 cannot listen, 4 fault.
"""

_CLIENT_HELP: Final = """\
Runs one operation with the client of LANGUAGE, whose output and exit code are the client's own.

\b
Operations:
{operations}

\b
Flags that go to the client:
  --server H:P                 whom it calls (127.0.0.1:50051)
  --tls --ca-file F            TLS, and the roots to know the server by
  --cert-file F --key-file F   its own identity
  --server-name N              the name to know the server by
  --timeout-seconds S          the call's deadline (5; 0 is none)
  --max-receive-bytes N        the largest message it reads (4 MiB)
  --session                    for the matrix
  --version

\b
Exit codes: 0 done, 1 not serving, 2 wrong usage or files, 4 fault,
64 + status code for a call that failed, 130 after Control-C.
A key that begins with -- stands behind a lone --.
"""


def server_command(language: str | None = None) -> click.Command:
    """`stock server LANGUAGE`, or `server` of one language."""

    def callback(
        lang: str | None = None,
        tls_mode: str | None = None,
        key_type: str = "p256",
        ca_out: Path | None = None,
        program: Path | None = None,
    ) -> None:
        _serve(lang or language or "", tls_mode, key_type, ca_out, program)

    return PassingCommand(
        "server",
        callback=callback,
        help=_SERVER_HELP,
        short_help="Run the server of a language.",
        passed="[SERVER FLAGS]...",
        params=[
            *_language(language),
            click.Option(
                ["--tls-mode"],
                type=click.Choice(tls.MODES),
                help="none or disabled; tls or server; mtls; manual (tls, or mtls with roots for clients); auto: "
                "mtls with identities that are minted for this run.",
            ),
            click.Option(
                ["--key-type"],
                type=click.Choice(_KEY_TYPES),
                default="p256",
                show_default=True,
                help="Of what auto mints.",
            ),
            click.Option(
                ["--ca-out"],
                type=click.Path(path_type=Path, dir_okay=False),
                help="Where auto leaves the certificate of its authority.",
            ),
            _program_option(),
        ],
    )


def _serve(
    language: str, mode: str | None, key_type: str, ca_out: Path | None, flag: Path | None
) -> None:
    ctx = click.get_current_context()
    found = settings(ctx)
    if ca_out and mode != "auto":
        raise StockError("--ca-out goes with --tls-mode auto")
    path = str(program(found, language, "server", flag).path)
    if mode != "auto":
        modes = [f"--tls-mode={mode}"] if mode else []
        become([path, *modes, *ctx.args], found.environ)
    tls.refuse_files(ctx.args)
    with auto_run(found, key_type, ca_out and found.cwd / ca_out) as minted:
        click.echo(f"stock: CA: {ca_out or minted.folder / 'ca.pem'}", err=True)
        # For clients that are none of ours.
        shown = minted.folder / "client.pem", minted.folder / "client-key.pem"
        click.echo(f"stock: clients show: {shown[0]}, {shown[1]}", err=True)
        argv = [path, *tls.server_flags(minted), *ctx.args]
        code = run(argv, found.environ, [minted.descriptor])
    ctx.exit(code)


def client_command(language: str | None = None) -> click.Command:
    """`stock client LANGUAGE OPERATION`, or `client` of one language."""

    def callback(
        lang: str | None = None,
        operation: str | None = None,
        tls_mode: str | None = None,
        ca_out: Path | None = None,
        program: Path | None = None,
    ) -> None:
        if operation and operation not in OPERATIONS:
            raise StockError(unknown("operation", operation, OPERATIONS))
        _call(lang or language or "", operation, tls_mode, ca_out, program)

    operations = "\n".join(f"  {name:10} {told}" for name, told in OPERATIONS.items())
    return PassingCommand(
        "client",
        callback=callback,
        help=_CLIENT_HELP.format(operations=operations),
        short_help="Run one operation with the client of a language.",
        passed="[ARGUMENTS] [CLIENT FLAGS]...",
        params=[
            *_language(language),
            click.Argument(["operation"], required=False, shell_complete=_complete_operation),
            *_client_options(),
        ],
    )


def operation_command(operation: str) -> click.Command:
    """`stock get` and the like."""

    def callback(
        lang: str | None, tls_mode: str | None, ca_out: Path | None, program: Path | None
    ) -> None:
        name = lang or settings(click.get_current_context()).client
        _call(name, operation, tls_mode, ca_out, program)

    client = click.Option(
        ["--client", "lang"],
        type=LanguageType(),
        help="The client's language: else STOCK_CLIENT, [stock] client of soup.toml, python.",
    )
    return PassingCommand(
        operation,
        callback=callback,
        help=f"{OPERATIONS[operation]}\n\n`stock client --help` tells the client's flags and exit codes.",
        short_help=OPERATIONS[operation],
        passed="[ARGUMENTS] [CLIENT FLAGS]...",
        params=[client, *_client_options()],
    )


def language_group(language: str) -> click.Group:
    """`stock LANGUAGE`."""
    return click.Group(
        language,
        commands=[server_command(language), client_command(language)],
        help=f"The server and the client of {language}.",
    )


def _call(
    language: str, operation: str | None, mode: str | None, ca_out: Path | None, flag: Path | None
) -> None:
    ctx = click.get_current_context()
    found = settings(ctx)
    flags = tls.client_flags(found, mode, ca_out, ctx.args)
    path = str(program(found, language, "client", flag).path)
    become([path, *flags, *([operation] if operation else []), *ctx.args], found.environ)


def _language(language: str | None) -> list[click.Parameter]:
    return [] if language else [click.Argument(["lang"], metavar="LANGUAGE", type=LanguageType())]


def _program_option() -> click.Option:
    return click.Option(
        ["--program"],
        type=click.Path(path_type=Path),
        help="The program to run instead of the one that is found.",
    )


def _client_options() -> list[click.Parameter]:
    return [
        click.Option(
            ["--tls-mode"],
            type=click.Choice(tls.MODES),
            help="none or disabled; tls, server or manual: with TLS; mtls: with an identity too; auto: "
            "with the identity that a server of that mode has minted.",
        ),
        click.Option(
            ["--ca-out"],
            type=click.Path(path_type=Path, dir_okay=False),
            help="The file that a server of mode auto has left: tells which one, where several run.",
        ),
        _program_option(),
    ]


def _complete_operation(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[str]:
    return [name for name in OPERATIONS if name.startswith(incomplete)]
