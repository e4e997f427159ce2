"""`newsbot demo`: the main job with no token and no internet.

articles    what an article and a paper are               stories      what stands in the papers at first
programme   what they print then, in order                own          a reader's own articles, from JSON
newsstand   a local HTTP server that publishes feeds      rendering    RSS, Atom and JSON Feed documents
reckoning   what must come of what was published          witness      sees every alert that is sent
summary     what came of it, for people and programs      run          puts the bot before the newsstand
"""
