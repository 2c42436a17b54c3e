"""A small kit for single-table design on PynamoDB: keys, pages, batches, transactions, errors.

It knows nothing of the product: of the package it imports only `domain.errors`, `domain.page`,
`domain.clock` and `domain.patience`. Entities live beside it, access patterns in
`algoitny.repositories`.
"""
