"""Originals made by a script: good ones in every form that is read, and ones made to harm.

All good ones show the same picture (`painting`), so that what is made of them can be compared with
it. The same call gives the same bytes.
"""
