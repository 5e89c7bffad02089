"""What has been reckoned already, and from what? A memory takes each step once, and tells what the steps found in the order in which they stand.

A step is a plain function; its parameters are named after the steps and facts that it reads. A trial is the same memory with another fact: a step
whose inputs are the very same as before is not taken again.
"""

from __future__ import annotations

import inspect
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, fields, replace
from typing import TYPE_CHECKING, Any, Generic, Self, TypeVar, overload

from kehujingli.month.watching import Watch

if TYPE_CHECKING:
    from kehujingli.errors import Finding

T = TypeVar("T")


def findings_of(result: Any) -> Iterable[Finding]:
    """What a step found on the way: its result's ``findings``, where it has any."""
    told: Iterable[Finding] = getattr(result, "findings", ())
    return told


class Step(Generic[T]):
    """One line of a table of steps: ``take`` gives the result from what its parameters name. ``timed``: the name under which its time is told."""

    def __init__(
        self, take: Callable[..., T], timed: str = "", tells: Callable[[T], Iterable[Finding]] = findings_of
    ) -> None:
        self.take, self.timed, self.tells = take, timed, tells
        self.reads = tuple(inspect.signature(take).parameters)

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    @overload
    def __get__(self, memory: None, owner: type) -> Self: ...
    @overload
    def __get__(self, memory: Memory, owner: type) -> T: ...
    def __get__(self, memory: Memory | None, owner: type) -> Self | T:
        return self if memory is None else self.of(memory)

    def of(self, memory: Memory) -> T:
        made = memory.made.get(self.name)
        if made is None:
            inputs = tuple(getattr(memory, name) for name in self.reads)
            made = memory.made[self.name] = memory.known(self, inputs) or Made(inputs, self._taken(memory, inputs))
        value: T = made.value
        return value

    def _taken(self, memory: Memory, inputs: tuple[Any, ...]) -> T:
        if not self.timed:
            return self.take(*inputs)
        with memory.step(self.timed):
            return self.take(*inputs)


class Plain(Step[T]):
    """A step whose result is small and compared by value: where a trial comes to an equal one, what reads it is not taken again."""

    def _taken(self, memory: Memory, inputs: tuple[Any, ...]) -> T:
        value = super()._taken(memory, inputs)
        for earlier in memory.earlier():
            made = earlier.made.get(self.name)
            if made is not None and made.value == value:
                before: T = made.value
                return before
        return value


class Either(Step[T]):
    """What ``step`` gives where ``holds``, else what ``otherwise`` gives; the other is not taken."""

    def __init__(self, holds: Step[bool], step: Step[T], otherwise: Step[T]) -> None:
        self.holds, self.step, self.otherwise = holds, step, otherwise

    def of(self, memory: Memory) -> T:
        return (self.step if self.holds.of(memory) else self.otherwise).of(memory)


class Where(Step["T | None"], Generic[T]):
    """What ``step`` gives where ``holds``; nothing elsewhere, and the step is not taken."""

    def __init__(self, holds: Step[bool], step: Step[T]) -> None:
        self.holds, self.step = holds, step

    def of(self, memory: Memory) -> T | None:
        return self.step.of(memory) if self.holds.of(memory) else None


@dataclass(frozen=True)
class Made:
    """A result, and the very inputs that it was made from."""

    inputs: tuple[Any, ...]
    value: Any
    given: bool = False
    """Whether it stands in the place of a step: then it stands there in every trial too."""


@dataclass(eq=False)
class Memory:
    """The base of a table: its fields are the facts, its ``Step`` attributes what is reckoned from them, in order."""

    made: dict[str, Made] = field(default_factory=dict, init=False, repr=False)
    seconds: dict[str, float] = field(default_factory=dict, init=False)
    before: Self | None = field(default=None, init=False, repr=False)
    watch: Watch = field(default_factory=Watch, init=False, repr=False)

    @classmethod
    def steps(cls) -> list[Step[Any]]:
        """The table, in the order in which it is written."""
        return [step for step in vars(cls).values() if isinstance(step, Step)]

    def reckon(self, *names: str) -> None:
        """Take these steps now, and not when they are first asked for."""
        for name in names:
            getattr(self, name)

    def instead(self, **facts: Any) -> Self:
        """The same, had these facts (or results of steps) been others. It shares what does not rest on them; nothing here is touched."""
        known = {one.name for one in fields(self) if one.init}
        other = replace(self, **{name: value for name, value in facts.items() if name in known})
        other.before = self
        other.made |= {name: made for name, made in self.made.items() if made.given}
        steps = {step.name for step in self.steps()}
        for name in facts.keys() - known:
            if name not in steps:
                raise TypeError(name)
            other.made[name] = Made((), facts[name], given=True)
        return other

    def earlier(self) -> Iterator[Self]:
        """The memories that this one is a trial of, the nearest first."""
        other = self.before
        while other is not None:
            yield other
            other = other.before

    def known(self, step: Step[Any], inputs: tuple[Any, ...]) -> Made | None:
        """What the step came to before from the very same inputs."""
        for earlier in self.earlier():
            made = earlier.made.get(step.name)
            if made is not None and list(map(id, made.inputs)) == list(map(id, inputs)):
                return made
        return None

    def told(self) -> list[Finding]:
        """What the steps taken so far have found, in the order of the table, whichever was taken first."""
        return [
            told for step in self.steps() if step.name in self.made for told in step.tells(self.made[step.name].value)
        ]

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Tell the beginning and the end of something that takes time."""
        start = time.perf_counter()
        self.watch.begin(name)
        yield
        self.seconds[name] = round(time.perf_counter() - start, 3)
        self.watch.end(name, self.seconds[name])
