"""Runners of pipelines: they execute the shell of workflows, jobs and builds as the real ones do, on this machine."""
