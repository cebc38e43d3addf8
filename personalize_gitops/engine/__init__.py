"""Observe, plan, apply, drift: the verbs. The engine knows no kind and no boto3.

`observe` reads the account into a `Snapshot`; `make_plan` compares it with what is `Desired`, purely; `make_sure` asks
again whatever a plan would act on; `to_steps` turns a plan into calls with what they need first; `apply` is the only
loop, over a `Cloud` and a `Clock` it is given; `drift` tells the difference from the account's side.
"""
