"""The door for clients of CloudFlare ImgBed: same addresses, fields, answers and statuses.

`docs/` says which clients it is tested with. It deviates in one thing on purpose: without an upload
code configured, strangers may not upload.
"""
