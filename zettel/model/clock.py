"""Python's own dates and times, without the module around them: that takes several times as long to load, and makes none of them."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from datetime import datetime as datetime
    from datetime import timedelta as timedelta
else:
    try:
        from _datetime import datetime as datetime
        from _datetime import timedelta as timedelta
    except ImportError:  # a Python that has them in the module itself
        from datetime import datetime as datetime
        from datetime import timedelta as timedelta
