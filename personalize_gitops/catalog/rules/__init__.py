"""What the service refuses about a request, and what is likely a mistake: one pure function for each kind of request.

A rule takes the values of a request as AWS spells them and yields problems at paths of the request. `lint` adds places
in files; the emulator refuses the first error.

* `problems`: how rules make their problems
* `groups`: what is known of a dataset group
* `solutions`: CreateSolution, UpdateSolution and CreateSolutionVersion
* `tuning`: hyperparameters and their optimization
* `events`: the events that a training uses
* `columns`: the columns that a training uses
* `needs`: the datasets and columns that a recipe needs
* `campaigns`: CreateCampaign and UpdateCampaign, and settings of other endpoints
* `recommenders`: CreateRecommender and UpdateRecommender
* `locations`: what jobs read and write in S3
* `jobs`: imports, exports and data deletions
* `batch`: batch inference jobs and batch segment jobs
* `attributions`: metric attributions
* `trackers`: event trackers
"""
