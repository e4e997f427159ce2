"""What each command does, one function each; every platform brings its Calls here by way of the desk.

context.py  what a function is given                 desk.py    who calls them, and what is said when they fail
rights.py   who may                                  quotas.py  how much
managing.py the commands that manage                 reading.py the commands that read

Subscribing goes from what was typed (subscribing.py) by way of what is allowed (admitting.py) to an answer that
proves life (drafting.py), and becomes true with a press (confirming.py).

On alerts work alerts.py (mute, why) and irrelevant.py (what to leave out); reasons.py answers for any article, and
watchers.py for any words. A source is looked at by fetching.py before adding.py takes it. Files are written by
exporting.py and read by importing.py, subscriptions row by row in wishing.py.

To add a command: a definition in `bot.domain.commands.definitions`, a function here, a line in HANDLERS.
"""
