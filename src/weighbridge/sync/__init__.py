"""The protocol between an endpoint and the fleet server: messages, signatures, envelopes, what to send next.

In: values. Out: values. Forbidden: input and output, clocks, chance; those come in as arguments.

Who speaks it: `pipeline/sync.py` on the endpoint, `fleet/ingest.py` on the server.
"""
