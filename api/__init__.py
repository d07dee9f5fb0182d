"""The REST service: a thin door to `gamecore` for other tools.

`app` assembles it; the routes stand by resource; every error has one body (RFC 9457). Storage, accounts and the web
page have their place here and nowhere in `gamecore`.
"""
