"""Where does the program begin and end? Runs the command line; every way out has an exit code and a sentence, never a traceback."""

from __future__ import annotations

import errno
import os
import sys


def main() -> None:
    """The entry point ``kehujingli``."""
    _speak_chinese()
    os.umask(0o077)  # whatever is written holds names and ids: its owner's alone
    from kehujingli.commands.console import prepare

    prepare()
    if os.environ.get("_KEHUJINGLI_COMPLETE"):
        sys.exit(_complete())
    from kehujingli.cli import app

    code = 0
    try:
        result = app(standalone_mode=False, prog_name="kehujingli")
        code = result if isinstance(result, int) else 0
    except KeyboardInterrupt:
        sys.stderr.write("已停下。\n")
        code = 130
    except BrokenPipeError:
        _deafen()  # the reader of a pipe has had enough: nothing is wrong
    except Exception as error:
        code = _explain(error)
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        _deafen()
    except OSError as error:
        code = _unheard(error)
    sys.exit(code)


def _speak_chinese() -> None:
    """Begin anew in UTF-8 where the names of files could not be Chinese: under a plain C locale, as of a timed task."""
    try:
        os.fsencode("客户经理")
    except UnicodeEncodeError:
        if not sys.flags.utf8_mode:
            os.environ["PYTHONUTF8"] = "1"
            os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])


def _deafen() -> None:
    """Let nothing more be written to standard output, not even at the interpreter's end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _unheard(error: OSError) -> int:
    """The results could not be written where the shell sent them: a full disk."""
    from kehujingli.errors import problem

    _deafen()
    return _explain(problem("output.unheard", detail=error.strerror or error))


def _complete() -> int:
    """What may come next, for a shell. Whatever goes wrong, the shell shows nothing."""
    from kehujingli.commands.completing import answer

    try:
        sys.stdout.write("".join(f"{line}\n" for line in answer(sys.argv[1:])))
    except Exception:
        return 1
    return 0


def _explain(error: Exception) -> int:
    """The sentence and exit code of whatever ended a command."""
    from kehujingli.errors import Problem

    if isinstance(error, OSError) and error.errno == errno.ENOSPC and error.filename is None:
        return _unheard(error)
    if isinstance(error, Problem):
        from kehujingli.commands.console import say_json, talk

        if "--json" in sys.argv:
            say_json({"errors": [told.record() for told in error.findings]})
        talk(*(f"错误 {told.code} {told.text}" for told in error.findings))
        return int(error.exit)
    if type(error).__name__ in ("NoArgsIsHelpError", "NoArgsIsHelp"):
        sys.stdout.write(error.ctx.get_help() + "\n")  # type: ignore[attr-defined]
        return 2
    if hasattr(error, "exit_code") and hasattr(error, "format_message"):
        from kehujingli.commands.console import talk
        from kehujingli.commands.help import complaint

        said = complaint(error)
        if "--json" in sys.argv:
            from kehujingli.commands.console import say_json
            from kehujingli.errors import Finding

            say_json({"errors": [Finding("option.bad", "error", said, "").record()]})
        talk(said)
        return int(error.exit_code)
    if type(error).__name__ == "Abort":
        return 130
    if os.environ.get("KEHUJINGLI_DEBUG"):
        raise error
    from kehujingli.commands.faults import known_cause, report_fault

    cause = known_cause(error)
    return _explain(cause) if cause is not None else report_fault(error)


if __name__ == "__main__":
    main()
