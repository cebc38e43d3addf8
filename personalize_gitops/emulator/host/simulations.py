"""IAM's SimulatePrincipalPolicy for roles, which moto lacks."""

from typing import Any

from personalize_gitops.catalog.policies import Question, allowed, statements


def answer_simulations() -> None:
    """Let moto's IAM tell what the policies of a role allow."""
    from moto.core.responses import ActionResult
    from moto.iam.models import IAMBackend
    from moto.iam.responses import IamResponse

    def simulate_principal_policy(response: Any) -> Any:
        backend: IAMBackend = response.backend
        role: Any = backend.get_role_by_arn(response._get_param("PolicySourceArn"))
        documents = [*role.policies.values(), *(_document(policy) for policy in role.managed_policies.values())]
        found = statements(documents)
        results = [
            {
                "EvalActionName": action,
                "EvalResourceName": resource,
                "EvalDecision": "allowed" if allowed(found, Question(action, resource)) else "implicitDeny",
            }
            for action in response._get_param("ActionNames")
            for resource in response._get_param("ResourceArns") or ["*"]
        ]
        return ActionResult({"EvaluationResults": results, "IsTruncated": False})

    setattr(IamResponse, "simulate_principal_policy", simulate_principal_policy)  # noqa: B010 - moto declares no such


def _document(policy: Any) -> str:
    return next(str(version.document) for version in policy.versions if version.is_default)
