"""What all sides can live with.

The Pareto frontier and, against the disagreement point, the named solutions (Nash, Kalai-Smorodinsky, egalitarian,
utilitarian) over the options that people can name, with ranks and who accepts what.
"""
