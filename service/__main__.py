"""``python -m service``: serve under the settings of the environment."""

import sys

from service.server import main

sys.exit(main())
