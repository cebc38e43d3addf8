"""`validate --data`: the rows of data files, before an import or a training finds what is wrong with them.

    files      the lines of files, and the files of buckets that lie in local folders
    found      what is found in the rows of one file, each sort once
    tally      what is counted in interactions
    imports    the files of the imports of a dataset
    trainings  whether the rows suffice for the trainings that are declared
    lines      the input of batch jobs
    check      all of it for one target

Files are read in a stream, by the rules that the local Personalize refuses imports by (`catalog.rows`).
"""

from personalize_gitops.checking.check import DataReport, check_data
from personalize_gitops.checking.files import local_files

__all__ = ["DataReport", "check_data", "local_files"]
