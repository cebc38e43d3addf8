"""How clients reach an emulator, and with it S3, IAM and STS: in this process through moto, or over HTTP.

    moto_backend       puts the emulator in the place of moto's Personalize
    default_account    the account of unknown credentials, which moto takes from the process
    server             the HTTP server
    admin_api          the server's own requests: health, time, faults, reset

Modules of this package import the class Emulator for annotations only, because its methods call them.
"""
