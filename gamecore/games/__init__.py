"""The mathematical objects: strategic forms, trees, agreements; arrays and indices only.

`translate` is the only place where people's labels become indices and answers become labels again. Payoffs are always
arrays with the axes (player, option of player 0, option of player 1, ...), draws in front.
"""
