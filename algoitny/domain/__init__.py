"""Records, enums, pure rules, interfaces and errors. Imports nothing else of the package."""
