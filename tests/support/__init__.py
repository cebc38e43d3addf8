"""Builders and worlds that several test modules share.

* Accounts: `world` (an emulated account with a simulated clock), `project` (a folder with the command line).
* Manifests: `shop` (the smallest complete project), `every` (one document of every kind), `movies` (the example with
  generated data), `large` (five dataset groups), `drafts` (projects drawn at random), `edits` (changes of a file).
* Values without an account: `builders` (documents, live objects, snapshots, plans), `members` (the members of a kind).
"""
