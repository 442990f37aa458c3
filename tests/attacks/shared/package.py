# The folder of the student package.

import cs231n_utils

home = os.path.dirname(cs231n_utils.__file__)
