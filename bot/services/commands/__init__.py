"""What each command does, one function each; every platform brings its Calls here by way of the desk.

context.py  what a function is given                 desk.py    who calls them, and what is said when they fail
rights.py   who may                                  quotas.py  how much

To add a command: a definition in `bot.domain.commands.definitions`, a function here, a line in HANDLERS.
"""
