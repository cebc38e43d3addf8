"""The page of the server for a browser: what exists, the time, a form that asks for recommendations, and metrics.

    resources    what exists, by dataset group
    charts       the metrics of versions, as a drawing
    asking       the form, and the answer to it
    view         all of it as one HTML page, and the form that moves the clock

Each request gets a new page, made from frozen values and the template `page.html`. It needs neither scripts nor
anything from elsewhere.
"""
