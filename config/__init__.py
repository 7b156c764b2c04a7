import os

# Before anybody imports numpy: the processes of an installation share the processors, and the threads of one matrix
# product wait for each other busily, at three times the cost.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
