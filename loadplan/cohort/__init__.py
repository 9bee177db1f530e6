"""Many runners at once: a club, a study. Each one's files to weeks, warnings and a ledger; then what they say together.

    path --people--> Person --one--> part (four small tables) --results--> F, F-warnings, F-ledger, F-summary

Every runner is read by the same functions as alone, by a process of this machine or a worker of a Dask cluster, and the
bytes of the results are the same.
"""
