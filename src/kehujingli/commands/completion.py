"""What does completion do? The script that makes a shell complete commands, options and values."""

from __future__ import annotations

from typing import Annotated

import typer

from kehujingli.commands.completing import SCRIPTS
from kehujingli.commands.console import say_whole
from kehujingli.commands.options import leave, typed
from kehujingli.errors import Exit, problem


def completion(shell: str) -> Exit:
    """Print the script. Raises ``option.bad``."""
    if shell not in SCRIPTS:
        known = "、".join(SCRIPTS)
        raise problem("option.bad", option="命令行", value=shell, detail="不认识", cure=f"请写 {known} 之一。")
    say_whole(SCRIPTS[shell].rstrip())
    return Exit.DONE


@typed(
    examples="kehujingli completion bash >> ~/.bashrc\nkehujingli completion zsh > ~/.zfunc/_kehujingli\nkehujingli completion fish > ~/.config/fish/completions/kehujingli.fish\nkehujingli completion powershell >> $PROFILE"
)
def typed_completion(
    shell: Annotated[str, typer.Argument(metavar="bash|zsh|fish|powershell", help="哪一种命令行")],
) -> None:

    leave(completion(shell))
