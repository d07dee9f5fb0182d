"""Solving beside the web server: tasks run in long-lived worker processes that can be ended at a deadline.

`tasks` is what a worker can do, `worker` the process, `messages` what travels over its pipes, `pool` the side of the
service: it keeps the processes warm, ends one that takes too long and replaces one that died.
"""
