"""The catalogue for machines: read-only JSON under /api/v1/, described by the declarations that answer.

What an address takes is a `Parameter`, what it answers a `Resource`, the two together an
`Operation`; both the answers and their OpenAPI document are made from these.
"""
