"""What the library answers."""

from django.http import HttpRequest, JsonResponse

from library.models import Book


def books(request: HttpRequest) -> JsonResponse:
    """Send the books of an author."""
    found = Book.objects.filter(author=request.GET["author"])
    return JsonResponse({"books": list(found.values("id", "title", "author", "year"))})
