"""The web page: HTML, CSS and ES modules as they are, in English and Japanese, without a build step."""

from sitebookify_api.web.routes import WebRoutes

__all__ = ["WebRoutes"]
