"""AlgoItny: a backend for practising algorithm problems, on DynamoDB."""

__version__ = "0.1.0"
