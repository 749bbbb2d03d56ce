"""The Flask door: it takes what a browser sends, calls one flow or reads one folder, and shows the answer.

No geography is computed here. `create_app` is the only way to an application; two configurations make two
applications that share nothing.
"""

from __future__ import annotations

from web.app import create_app

__all__ = ["create_app"]
