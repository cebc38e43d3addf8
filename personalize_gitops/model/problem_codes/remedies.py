"""What to do about a problem."""

from __future__ import annotations

from personalize_gitops.model.reason import Code


class Remedy(Code):
    """What to do about a problem."""

    DID_YOU_MEAN = "did_you_mean", "Use the name that is nearest to the one that is given."
    USE_EXTRA = "use_extra", "Write the field in `extra`. Params: field."
    USE_INSTEAD = "use_instead", "Write this instead."
    USE_ONE_OF = "use_one_of", "Use one of the names that exist."
    REMOVE_IT = "remove_it", "Remove the field: nothing is allowed in its place."
    REMOVE_ONE_OF = "remove_one_of", "Remove one of the two fields."
    RENAME_COLUMN = "rename_column", "Rename the column that is nearest to the one that is required."
    STRAIGHT_QUOTES = "straight_quotes", "Use straight quotes."
    NO_PARENTHESES = "no_parentheses", "Remove the parentheses: conditions cannot be grouped."
    CHANGE_BY_HAND = "change_by_hand", "Change the value in the file by hand, or apply to revert the account."
    SEGMENT_INSTEAD = "segment_instead", "Declare a batch segment job instead."
    SEPARATE_NAMES = "separate_names", "Give one of two targets another prefix or suffix."
    SET_BY_TARGET = "set_by_target", "Set the value for each target, in a variable or a patch."
    BEGIN_WITH_INIT = "begin_with_init", "Let `init` write a project to begin with."
    ONE_PROJECT = "one_project", "Keep one project, with all targets."
    ADD_FILE_ROOT = "add_file_root", "Let the project name the folder in `fileRoots`."
    IF_AT_THE_END = "if_at_the_end", "Use IF once, at the end of the expression."
