"""Steps from one schema to the next, run by `bot.stores.schema`.

To add one: change `tables`, write `versions/s000N_what.py` after the example of the last one, raise SCHEMA.
"""
