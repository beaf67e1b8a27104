"""The web site and its JSON API, a Flask application. Import names from the modules that define them."""
