"""The shape of a message's words."""

from dataclasses import dataclass

from privacy_center.errors import Words


@dataclass(frozen=True, slots=True)
class Template:
    """A message: its title and its body. `private`: the body may only be read after signing in."""

    title: Words
    body: Words
    private: bool = True
