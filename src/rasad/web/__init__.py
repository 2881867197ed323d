"""The desk: pages on a register where an analyst reads, checks, corrects and shares.

A page is one function of :mod:`rasad.web.views` that gives its data; the same data is the page, at ``….json`` the API, and at
``….csv`` its main table. See ``docs/desk.md``.
"""
