"""newsbot watches news feeds for keywords and posts each matching story once, with its source link.

The house, from the roof to the ground; imports go down only:

    cli        what a person types at a shell
    demo       feeds of its own, so that the whole thing can be seen at work with no token and no internet
    wiring     config → object graph: the only place that names concrete adapters
    config     config.toml and the environment, as settings        | runtime    runs the roles until a signal
    services   poll, deliver, ticks, commands typed in chats       | fetch      HTTP, politely and within limits
    sources    feed formats, read in processes that can be killed  | stores     one SQL store
    queues     a bell that carries ids                             | chat       console, Slack, Discord; web serves HTTP
    ports      every Protocol of the program, by topic
    domain     the rules themselves: pure values and functions
    plugins    adapters by name
    errors     the error tree                                      | telemetry  logs

One sentence to remember: *read, decide, write once*. A service reads (feed bytes, known ids, subscriptions),
`domain.alerting.decide` decides what should happen, and `ports.Newsroom.record_poll` writes all of it in one
transaction. The store is the truth; the queue only rings.

To add
    a chat platform   one file in `chat/` with `send` and `check`, one line in its registry, one contract parameter;
                      with `serve` besides, it hears commands
    a command         its definition in `domain/commands/definitions`, its function in `services/commands`, `make docs`
    a kind of source  one file in `sources/` with `request` and `parse`, one line in its registry, one recorded feed
    a store or queue  one driver, one line, one parameter: the contract suite says when it is done
Registries are dicts of "module:Class" strings; a config may name a third party's class the same way.
"""

__version__ = "0.1.0"
