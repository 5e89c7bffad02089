"""What does each command do? One small room a command: it is given arguments, calls one function, shows what came back."""
