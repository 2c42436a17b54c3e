# Read by `flask` commands only: in a checkout they reach the stack that `make run` started there.
# Variables of the environment win, so a deployment sets ENVIRONMENT=production.
FLASK_APP=wsgi:app
ENVIRONMENT=embedded
