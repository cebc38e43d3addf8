"""Of what single commands cannot do."""

from __future__ import annotations

from personalize_gitops.model.reason import Code


class AcceptCode(Code):
    """Why `drift --accept` does not write a value of the account into the manifests."""

    NOTHING_TO_ACCEPT = "nothing_to_accept", "The resource has no drift. Params: known."
    NOT_ACCEPTABLE = "not_acceptable", "The finding is not a value that a manifest can declare. Params: finding."
    OWN_TAG = "own_tag", "The tag is one of ours, which only an apply sets."
    FROM_VARIABLE = "from_variable", "The value comes from a variable. Params: text."
    FROM_FILE = "from_file", "The value comes from another file. Params: file."
    FROM_PROJECT = "from_project", "The tag is a default tag of the project, which all resources have."
    SHARED_BY_ALIAS = "shared_by_alias", "The value has an anchor, an alias, a merge key or a tag of YAML."
    UNEDITABLE = "uneditable", "The file cannot be edited without other changes in it."


class ImportCode(Code):
    """Why `import` leaves an object out, or what a reader of its document has to know."""

    NO_SUCH_GROUP = "no_such_group", "The account has no such dataset group."
    OWNED_BY_PROJECT = "import_owned_by_project", "The object belongs to another project. Params: owner."
    SERVICE_MADE = "service_made", "The service started the run by itself."
    NOT_REPEATABLE = "not_repeatable", "The run destroys something, so its document must not start it. Params: what."
    NEVER_USABLE = "never_usable", "The creation of the object failed. Params: failure."
    BEING_DELETED = "import_being_deleted", "The object is being deleted."
    UNCLEAR = "import_unclear", "The state of the object is unclear. Params: status."
    NOT_FINISHED = "not_finished", "The run is in progress, or was stopped. Params: status."
    SUPERSEDED = "superseded", "A newer run has the same inputs, or overwrites the rows of this one. Params: by."
    RUN_DECLARED = "run_declared", "The manifests declare a run of the kind for the resource. Params: address."
    RUN_ON_LEFT_OUT = "run_on_left_out", "The job used a training that has no document. Params: address."
    REFERS_TO_LEFT_OUT = "refers_to_left_out", "The object refers to one that is left out. Params: address."
    UNFIT_NAME = "unfit_name", "The prefix and suffix of the target cannot make the name. Params: name."
    SAME_ADDRESS = "same_address", "Another document has the address. Params: address."
    NOT_ADOPTABLE = "not_adoptable", "A plan would do something else than to adopt the object. Params: action."
    MOVES_TO_NEWEST = "moves_to_newest", "A later apply moves the object to a newer training. Params: member."
    REFERS_BY_ARN = "refers_by_arn", "No document declares what a member refers to. Params: member, arn."


class AskCode(Code):
    """Why a campaign or recommender is not asked, or a model has no metrics."""

    OTHER_KIND = "other_kind", "Objects of this kind are not asked. Params: kinds."
    NOT_CREATED = "not_created", "The resource is not in the account."
    STILL_TRAINING = (
        "still_training",
        "The campaign does not exist before a version is trained. Params: address, status.",
    )
    NOT_ACTIVE = "not_active", "The object is in a transition. Params: status."
    HAS_FAILED = "has_failed", "The object failed. Params: failure."
    IS_STOPPED = "is_stopped", "The recommender is stopped."
    NO_USER = "no_user", "The recipe needs a user. Params: recipe."
    NO_ITEM = "no_item", "The recipe needs an item. Params: recipe."
    NO_ITEMS = "no_items", "The recipe ranks a list of items, and none is given. Params: recipe."
    NOTHING_RANKED = "nothing_ranked", "A list of items is given, and the recipe ranks none. Params: recipe."
    UNKNOWN_FILTER = "unknown_filter", "No filter has the name. Params: name, known."
    WITHOUT_FILTER = "without_filter", "Values are given without a filter."
    VALUES_MISSING = "values_missing", "Parameters of the filter have no value. Params: parameters."
    UNKNOWN_VALUE = "unknown_value", "The filter has no such parameter. Params: parameter, known."
    NO_TRACKER = "no_tracker", "The dataset group has no event tracker that is ACTIVE."
    NO_SUBJECT = "no_subject", "Events need a user or a session."
    NO_VERSION = "no_version", "No version has been trained."
