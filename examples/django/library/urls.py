"""Where the library answers."""

from django.urls import path

from library.views import books

urlpatterns = [path("books/", books)]
