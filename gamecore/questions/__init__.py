"""What every door can be asked of a game, with the same answer: the command line and the service both come here.

`writing` reads what people write in an option, `levers` the levers they pull; `sensitivity` and `cash` find answers,
`games` tells which kind of game was sent and gives solvers room, `summary` counts what a scenario holds.
"""
