"""How clients reach an emulator, and with it S3, IAM and STS: in this process through moto, or over HTTP.

    moto_backend       puts the emulator in the place of moto's Personalize
    default_account    the account of unknown credentials, which moto takes from the process
    server             the HTTP server
    application        finds who answers a request, saves what it changed, and logs it
    http_body          the body of a request
    admin_api          the server's own requests: health, time, faults, reset
    origin             which web pages may send those
    request_log        a line for each request

Modules of this package import the class Emulator for annotations only, because its methods call them.
"""
