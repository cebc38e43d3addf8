"""What the service accepts of a request, one module for each kind or family of kinds.

A rule takes plain values of the request, as they are on the wire, and yields problems at the paths of its members.
`lint` adds places in manifests, and the emulator refuses a request for the first error.
"""
