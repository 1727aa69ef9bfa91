"""What the library has."""

from django.db import models


class Book(models.Model):
    """A book."""

    title = models.CharField(max_length=200)
    author = models.CharField(max_length=200)
    year = models.IntegerField()
