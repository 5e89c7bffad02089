"""What can come next on a command line? Commands, options and their values for bash, zsh, fish and PowerShell.

A shell asks the program itself, with ``_KEHUJINGLI_COMPLETE=1`` in the environment and the words typed so far as arguments, the last one unfinished.
The answer is one candidate a line, what follows a tab says what it is; ``:files`` leaves it to the shell.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from kehujingli import terms

ASKED = "_KEHUJINGLI_COMPLETE"
FILES = ":files"
_PATHS = ("文件", "目录", "导出")

SCRIPTS: Mapping[str, str] = {
    "bash": r"""_kehujingli() {
  local IFS=$'\n' lines
  lines=($(_KEHUJINGLI_COMPLETE=1 "${COMP_WORDS[0]}" "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
  if [ "${lines[0]}" = ":files" ]; then
    compopt -o filenames
    COMPREPLY=($(compgen -f -- "${COMP_WORDS[COMP_CWORD]}"))
  else
    COMPREPLY=("${lines[@]%%$'\t'*}")
  fi
}
complete -F _kehujingli kehujingli
""",
    "zsh": r"""#compdef kehujingli
_kehujingli() {
  local -a lines
  lines=("${(@f)$(_KEHUJINGLI_COMPLETE=1 ${words[1]} "${(@)words[2,CURRENT]}" 2>/dev/null)}")
  if [[ ${lines[1]} == ":files" ]]; then
    _files
  elif [[ -n ${lines[1]} ]]; then
    lines=("${(@)lines//:/\\:}")
    lines=("${(@)lines/$'\t'/:}")
    _describe kehujingli lines
  fi
}
compdef _kehujingli kehujingli
""",
    "fish": r"""function __kehujingli
    set -l lines (env _KEHUJINGLI_COMPLETE=1 kehujingli (commandline -opc)[2..] (commandline -ct) 2>/dev/null)
    if test "$lines[1]" = ":files"
        __fish_complete_path (commandline -ct)
    else
        printf '%s\n' $lines
    end
end
complete -c kehujingli -f -a '(__kehujingli)'
""",
    "powershell": r"""Register-ArgumentCompleter -Native -CommandName kehujingli -ScriptBlock {
  param($word, $ast, $cursor)
  $words = @($ast.CommandElements | Select-Object -Skip 1 | ForEach-Object { $_.ToString() })
  if ($word -eq '') { $words += '""' }
  $before = [Console]::OutputEncoding
  [Console]::OutputEncoding = [Text.Encoding]::UTF8
  $env:_KEHUJINGLI_COMPLETE = '1'
  try { $lines = @(kehujingli @words 2>$null) } finally {
    Remove-Item Env:_KEHUJINGLI_COMPLETE
    [Console]::OutputEncoding = $before
  }
  if ($lines[0] -eq ':files') { return }
  $lines | ForEach-Object {
    $value, $said = $_ -split "`t", 2
    [Management.Automation.CompletionResult]::new($value, $value, 'ParameterValue', $(if ($said) { $said } else { $value }))
  }
}
""",
}


def answer(words: Sequence[str]) -> list[str]:
    """The candidates after these words; ``words[-1]`` is the one being typed, perhaps empty."""
    *typed, last = words or [""]
    last = "" if last == '""' else last
    return list(dict.fromkeys(line for line in _candidates(typed, last) if line == FILES or line.startswith(last)))


def _candidates(typed: Sequence[str], last: str) -> Iterator[str]:
    from kehujingli.commands.help import Group

    command: Any = Group(name="kehujingli")
    after = list(typed)
    while hasattr(command, "commands"):
        name = next((word for word in after if not word.startswith("-")), None)
        if name is None:
            yield from ("--version\t版本", *_options(command)) if last.startswith("-") else _commands(last)
            return
        after = after[after.index(name) + 1 :]
        command = command.get_command(None, name)
    if command is None:
        return
    waiting, given = _walk(command, after)
    if waiting is not None:
        yield from _values(command, waiting, after)
    elif last.startswith("-"):
        yield from _options(command)
    else:
        arguments = [parameter for parameter in command.params if parameter.param_type_name == "argument"]
        if arguments:
            yield from _values(command, arguments[min(given, len(arguments) - 1)], after)


def _commands(last: str) -> Iterator[str]:
    """Commands, and their Chinese names once one has been begun; none is opened."""
    from kehujingli.commands.help import aliases, headings

    yield from (f"{name}\t{said}" for group in headings().values() for name, said in group.items())
    yield from (f"{alias}\t{command}" for alias, command in aliases().items() if last)


def _options(command: Any) -> Iterator[str]:
    yield from (
        f"{max(parameter.opts, key=len)}\t{parameter.help or ''}"
        for parameter in command.params
        if parameter.param_type_name == "option" and not parameter.hidden
    )
    yield "--help\t显示帮助"


def _walk(command: Any, words: Sequence[str]) -> tuple[Any, int]:
    """The option that waits for its value after these words, and how many arguments have been given."""
    options = {
        flag: parameter
        for parameter in command.params
        if parameter.param_type_name == "option"
        for flag in parameter.opts
    }
    waiting, given = None, 0
    for word in words:
        if waiting is not None:
            waiting = None
        elif word in options and not options[word].is_flag:
            waiting = options[word]
        elif not word.startswith("-"):
            given += 1
    return waiting, given


def _values(command: Any, parameter: Any, words: Sequence[str]) -> Iterator[str]:
    """What an option or an argument can be: named words, months, items, tables, or files."""
    kind = (parameter.metavar or "").strip("[].")
    if any(word in kind for word in _PATHS):
        yield FILES
    elif "|" in kind:
        yield from kind.split("|")
    elif kind == "格式":
        yield from ("table", "csv", "json", *(("parquet",) if command.name == "query" else ()))
    elif kind == "月份":
        yield from _months(words)
    elif kind == terms.label("item"):
        yield from _items(words)
        if command.name == "top":
            yield from (
                terms.label("scale_amount"),
                terms.label("average_deposit_year"),
                terms.label("average_deposit"),
                terms.label("deposit_balance"),
                terms.label("loan_balance"),
                terms.label("score"),
            )
    elif kind == "按":
        yield from ("branch", "manager", "customer")
    elif kind == "表":
        yield from (table.label for table in terms.TABLES)
    elif parameter.name == "expect":
        yield "month-end"


def _workspace(words: Sequence[str]) -> Any:
    from kehujingli.workspace import Workspace

    for flag, value in itertools.pairwise(words):
        if flag in ("-w", "--workspace"):
            return Workspace.find(Path(value).expanduser())
    return Workspace.find(Path.cwd())


def _months(words: Sequence[str]) -> list[str]:
    workspace = _workspace(words)
    return list(reversed(workspace.period_names())) if workspace else []


def _items(words: Sequence[str]) -> list[str]:
    """The labels of the newest scheme's items, from the file as it stands."""
    import tomllib

    workspace = _workspace(words)
    for path in sorted(workspace.rules.glob("*.toml"), reverse=True) if workspace else []:
        try:
            rules = tomllib.loads(path.read_text(encoding="utf-8-sig"))
            return [str(item.get("label") or item["id"]) for item in rules["incentive"]["item"]]
        except (OSError, ValueError, KeyError, TypeError):
            continue
    return []
