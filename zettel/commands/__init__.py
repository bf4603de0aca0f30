"""The commands, one module each: `run(session, ...) -> Answer`.

A module may also declare how it is run:
`DEFAULT_FORMATS`: the format on a terminal, and elsewhere. `run` makes its own formats, so it takes the one that is wanted as `format`.
`INTERACTIVE`: `run` asks on a terminal, unless `only_list` is set. An output option sets it.
`NEEDS_QUOTES`: it writes, and other words follow its NOTE, so that a name of several words needs quotes.
`ANY_ENCODING`: its arguments may be text that is not valid in the encoding of the system.
"""
