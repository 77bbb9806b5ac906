"""Weighbridge: visibility and governance for AI that runs on the device.

The flow is discover -> identify -> inspect -> license -> weigh -> record -> report;
`weighbridge.pipeline.run` names the stages in order. ARCHITECTURE.md shows the rooms.
"""

__version__ = "0.1.0"
