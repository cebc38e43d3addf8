"""A runner for the build specifications of AWS CodeBuild. `aws` is a stand-in: a bucket is a folder."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from tests.support.runner.shell import Shell, path_with

_AWS = """#!/bin/sh -e
echo "aws $*" >> "{log}"
[ "$1 $2 $3" = "s3 cp --only-show-errors" ] || exit 0
from=$(echo "$4" | sed "s|^s3:/|{buckets}|") to=$(echo "$5" | sed "s|^s3:/|{buckets}|")
[ "$to" = "$5" ] || mkdir -p "$(dirname "$to")"
cp "$from" "$to"
"""


@dataclass
class CodeBuild:
    """A project of CodeBuild for each build specification."""

    folder: Path
    remote: Path
    shell: Shell

    @property
    def asked(self) -> list[str]:
        """The command lines of `aws`."""
        log = self.folder / "aws.log"
        return log.read_text().splitlines() if log.exists() else []

    def build(self, file: Path, commit: str, **variables: str) -> tuple[int, str]:
        """Run a build at a commit. Return the exit code and the log of the first phase that fails, or of the last."""
        content: Any = YAML(typ="safe").load(file)
        folder = self.folder / f"build-{len(list(self.folder.glob('build-*')))}"
        source = folder / "source"
        source.mkdir(parents=True)
        for command in (["clone", "-q", self.remote, "."], ["checkout", "-q", commit]):
            subprocess.run(["git", *command], cwd=source, check=True, capture_output=True)
        environ = {
            "PATH": path_with(folder / "bin", self.shell.program),
            "HOME": str(folder),
            "CODEBUILD_BUILD_ID": f"personalize-prod-{file.stem}:7",
            "CODEBUILD_RESOLVED_SOURCE_VERSION": commit,
            "PERSONALIZE_GITOPS": "personalize-gitops",
            "PLANS": "plans",
            **variables,
        }
        aws = folder / "bin" / "aws"
        aws.write_text(_AWS.format(log=self.folder / "aws.log", buckets=self.folder / "buckets"))
        aws.chmod(0o755)
        logs = ""
        for phase in content["phases"].values():
            script = folder / "script.sh"
            script.write_text("\n".join(phase["commands"]))
            code, log = self.shell.run([content["env"]["shell"], "-e", str(script)], environ, source)
            logs += log
            if code:
                break
        return code, logs
