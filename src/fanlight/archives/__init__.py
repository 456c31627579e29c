"""Archives: many objects as one ZIP, planned to the byte before the first of them is read.

What is in an archive, and in which order, decides where each of its bytes stands. So its length is
known beforehand, any part of it can be sent alone, and a broken download goes on where it ended.
Knows neither assets nor channels.
"""
