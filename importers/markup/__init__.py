"""What the readers of GPX and TCX share: refusals and damage, the fast lane, encodings, columns of texts, times."""
