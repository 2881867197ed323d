"""Visits to sites of the web as a guest: what is to be visited (``plan``), and how: by what robots.txt allows (``robots``), one
request at a time to a host (``turns``), under a name that says who asks (``visitor``)."""
