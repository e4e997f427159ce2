"""What others may ask of newsbot over HTTP.

server.py   one small server; each path belongs to a Hook, which checks who asks
"""
