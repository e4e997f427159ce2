"""The keyword engine beside a second one, which was written from the rules alone and cares for nothing but them.

    folding, words, reading   a text, character by character: its words and what else they can be read as
    signs, grammar, tree      a query, by recursive descent
    typed, plurals            what a term asks for
    meaning                   whether a query is true of an article, and where
    vocabulary, random_cases  queries and articles in twelve scripts that often, but not always, meet
    comparing                 the engine and this one on the same case
    failures                  a case on which they disagree, made as small as it goes

`python -m tests.oracle --cases 100000 --seed 1` compares them. Of the engine only its printed lists are used (`lists`).
"""
