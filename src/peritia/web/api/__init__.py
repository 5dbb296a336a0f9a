"""The pages' verbs for programs: JSON under ``/api/v1``, by the same rules, with a session or a person's token.

Shapes are the nouns themselves; the OpenAPI document is worked out from them and served by the server itself.
"""

from __future__ import annotations

from peritia.web.api import audit, cases, course, document, entries, patients

ROUTERS = tuple(module.router for module in (document, patients, cases, entries, course, audit))
