"""A list in the forms in which a photographer's other programs take it: one module a form.

Each is a pure function of what `Proofing.taken` gives. The names of photos are never changed.
"""
