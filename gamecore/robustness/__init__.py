"""What if the numbers are wrong.

Over the draws of the uncertain inputs: how often a plan is the outcome, how often each side accepts it, and how far
the values spread. Base values decide, draws tell how sure.
"""
