"""Ask campaigns and recommenders, and read the metrics of models: `recommend` and `metrics`.

* `find`: the live object of an address, ready to be asked, and the version that it serves
* `request`: the request of a question, in the words of the service
* `filters`: the filter of a request with its values
* `events`: the events that are recorded before a question
* `recommend`: the question asked, with the columns of the items
* `metrics`: a model's metrics, and the model before it
"""
