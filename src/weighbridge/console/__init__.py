"""The web console: pages over what the fleet server knows, in the visual language of the report.

In: functions of `fleet` and a viewer. Out: pages, each with a twin in JSON.

Forbidden: SQL, rules of its own, markup that a machine sent, anything loaded from another server.

To add a page: `<page>_page.py` with its route, one template, one line in `registry.py`, a test in a real browser.
"""
