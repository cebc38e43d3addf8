"""The only package that talks to AWS: `connect` opens the account, `AwsCloud` is the engine's `Cloud` over boto3.

Everything about a kind follows from its name and its marks; errors are translated once, in `errors`; calls are retried
in one place, `retry`, with botocore's own retries off. boto3 and tenacity are imported when a connection is made.
"""
