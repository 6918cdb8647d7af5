"""Notices: what the owner is told when nobody looks at the page, over the services that apprise knows.

apprise costs tens of megabytes and seconds of a small Pi, so it runs in a child process, one for each message.
"""
